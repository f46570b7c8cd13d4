"""Core's own pages."""

from typing import Any, Final

PAGES: Final[list[Any]] = []
