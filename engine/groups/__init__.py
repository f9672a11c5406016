"""Takes a run and who belongs to which group; gives how each group fares."""
