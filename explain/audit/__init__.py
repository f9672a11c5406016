"""Takes what an audit found of a score; gives it as a document and as a page."""
