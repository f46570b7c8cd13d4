"""The fixtures that a plugin author gets by installing chibox."""
