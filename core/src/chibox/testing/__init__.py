"""What the tests of core and of every plugin are made of: a clock, a commune, a box in a folder."""
