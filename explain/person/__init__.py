"""Takes a person's rows of the ledger; gives the parts of their explanation: facts, redone and without words."""
