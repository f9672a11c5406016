"""Takes two runs; gives the account of how a score came to be another, and its words."""
