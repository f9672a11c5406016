"""Takes what was taken in and worked out on earlier days; gives it to the next run."""
