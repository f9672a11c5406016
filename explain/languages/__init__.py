"""Takes sentences in English; gives them in another language."""
