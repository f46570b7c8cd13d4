"""The dated tree of party organisations, and the rule book."""
