"""Takes two runs, or two rulebooks over the same records; gives who is moved, and by what."""
