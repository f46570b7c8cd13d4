"""Cells of the entry sheet to typed rows, and every fault that keeps the sheet out, by row and column."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final, Literal

from msgspec import Struct

from chibox.plugin import Invalid, search_key, words
from chibox_membership.sheet import values
from chibox_membership.sheet.columns import BY_KEY, COLUMNS, FIRST_ROW, Column, Kind
from chibox_membership.sheet.faults import MOST_FAULTS, Fault, Wrong
from chibox_membership.sheet.places import letters, number
from chibox_membership.sheet.secrecy import is_marked
from chibox_membership.sheet.values import Units
from chibox_membership.sheet.wire import Cell, Row, Table

Status = Literal["active", "exempt", "interrupted", "suspended", "transferred", "left_party", "deceased"]

_BEFORE_BIRTH: Final = words("Row {row}, column {column}: {day} lies before the birth, {born}.")
_BEFORE_JOINING: Final = words("Row {row}, column {column}: {day} lies before joining the Party, {joined}.")
_CARD_NEEDED: Final = words("Row {row}, column {column}: an official member has a party card number. Write it.")
_RECOGNITION_NEEDED: Final = words(
    "Row {row}, column {column}: with a party card number, the day of official recognition is needed. "
    "A probationary member has neither."
)
_BEYOND: Final = words("Row {row}, column {column}: the 4.0 sheet ends at column AE. Move or delete this cell.")
_UNIQUE: Final = {
    "national_id": words("Row {row}, column {column}: row {other} has the same ID."),
    "personal_id": words("Row {row}, column {column}: row {other} has the same personal number."),
    "card_number": words("Row {row}, column {column}: row {other} has the same party card number."),
    "old_card_number": words("Row {row}, column {column}: row {other} has the same old card number."),
}


class SheetRow(Struct, frozen=True, kw_only=True):
    """One member as the sheet tells: codes for words, dates for dates, None for what is empty. `row` as in Excel.

    `cell` is the id of a unit. Who has no `official_on` is probationary.
    """

    row: int
    national_id: str | None = None
    full_name: str
    other_name: str | None = None
    sex: Literal["male", "female"]
    born_on: date
    ethnic_group: str
    religion: str
    personal_id: str
    card_number: str | None = None
    card_place: str | None = None
    card_date: date | None = None
    old_card_number: str | None = None
    cell: str
    birth_place_country: str | None = None
    birth_place_province: str | None = None
    birth_place_detail: str | None = None
    home_place_country: str | None = None
    home_place_province: str | None = None
    home_place_detail: str | None = None
    residence_country: str | None = None
    residence_province: str | None = None
    residence_detail: str | None = None
    admitted_on: date
    official_on: date | None = None
    old_identity_number: str | None = None
    status: Status
    left_on: date | None = None
    delete_requested: bool | None = None
    check_result: str | None = None
    check_detail: str | None = None


class Checked(Struct, frozen=True):
    """What a sheet holds: rows without fault, and faults in the order of the sheet. `whole`: no row was left unread."""

    rows: list[SheetRow]
    faults: list[Fault]
    whole: bool = True


def units_by_name(units: Iterable[tuple[str, str]]) -> Units:
    """The map that `checked` wants, from names and ids; a unit may come under several names."""
    found: dict[str, list[str]] = {}
    for name, identity in units:
        ids = found.setdefault(search_key(name), [])
        if identity not in ids:
            ids.append(identity)
    return found


def checked(table: Table, units: Units, today: date) -> Checked:
    """Every row of the list with what is wrong in it; reads on after a fault, up to a thousand of them.

    Raises `Invalid` for a cell that is a mark of secrecy and nothing else: such a file does not belong in this box.
    Rows that are empty, or hold only their number, are left out.
    """
    _refuse_secrets(table)
    reader = _Reader(units, today)
    faults: list[Fault] = list(_outside(table))
    rows: list[SheetRow] = []
    for row in table.rows:
        if row.number < FIRST_ROW or row.cells.keys() <= {1}:
            continue
        if len(faults) >= MOST_FAULTS:
            return Checked(rows, sorted(faults, key=_place)[:MOST_FAULTS], whole=False)
        member, wrong = reader.read(row)
        faults += wrong
        if member:
            rows.append(member)
    if not rows and not faults:
        raise Invalid("The list is empty: no row from row 8 on holds anything.")
    return Checked(rows, sorted(faults, key=_place))


class _Reader:
    """Reads one row after another, and remembers the numbers that may not come twice."""

    def __init__(self, units: Units, today: date) -> None:
        self._seen: dict[str, dict[str, int]] = {key: {} for key in _UNIQUE}
        self._values: dict[Kind, Callable[[Cell, Column], Any]] = {
            **dict.fromkeys((Kind.SEX, Kind.ETHNIC_GROUP, Kind.RELIGION, Kind.STATUS), _code),
            Kind.TEXT: lambda cell, _: values.text(cell) or None,
            Kind.DATE: lambda cell, _: values.day(cell, today),
            Kind.UUID: lambda cell, _: values.uuid(cell),
            Kind.DIGITS: values.digits,
            Kind.UNIT: lambda cell, _: values.unit(cell, units),
            Kind.ANSWER: lambda cell, column: {"yes": True, "no": False}.get(values.code(cell, column.kind) or ""),
        }

    def read(self, row: Row) -> tuple[SheetRow | None, list[Fault]]:
        """The row, or what is wrong in it."""
        faults = [Wrong(_BEYOND).at(row.number, letters(place), "") for place in row.cells if place > len(COLUMNS)]
        found: dict[str, Any] = {}
        for place, column in enumerate(COLUMNS, 1):
            if column.kind is not Kind.ORDER:
                try:
                    found[column.key] = self._value(row.cells.get(place), column)
                except Wrong as wrong:
                    faults.append(wrong.at(row.number, column.letter, column.key))
        faults += [wrong.at(row.number, BY_KEY[key].letter, key) for key, wrong in _disagreeing(found)]
        faults += self._again(row.number, found)
        return (None if faults else SheetRow(row=row.number, **found)), faults

    def _value(self, cell: Cell | None, column: Column) -> Any:
        if cell and cell.formula:
            raise Wrong(words("Row {row}, column {column}: the cell is a formula. Copy it and paste its value."))
        if cell and cell.kind == "error":
            raise Wrong(words("Row {row}, column {column}: the cell shows the error {error}.", error=cell.text))
        value = self._values[column.kind](cell, column) if cell else None
        if value is None and column.required:
            raise Wrong(words("Row {row}, column {column}: {label} is needed.", label=column.label))
        return value

    def _again(self, row: int, found: dict[str, Any]) -> Iterator[Fault]:
        for key, seen in self._seen.items():
            if value := found.get(key):
                other = seen.setdefault(value, row)
                if other != row:
                    yield Wrong(_UNIQUE[key], other=str(other)).at(row, BY_KEY[key].letter, key)


def _code(cell: Cell, column: Column) -> str | None:
    return values.code(cell, column.kind)


def _disagreeing(found: dict[str, Any]) -> Iterator[tuple[str, Wrong]]:
    """What no charter allows: days before their beginning, a card without recognition or the other way round."""
    born, joined = found.get("born_on"), found.get("admitted_on")
    if born and joined and joined < born:
        yield "admitted_on", Wrong(_BEFORE_BIRTH, day=joined, born=born)
    for key in ("official_on", "left_on"):
        if joined and (day := found.get(key)) and day < joined:
            yield key, Wrong(_BEFORE_JOINING, day=day, joined=joined)
    if "card_number" in found and "official_on" in found:
        card, official = found["card_number"], found["official_on"]
        if official and not card:
            yield "card_number", Wrong(_CARD_NEEDED)
        if card and not official:
            yield "official_on", Wrong(_RECOGNITION_NEEDED)


def _outside(table: Table) -> Iterator[Fault]:
    """Cells that the list does not have: far to the right, or merged so that one value seems to hold for several rows."""
    if table.beyond:
        column, row = table.beyond.rstrip("0123456789"), int(table.beyond.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        yield Wrong(_BEYOND).at(row, column, "")
    for first, last, ref in table.merged:
        if last >= FIRST_ROW:
            place = ref.partition(":")[0].rstrip("0123456789")
            yield Wrong(words("Row {row}, column {column}: the cells {ref} are merged. Unmerge them.", ref=ref)).at(
                first, place, ""
            )


def _place(fault: Fault) -> tuple[int, int]:
    return fault.row, number(fault.column)


def _refuse_secrets(table: Table) -> None:
    for row in table.rows:
        for place, cell in row.cells.items():
            if is_marked(cell.text):
                raise Invalid(
                    "Row {row}, column {column} bears a mark of secrecy. State secrets do not belong in this box: "
                    "take the file off this network.",
                    row=str(row.number),
                    column=letters(place),
                )
