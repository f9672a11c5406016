"""Takes a score by a field; gives the run of each of its values."""
