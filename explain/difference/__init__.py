"""Takes two versions of a rulebook; gives what is different, who is moved by it, and the words."""
