"""Takes a page; gives the scripts that it needs."""
