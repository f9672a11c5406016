"""Takes records as they come from elsewhere; gives them flat, with an account of what was read, skipped and why."""
