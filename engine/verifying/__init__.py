"""Takes the folder of a run; gives whether it is what it says."""
