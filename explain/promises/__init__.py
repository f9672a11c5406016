"""Takes what became of a rulebook's promises; gives it as a part of documents, and its words."""
