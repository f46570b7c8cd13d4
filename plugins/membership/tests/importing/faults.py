"""Mistakes as people make them in a sheet, fifteen kinds: which cell, and what is typed in it instead."""

import datetime as dt
from collections.abc import Callable
from typing import Final, NamedTuple

from plugins.membership.tests.importing.files import Line

Typed = str | int


class Mistake(NamedTuple):
    """A mistake: in the cell of `key`, `typed` (from the row as it was right) stands."""

    name: str
    key: str
    typed: Callable[[Line], Typed]


def _year(line: Line, key: str) -> int:
    return int(str(line[key])[-4:])


MISTAKES: Final = (
    Mistake("a day that no month has", "born_on", lambda line: f"31/02/{_year(line, 'born_on')}"),
    Mistake("a year of two digits", "born_on", lambda line: str(line["born_on"])[:6] + str(line["born_on"])[8:]),
    Mistake("a month after the twelfth", "born_on", lambda line: f"01/13/{_year(line, 'born_on')}"),
    Mistake("a year alone", "admitted_on", lambda line: str(_year(line, "admitted_on"))),
    Mistake("a day to come", "admitted_on", lambda _: "01/01/2031"),
    Mistake("admitted before birth", "admitted_on", lambda line: f"01/01/{_year(line, 'born_on') - 1}"),
    Mistake("digits that are missing", "personal_id", lambda line: str(line["personal_id"])[:10]),
    Mistake("zeros that Excel has lost", "personal_id", lambda line: int(str(line["personal_id"])[2:])),
    Mistake("a letter for a zero", "personal_id", lambda line: str(line["personal_id"])[:-1] + "O"),
    Mistake("half an ID", "national_id", lambda _: "0f8fad5b-d9cb-469f"),
    Mistake("a cell that nobody knows", "cell", lambda _: "Chi bộ Mây Trắng"),
    Mistake("two answers", "sex", lambda _: "Nam/Nữ"),
    Mistake("an ethnic group of no list", "ethnic_group", lambda _: "Sao Hỏa"),
    Mistake("a state of no list", "status", lambda _: "Đang đi vắng"),
    Mistake("a sign that cannot be seen", "full_name", lambda line: "Lý\u200b" + str(line["full_name"])),
)
assert len(MISTAKES) == 15


def right(line: Line, mistake: Mistake) -> str:
    """What a person types to mend it; empty where the cell was empty."""
    value = line.get(mistake.key, "")
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
