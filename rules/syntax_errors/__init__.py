"""Takes facts about what does not parse; gives diagnostics: all words about syntax are in this folder."""
