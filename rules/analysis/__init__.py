"""Takes a checked rulebook; gives what follows from its form alone: how far a score can be moved, and by what."""
