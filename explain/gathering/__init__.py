"""Takes the account of records read from elsewhere; gives it as a document and as a page."""
