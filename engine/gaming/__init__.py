"""Takes a rulebook; gives what can be made of it with imagined records: attacks, and promises refuted."""
