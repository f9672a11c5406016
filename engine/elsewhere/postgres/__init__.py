"""Takes records that lie in PostgreSQL; gives what of a run is worked out there."""
