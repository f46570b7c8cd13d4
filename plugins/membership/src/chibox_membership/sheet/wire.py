"""What the reading process is told and what it answers: plain structs, bounded, packed by msgspec."""

from typing import Final, Literal

from msgspec import Struct, msgpack

KEPT_COLUMNS: Final = 64


class Limits(Struct, frozen=True, kw_only=True):
    """What a workbook may cost. Sizes in bytes, times in seconds; each limit has its own sentence."""

    file: int = 20_000_000
    parts: int = 2_000
    part: int = 160_000_000
    unpacked: int = 320_000_000
    strings: int = 1_000_000
    string_signs: int = 32_000_000
    sheets: int = 50
    rows: int = 20_000
    last_row: int = 100_000
    cell: int = 32_767
    answer: int = 16_000_000
    depth: int = 64
    token: int = 1 << 20
    memory: int = 300_000_000
    cpu: int = 30
    wall: int = 60


CellKind = Literal["text", "number", "date", "moment", "time", "truth", "error"]


class Cell(Struct, frozen=True, array_like=True):
    """A cell that holds a value: `text` as the file has it, a date as YYYY-MM-DD, a moment with its time."""

    kind: CellKind
    text: str
    formula: bool = False


class Row(Struct, frozen=True, array_like=True):
    """A row that holds a value, and its cells by column, counted from 1."""

    number: int
    cells: dict[int, Cell]


class Table(Struct, frozen=True):
    """One visible sheet: rows with a value in order, hidden ones among them, merged ranges as (first row, column, ref).

    `beyond` names the first cell with a value that lies to the right of what is kept.
    """

    name: str
    rows: list[Row]
    hidden: list[int]
    merged: list[tuple[int, int, str]]
    beyond: str | None = None


class Workbook(Struct, frozen=True, tag="workbook"):
    """Every visible sheet, in order."""

    tables: list[Table]


class Refusal(Struct, frozen=True, tag="refusal"):
    """Why the file cannot be read: a sentence and its parameters; a whole number among them is a count."""

    msgid: str
    params: dict[str, str | int]


class Unreadable(Exception):
    """The file cannot be read; raised in the reading process and answered as its `Refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(refusal.msgid)


def words(msgid: str, /, **params: str | int) -> Refusal:
    """A sentence of the reading process, which loads nothing of core; named as core's is, for who collects msgids."""
    return Refusal(msgid, params)


def packed(answer: Workbook | Refusal) -> bytes:
    """The answer as it goes through the pipe."""
    return msgpack.encode(answer)


def unpacked(answer: bytes) -> Workbook | Refusal:
    """The answer that came; raises `msgspec.MsgspecError` for anything else."""
    return msgpack.decode(answer, type=Workbook | Refusal)
