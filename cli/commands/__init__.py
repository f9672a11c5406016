"""Takes nothing; holds the commands of ``tally``, one module each."""
