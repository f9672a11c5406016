"""Takes a rulebook; gives the query that scores by it, step by step."""
