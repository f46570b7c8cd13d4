"""One row of a list to typed values, with every fault that stands in the row itself, by its column."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from msgspec import Struct

from chibox.plugin import Invalid, words
from chibox_membership.sheet import values
from chibox_membership.sheet.columns import BY_KEY, Column, Kind
from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.headings import Layout
from chibox_membership.sheet.places import letters, number
from chibox_membership.sheet.secrecy import is_marked
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Cell, Row, Table

Status = Literal["active", "exempt", "interrupted", "suspended", "transferred", "left_party", "deceased"]
RUNNING: Final = "number"
"""The column of running numbers says nothing of a member."""

_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""As Excel writes them into a text file."""
_BEFORE_BIRTH: Final = words("Row {row}, column {column}: {day} lies before the birth, {born}.")
_BEFORE_JOINING: Final = words("Row {row}, column {column}: {day} lies before joining the Party, {joined}.")


class SheetRow(Struct, frozen=True, kw_only=True):
    """One member as a row tells: codes for words, dates for dates, None for what is empty. `row` as in Excel.

    `cell` is the id of a unit. `member`: the clerk said that it is about this member; `is_new`: that it is about nobody of
    the roll.
    """

    row: int
    national_id: str | None = None
    full_name: str | None = None
    other_name: str | None = None
    sex: Literal["male", "female"] | None = None
    born_on: date | None = None
    ethnic_group: str | None = None
    religion: str | None = None
    personal_id: str | None = None
    card_number: str | None = None
    card_place: str | None = None
    card_date: date | None = None
    old_card_number: str | None = None
    cell: str | None = None
    birth_place_country: str | None = None
    birth_place_province: str | None = None
    birth_place_detail: str | None = None
    home_place_country: str | None = None
    home_place_province: str | None = None
    home_place_detail: str | None = None
    residence_country: str | None = None
    residence_province: str | None = None
    residence_detail: str | None = None
    admitted_on: date | None = None
    official_on: date | None = None
    old_identity_number: str | None = None
    status: Status | None = None
    left_on: date | None = None
    delete_requested: bool | None = None
    check_result: str | None = None
    check_detail: str | None = None
    member: str | None = None
    is_new: bool = False


class ReadRow(Struct, frozen=True):
    """A row: its sound values by key (empty cells are not in it), and its faults in the order of its columns."""

    row: int
    values: dict[str, Any]
    faults: tuple[Fault, ...]


class RowReader:
    """Reads rows of one list, each by itself. `letters`: of each column of the file by its key."""

    def __init__(self, columns: Mapping[int, str], units: Units, today: date) -> None:
        self._columns = [
            (place, BY_KEY[key]) for place, key in sorted(columns.items()) if BY_KEY[key].kind is not Kind.ORDER
        ]
        self.letters = {key: letters(place) for place, key in columns.items()}
        self._values: dict[Kind, Callable[[Cell, Column], Any]] = {
            **dict.fromkeys((Kind.SEX, Kind.ETHNIC_GROUP, Kind.RELIGION, Kind.STATUS), _code),
            Kind.TEXT: lambda cell, _: values.text(cell) or None,
            Kind.DATE: lambda cell, _: values.day(cell, today),
            Kind.UUID: lambda cell, _: values.uuid(cell),
            Kind.DIGITS: values.digits,
            Kind.UNIT: lambda cell, _: values.unit(cell, units),
            Kind.ANSWER: lambda cell, column: {"yes": True, "no": False}.get(values.code(cell, column.kind) or ""),
        }

    def read(self, row: Row, mends: Mapping[str, str], merged: Mapping[int, str]) -> ReadRow:
        """The row; what a person wrote instead of a cell (by key) is read as text, "" as an empty cell. `merged`: see `Layout`.

        Raises nothing: whatever stands in a cell is a value or a fault.
        """
        faults: list[Fault] = []
        found: dict[str, Any] = {}
        for place, column in self._columns:
            cell = row.cells.get(place)
            if column.key in mends:
                cell = Cell("text", mends[column.key])
            elif ref := merged.get(place):
                wrong = Wrong(words("Row {row}, column {column}: the cells {ref} are merged. Unmerge them.", ref=ref))
                faults.append(wrong.at(row.number, letters(place), column.key, cell.text if cell else ""))
                continue
            if cell is not None:
                self._take(row.number, column, place, cell, found, faults)
        for key in BY_KEY.keys() & mends.keys() - self.letters.keys():  # a column that the file does not have
            self._take(row.number, BY_KEY[key], number(BY_KEY[key].letter), Cell("text", mends[key]), found, faults)
        for key, wrong in disagreeing(found):
            letter = self.letters.get(key, BY_KEY[key].letter)
            faults.append(wrong.at(row.number, letter, key, values.typed(found[key])))
        return ReadRow(row.number, found, tuple(faults))

    def _take(
        self, row: int, column: Column, place: int, cell: Cell, found: dict[str, Any], faults: list[Fault]
    ) -> None:
        try:
            value = self._value(cell, column)
        except Wrong as wrong:
            faults.append(wrong.at(row, letters(place), column.key, cell.text))
        else:
            if value is not None:
                found[column.key] = value

    def _value(self, cell: Cell, column: Column) -> Any:
        if cell.formula:
            raise Wrong(words("Row {row}, column {column}: the cell is a formula. Copy it and paste its value."))
        if cell.kind == "error" or cell.text in _ERRORS:
            raise Wrong(words("Row {row}, column {column}: the cell shows the error {error}.", error=cell.text))
        return self._values[column.kind](cell, column)


def list_rows(layout: Layout) -> Iterator[Row]:
    """The rows of the list: those in which more than the running number stands. Raises Invalid for a list without any."""
    known = {place for place, key in layout.columns.items() if key != RUNNING}
    any_row = False
    for row in layout.table.rows:
        if row.number >= layout.first_row and row.cells.keys() & known:
            any_row = True
            yield row
    if not any_row:
        raise Invalid("The list is empty: no row below the headings holds anything.")


def refuse_secrets(table: Table) -> None:
    """Raises Invalid for a cell that is a mark of secrecy and nothing else: such a file does not belong in this box."""
    for row in table.rows:
        for place, cell in row.cells.items():
            if is_marked(cell.text):
                raise Invalid(
                    "Row {row}, column {column} bears a mark of secrecy. State secrets do not belong in this box: "
                    "take the file off this network.",
                    row=str(row.number),
                    column=letters(place),
                )


def _code(cell: Cell, column: Column) -> str | None:
    return values.code(cell, column.kind)


def disagreeing(found: Mapping[str, Any]) -> Iterator[tuple[str, Wrong]]:
    """Days before their beginning, by the key of the later column."""
    born, joined = found.get("born_on"), found.get("admitted_on")
    if born and joined and joined < born:
        yield "admitted_on", Wrong(_BEFORE_BIRTH, day=joined, born=born)
    for key in ("official_on", "left_on"):
        if joined and (day := found.get(key)) and day < joined:
            yield key, Wrong(_BEFORE_JOINING, day=day, joined=joined)
