"""Bringing a sheet into the roll: a trial that changes nothing, mends in the page, then one act."""
