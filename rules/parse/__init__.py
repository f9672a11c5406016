"""Takes a source; gives its syntax tree, and every syntax mistake in it.

``parse.py`` is the way in. ``taking_in.py`` puts what a rulebook uses of other files in place of each ``use``.
"""
