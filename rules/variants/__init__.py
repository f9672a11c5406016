"""Takes a checked rulebook; gives another made of it: as on a day, with another value, or with a safeguard."""
