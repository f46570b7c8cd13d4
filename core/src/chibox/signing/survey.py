"""What is here of the log held against what ever left the box: how far both agree, and where they part."""

from typing import NamedTuple

from chibox.errors import Fatal, NotFound
from chibox.records.log import LogReader
from chibox.records.roots import root_at
from chibox.signing.mark import HighWater, Marked


class Survey(NamedTuple):
    """`size` entries, with `root`, are common to the log here and to whatever left it: a next generation goes on from there.

    `ahead`: the largest checkpoint that left and is larger than the log here, of each generation, newest first; `forked`: the
    largest one whose entries are others here.
    """

    size: int
    root: bytes
    ahead: tuple[Marked, ...] = ()
    forked: Marked | None = None

    @property
    def behind(self) -> Marked | None:
        """The largest checkpoint that left and is larger than the log here."""
        return self.ahead[0] if self.ahead else None

    @property
    def orphans(self) -> tuple[bytes, ...]:
        """The notes that the log here does not go on from."""
        return tuple(dict.fromkeys(mark.note for mark in (*self.ahead, self.forked) if mark is not None))


def survey(reader: LogReader, mark: HighWater) -> Survey:
    """Hold the end of the log that `reader` reads against the marks, newest first, until one agrees.

    It reads a few tiles a mark. Where none agrees, what the generation took over at its beginning is what is common.
    """
    head, first = reader.head(), reader.lineage.first_of(reader.lineage.generation)
    ahead: dict[int, Marked] = {}
    forked: Marked | None = None
    for one in reversed(mark.marks):
        if one.generation < head.generation:
            break
        if (one.generation, one.size) > (head.generation, head.size):
            ahead.setdefault(one.generation, one)
        elif _root(reader, one.size) != one.root:
            forked = forked or one
        elif forked is None:
            break
        else:
            return Survey(one.size, one.root, tuple(ahead.values()), forked)
    if forked is None:
        return Survey(head.size, head.root, tuple(ahead.values()), None)
    return Survey(first, _root(reader, first) or b"", tuple(ahead.values()), forked)


def _root(reader: LogReader, size: int) -> bytes | None:
    """None where the stored tiles are damaged so that no root can be found: then nothing here agrees with anything."""
    try:
        return root_at(reader, size)
    except (NotFound, Fatal, ValueError):
        return None
