"""Takes two checked rulebooks; gives what is different between them by meaning: what ``tally diff`` tells.

``diff.py`` is the way in, ``change.py`` names what it gives.
"""
