"""Takes a run, a person and what is imagined; gives the ledger as it would be."""
