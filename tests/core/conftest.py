"""Boxes with toys, for tests of the flow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.toys import RAISING, toy_plugins

from chibox.testing.boxes import Sandbox, sandbox


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Sandbox]:
    """A box with toys."""
    with sandbox(tmp_path / "box", toy_plugins()) as opened:
        yield opened
    RAISING.clear()


@pytest.fixture
def clerk(made: Sandbox) -> str:
    """Who may make toys."""
    return made.someone("clerk")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One box for many examples."""
    with sandbox(tmp_path_factory.mktemp("shared") / "box", toy_plugins()) as opened:
        yield opened
