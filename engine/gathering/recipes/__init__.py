"""Takes nothing; holds the mappings for ``tally read`` that come with Tallystick."""
