"""Takes how a score can be gamed; gives it as a document, in words and as a page."""
