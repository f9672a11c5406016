"""Takes a run; gives the pages and documents that are published of it."""
