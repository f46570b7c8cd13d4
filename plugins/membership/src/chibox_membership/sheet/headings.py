"""Finds the list of members in a workbook, and which column holds what, by the headings, wherever they stand."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from msgspec import Struct

from chibox.plugin import Invalid, nfc
from chibox_membership.sheet.codes import folded
from chibox_membership.sheet.columns import BY_KEY, COLUMNS, NATIONAL
from chibox_membership.sheet.places import letters, number
from chibox_membership.sheet.separated import NAME as CSV
from chibox_membership.sheet.separated import SEPARATORS
from chibox_membership.sheet.wire import KEPT_COLUMNS, Row, Table, Workbook

_SEARCHED: Final = 20
_SHOWN: Final = 60
_LONGEST: Final = 200  # characters of a heading that could be known
_FEWEST: Final = 2
_MOST_MERGED: Final = 2_000
_SIGNS: Final = re.compile(r"[^\w]+")  # stars, brackets, slashes and line breaks tell no heading apart
_NUMBERING: Final = re.compile(r"\(?(?:[0-9]{1,2}|[A-Z]{1,2})\)?")
_TELLING: Final = ("national_id", "personal_id", "card_number", "born_on")
"""One of these beside the name makes a list one of members."""


class Layout(Struct, frozen=True):
    """A list of members: its sheet, the key of each column by its place, its first row, headings that mean nothing here."""

    table: Table
    columns: dict[int, str]
    first_row: int
    unread: tuple[str, ...] = ()
    """The headings; of a column that has none its letters."""

    def merged(self) -> dict[int, dict[int, str]]:
        """By row, then by place: every cell of the list in a merged range, whose one value would hold for several cells.

        Raises Invalid for more of them than a person would want to mend here.
        """
        found: dict[int, dict[int, str]] = {}
        rows = [row.number for row in self.table.rows if row.number >= self.first_row]
        count = 0
        for first, end, ref in self.table.merged:
            ends = [number(part.rstrip("0123456789")) for part in ref.split(":")]
            places = [place for place in range(ends[0], min(ends[-1], KEPT_COLUMNS) + 1) if place in self.columns]
            if not places:
                continue
            for row in rows[bisect_left(rows, first) : bisect_right(rows, end)]:
                count += len(places)
                if count > _MOST_MERGED:
                    raise Invalid("In this list many cells are merged. Unmerge them in Excel and send it again.")
                found.setdefault(row, {}).update(dict.fromkeys(places, ref))
        return found


class _Headed(Struct):
    """What a sheet's headings say when they are read from one row, or from two."""

    table: Table
    row: int
    lines: int
    columns: dict[int, str]
    twice: tuple[int, int] | None
    unread: dict[int, str]


def layout(book: Workbook) -> Layout:
    """The list of a workbook. Raises Invalid, with a sentence, when there is none, or more than one."""
    found = [headed for table in book.tables if (headed := _best(table)) is not None]
    lists = [headed for headed in found if _is_list(headed)]
    if len(lists) > 1:
        raise Invalid(
            "Sheets “{one}” and “{other}” are both lists of members. Keep one and send it again.",
            one=lists[0].table.name,
            other=lists[1].table.name,
        )
    if not lists:
        raise _no_list(found)
    one = lists[0]
    if one.twice:
        raise Invalid(
            "Columns {one} and {other} have the same heading, “{label}”. Keep one of them and send it again.",
            one=letters(one.twice[0]),
            other=letters(one.twice[1]),
            label=BY_KEY[one.columns[one.twice[0]]].label,
        )
    first = _first_row(one)
    if one.table.name == CSV:
        _refuse_stray(one, first)
    filled = {place for row in one.table.rows if row.number >= first for place in row.cells}
    unread = [one.unread.get(place) or letters(place) for place in sorted(filled - one.columns.keys())]
    beyond = () if one.table.beyond is None else (one.table.beyond.rstrip("0123456789"),)
    return Layout(one.table, one.columns, first, (*unread, *beyond))


def _is_list(headed: _Headed) -> bool:
    keys = set(headed.columns.values())
    return "full_name" in keys and not keys.isdisjoint(_TELLING)


def _no_list(found: list[_Headed]) -> Invalid:
    named = next((headed for headed in found if "full_name" in headed.columns.values()), None)
    if named is not None:
        return Invalid(
            "Sheet “{sheet}” has names, but no column with a personal number, a card number or a birth date.",
            sheet=named.table.name,
        )
    return Invalid(
        "No sheet of this file is a list of members: none has the heading “{label}” near its top.",
        label=BY_KEY["full_name"].heading[0].removesuffix(" *"),
    )


def _best(table: Table) -> _Headed | None:
    """The row, or the two, in which most headings are known; None when fewer than two are."""
    rows = {row.number: row for row in table.rows if row.number <= _SEARCHED}
    tries = [_headed(table, rows, at, lines) for at in rows for lines in (1, 2)]
    best = max(tries, key=lambda one: (len(one.columns), -one.lines, -one.row), default=None)
    return None if best is None or len(best.columns) < _FEWEST else best


def _headed(table: Table, rows: Mapping[int, Row], at: int, lines: int) -> _Headed:
    upper, lower = rows[at], rows.get(at + 1) if lines > 1 else None
    columns: dict[int, str] = {}
    places: dict[str, int] = {}
    unread: dict[int, str] = {}
    twice: tuple[int, int] | None = None
    for place, group, above, below in _labels(upper, lower):
        key = _key(group, above, below)
        if key is None:
            unread[place] = _shown(above, below)
        elif key in places:
            twice = twice or (places[key], place)
        else:
            columns[place], places[key] = key, place
    return _Headed(table, at, lines, columns, twice, unread)


def _labels(upper: Row, lower: Row | None) -> Iterator[tuple[int, str, str, str]]:
    """Place, group (the last heading above, to its left), the heading itself, the one below it."""
    group = ""
    for place in sorted(upper.cells.keys() | (lower.cells.keys() if lower else set())):
        above = upper.cells[place].text if place in upper.cells else ""
        below = lower.cells[place].text if lower and place in lower.cells else ""
        group = above or group
        if above or below:
            yield place, group, above, below


def _key(group: str, above: str, below: str) -> str | None:
    """The key of a column, None for a heading that nobody knows."""
    known = _known()
    if max(len(group), len(above), len(below)) > _LONGEST:
        return None
    if below:
        return known.get(_folded(f"{group} {below}")) or (None if above else known.get(_folded(below)))
    return known.get(_folded(above))


@cache
def _known() -> dict[str, str]:
    """Every heading that is known, folded, and its key; those of two rows with the upper one before."""
    found: dict[str, str] = {}
    group = ""
    for column in COLUMNS:
        upper, lower = column.heading
        group = upper or group
        groups = [group, *NATIONAL["also_grouped"].get(group, ())] if lower else [""]
        for written in (lower or upper, *column.also):
            for each in groups:
                found[_folded(f"{each} {written}")] = column.key
    for key, alone in NATIONAL["headed_alone"].items():
        found |= {_folded(heading): key for heading in alone}
    return found


def _first_row(headed: _Headed) -> int:
    """The row below the headings, and below a row that only counts the columns."""
    first = headed.row + headed.lines
    row = next((row for row in headed.table.rows if row.number == first), None)
    texts = [cell.text.strip() for cell in row.cells.values()] if row else []
    counts = len(texts) > _FEWEST and all(_NUMBERING.fullmatch(text) for text in texts)
    return first + 1 if counts else first


def _refuse_stray(headed: _Headed, first: int) -> None:
    """In a text file a record wider than the headings, or one that nothing parts, shows that a sign went astray."""
    widest = max(headed.columns.keys() | headed.unread.keys())
    wide = {row.number: max(row.cells) for row in headed.table.rows if row.number >= first}
    if headed.table.beyond is not None and widest < KEPT_COLUMNS:
        column = headed.table.beyond.rstrip("0123456789")
        wide[int(headed.table.beyond.removeprefix(column))] = number(column)
    whole = (
        row.number for row in headed.table.rows
        if row.number in wide and wide[row.number] == 1 and sum(map(row.cells[1].text.count, SEPARATORS)) >= _FEWEST
    )  # fmt: skip
    stray = min((*(row for row, count in wide.items() if count > widest), *whole), default=None)
    if stray is not None:
        raise Invalid(
            "Row {row} has {count} fields, the headings have {headings}. Look for a stray separator or quote.",
            row=str(stray), count=wide[stray], headings=widest,
        )  # fmt: skip


def _shown(above: str, below: str) -> str:
    return " / ".join(" ".join(text.split()) for text in (above, below) if text)[:_SHOWN]


def _folded(heading: str) -> str:
    return " ".join(folded(_SIGNS.sub(" ", nfc(heading))).split())
