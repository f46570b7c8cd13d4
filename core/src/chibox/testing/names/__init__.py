"""The words that synthetic people and places are made of, as data; Vietnamese by nature, invented or common."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(name: str) -> Mapping[str, Any]:
    """The tables of `<name>.toml` of this folder."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def listed(line: str) -> list[str]:
    """The names of one line: separated by blanks, their own blanks written as low lines."""
    return [name.replace("_", " ") for name in line.split()]
