"""Takes a syntax tree; gives its one canonical layout: what ``tally fmt`` writes.

``format.py`` is the way in. ``checked.py`` writes parts of a checked rulebook in the same words.
"""
