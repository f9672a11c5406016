"""Takes an explanation or a rulebook, and what a law asks; gives what is there for each clause, and what is missing."""
