"""What people have begun and not recorded yet: kept beside the log, their own, and gone in time."""
