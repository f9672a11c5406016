"""Takes a part of an explanation; gives the sentences that say it."""
