"""The sending half, as a test needs it: pushes made from a box's own log."""

from collections.abc import Callable, Iterable
from typing import Any

from chibox.errors import Refused
from chibox.records.log import LogReader
from chibox.records.parts import Part
from chibox.records.proofs import consistency_proof, read_from_tiles
from chibox.records.tiles import WIDTH, Tile
from chibox.replication.children import Child
from chibox.replication.receive import Push, receive
from chibox.testing.boxes import Sandbox

Withheld = Callable[[int], bool]


def child_of(made: Sandbox) -> Child:
    """What a parent is told of this box when it is enrolled."""
    return Child(made.box.id, made.box.name, made.box.key)


def nothing(position: int) -> bool:
    """Every part is given."""
    return False


def push_of(
    made: Sandbox, first: int, end: int | None = None, *, signed: int = 0, without: Withheld = nothing, **more: Any
) -> Push:
    """The entries from `first` to before `end`, after a checkpoint of `signed` entries was sent."""
    with made.box.database.reading() as connection:
        reader = LogReader(connection)
        head = reader.head()
        last = head.size if end is None else end
        proof = proofs(reader, head.size)
        entries = [(data, parts) for _, data, parts in reader.entries(first, last)]
        return Push(
            checkpoint=head.note,
            first=first,
            entries=[data for data, _ in entries],
            parts=[{} if without(first + n) else parts for n, (_, parts) in enumerate(entries)],
            grown=proof(signed, head.size) if signed else (),
            reach=proof(last, head.size),
            **more,
        )


def proofs(reader: LogReader, size: int) -> Callable[[int, int], list[bytes]]:
    """Consistency proofs from the tiles of a log."""

    def tile(level: int, n: int) -> bytes:
        full, width = divmod(size >> (8 * level), WIDTH)
        return reader.tile(Tile(level, n, WIDTH if n < full else width))

    return lambda old, new: consistency_proof(old, new, read_from_tiles(tile))


def parts_of(made: Sandbox, positions: Iterable[int]) -> dict[int, dict[str, Part]]:
    """The parts of some entries, as they are sent later."""
    with made.box.database.reading() as connection:
        reader = LogReader(connection)
        return {position: reader.parts(position) for position in positions}


def dump(made: Sandbox) -> list[str]:
    """Every byte of the database that a statement can see."""
    return list(made.box.database.writer.iterdump())


def refused(made: Sandbox, box: str, wrong: Push) -> Refused:
    """Have a push refused: nothing is left of it, and the writer lives."""
    before = dump(made)
    error = receive(made.box, box, wrong).exception(10)
    assert isinstance(error, Refused), error
    assert dump(made) == before
    assert made.box.writer.failed is None
    return error
