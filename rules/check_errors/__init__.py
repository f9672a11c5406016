"""Takes what the checker found out; gives its words as diagnostics, one function for each mistake, by theme."""
