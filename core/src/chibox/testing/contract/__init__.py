"""The contract that every plugin keeps, as tests: `test_contract = contract("garden")` in a plugin's own tests runs them all."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from chibox.testing.contract.code import CODE
from chibox.testing.contract.commands import COMMANDS
from chibox.testing.contract.folds import FOLDS
from chibox.testing.contract.held import HELD
from chibox.testing.contract.kinds import KINDS
from chibox.testing.contract.sealed import SEALED, check_swap
from chibox.testing.contract.subject import Check, Subject, installed, subject

__all__ = ["CHECKS", "Check", "Subject", "check_swap", "contract", "installed", "subject"]

CHECKS: Final[tuple[Check, ...]] = (*KINDS, *FOLDS, *COMMANDS, *SEALED, *HELD, *CODE)
"""Functions (plugin) -> its faults, one line each."""


def contract(*names: str) -> Callable[..., Any]:
    """A test, to be bound to a name in a test module: each check on each of these installed plugins (all, if none is named).

    A plugin that is not installed, or is broken, fails it.
    """

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    @pytest.mark.parametrize("name", names or installed())
    def test(name: str, check: Check) -> None:
        """The plugin keeps this line of its contract."""
        faults = check(subject(name))
        assert not faults, "\n".join(faults)

    kept: Callable[..., Any] = test
    return kept
