"""Takes the part of a query over records; has it worked out where the records lie."""
