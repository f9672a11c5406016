"""Takes a rulebook; gives the public guide to it: how each measure and rule works for anyone."""
