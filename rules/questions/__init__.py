"""Takes a checked rulebook; gives the answer to one question about it, such as what reads a measure."""
