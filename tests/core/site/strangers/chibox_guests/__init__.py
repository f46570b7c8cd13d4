"""A stranger's plugin: guests of a unit."""
