"""Takes records that Spark reads; gives what of a run is worked out there."""
