"""Takes the compiled query, in DuckDB's words; gives it in those of another database."""
