"""Signing: the mark of what left, why a box does not sign, its generations and its keys."""
