"""Takes nothing; names what an explanation is made of: facts, without words."""
