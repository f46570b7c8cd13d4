"""Any source that answers like a log is verified by the same checks, and whatever it raises is a finding."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verify.make_log import Log, make

from chibox.errors import Fatal
from chibox.records.tiles import Bundle, Tile
from chibox.records.verify import verify_entries

LOG = make(300)


class Memory:
    """A log in memory, as a box's database answers: it keeps no partial tile of level 0."""

    def __init__(self, log: Log, broken: str = "", error: Exception | None = None) -> None:
        self.files = {name.partition("/")[2]: data for name, data in log.files().items()}
        self.files = {name: data for name, data in self.files.items() if not name.startswith("tile/0/001.p")}
        self.broken = broken
        self.error = error

    def get(self, name: str) -> bytes | None:
        """The file of that name."""
        if self.error is not None and name == self.broken:
            raise self.error
        return self.files.get(name)

    def checkpoint(self) -> bytes | None:
        """See Source."""
        return self.get("checkpoint")

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        return self.get(bundle.path)

    def tile(self, tile: Tile, /) -> bytes | None:
        """See Source."""
        return self.get(tile.path)

    def parts(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        return self.get(bundle.part_path)

    def keeps(self, tile: Tile, /) -> bool:
        """See Source."""
        return tile.level > 0 or tile.width == 256

    def left_over(self) -> Iterable[str]:
        """See Source."""
        return ()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_damage_is_a_traceback_and_none_passes(draw: st.DataObject) -> None:
    """Several stretches of several files overwritten, cut or doubled at once: a report each time, and a refusal."""
    source = Memory(LOG)
    sound = dict(source.files)
    for _ in range(draw.draw(st.integers(1, 3))):
        name = draw.draw(st.sampled_from(sorted(sound)))
        data = source.files[name]
        at = draw.draw(st.integers(0, len(data)))
        new = draw.draw(st.binary(max_size=12))
        gone = draw.draw(st.sampled_from([0, len(new), 40, len(data)]))
        source.files[name] = data[:at] + new + data[at + gone :]
    key = draw.draw(st.sampled_from([LOG.key.vkey, None]))
    assert verify_entries(source, key=key).ok == (source.files == sound)


def test_a_source_without_partial_tiles_is_verified() -> None:
    """What it does not keep is computed from the entries; key, older checkpoint and receipt go as with a folder."""
    report = verify_entries(Memory(LOG), key=LOG.key.vkey, seen=[LOG.note(290)], receipt=LOG.receipt([295]))
    assert report.findings == []
    assert (report.figures[0].log, report.figures[0].entries, report.figures[0].tiles) == ("log", 300, 2)


def test_a_changed_entry_beyond_the_tiles_is_told_by_the_root() -> None:
    """Where no tile says which entry it was, the root says that one was changed."""
    log = make(300)
    source = Memory(log)
    source.files["tile/entries/001.p/44"] = source.files["tile/entries/001.p/44"].replace(b'"by":"', b'"by":"', 1)
    at = source.files["tile/entries/001.p/44"].index(b'"by":"') + 6
    data = source.files["tile/entries/001.p/44"]
    source.files["tile/entries/001.p/44"] = data[:at] + (b"a" if data[at : at + 1] != b"a" else b"b") + data[at + 1 :]
    found = verify_entries(source, key=log.key.vkey).findings
    assert "checkpoint" in [one.where for one in found]


@pytest.mark.parametrize(
    "error", [OSError("disk"), ValueError("odd"), Fatal("the stored {what} was changed", what="x")]
)
@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("checkpoint", "checkpoint"),
        ("tile/entries/000", "tile/entries/000"),
        ("tile/0/000", "tile/0/000"),
        ("tile/1/000.p/1", "tile/1/000.p/1"),
        ("part/000", "part/000"),
    ],
)
def test_what_a_source_raises_is_a_finding(name: str, where: str, error: Exception) -> None:
    """A disk that fails, bytes that do not unpack: the place is named, and the rest is read."""
    report = verify_entries(Memory(LOG, name, error), key=LOG.key.vkey)
    assert not report.ok
    assert [one.where for one in report.findings] == [where]
    assert str(error) in str(report.findings[0].what)
