"""Takes a person and what could be otherwise; gives what would come of it, and its words."""
