"""Replication between boxes: what a child sends is verified to the last byte, kept as it came, and folded by the same folds."""
