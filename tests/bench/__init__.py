"""The goals of speed, measured as ratios: `make bench`."""
