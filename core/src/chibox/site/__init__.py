"""Core's own site: who asks, what they may see, the pages of the box itself, and the API of every command."""
