"""Takes what checking runs found; gives it as a document, in words and as a page."""
