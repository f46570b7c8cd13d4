"""chibox: the box of a party committee. Plugins import `chibox.plugin`, and nothing else of this package."""

__version__ = "26.12.0"
