"""Takes several definitions of a score over the same people; gives them as a document and as a page."""
