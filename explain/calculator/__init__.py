"""Takes a rulebook; gives the program from which a page works out what other figures would bring."""
