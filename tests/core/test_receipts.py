"""Receipts: they verify, alone and beside the log; they hold what the asker may read, and say what they leave out."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.notes import Count, Filled, Whisper, Write, filled

from chibox.errors import NotFound
from chibox.receipting import act_receipt, record_receipt
from chibox.records.log import LogReader
from chibox.records.receipts import receipt_for_record
from chibox.records.verify import verify_entries, verify_receipt
from chibox.verifying import verify_box
from chibox.verifying.stored import Stored


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Filled]:
    """A box with three hundred notes in one act."""
    with filled(tmp_path / "box", 300) as box:
        yield box


def receipt(made: Filled, position: int, actor: str = "", *, act: bool = False) -> bytes:
    """The receipt as `actor` gets it."""
    head = made.box.publish()
    with made.box.reading(actor) as read:
        return (act_receipt if act else record_receipt)(read, head, position)


def members(data: bytes) -> dict[str, bytes]:
    """Name and content of the members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def key(made: Filled) -> str:
    """The vkey of the box's log."""
    with made.box.database.reading() as connection:
        reader = LogReader(connection)
        return reader.verifier(reader.head()).vkey


@pytest.mark.parametrize("position", [0, 1, 6, 7, 200, 255, 256, 306])
def test_a_receipt_of_a_record_verifies(made: Filled, position: int) -> None:
    """At positions in full and partial bundles: alone with the key, and beside the log and the box."""
    data = receipt(made, position, made.clerk)
    alone = verify_receipt(data, key=key(made))
    assert alone.findings == []
    assert (alone.figures[0].entries, alone.figures[0].parts) == (1, 1)
    with made.box.database.reading() as connection:
        assert verify_entries(Stored(connection), receipt=data).findings == []
    assert verify_box(made.folder, receipt=data, plugins=made.box.plugins).findings == []


def test_a_receipt_of_an_act_holds_all_its_entries_and_no_part(made: Filled) -> None:
    """Any position of the act leads to it; the words say that no content is enclosed."""
    data = receipt(made, 100, made.clerk, act=True)
    report = verify_receipt(data, key=key(made))
    assert report.findings == []
    assert (report.figures[0].entries, report.figures[0].parts, report.figures[0].parts_not_given) == (300, 0, 300)
    found = members(data)
    assert {name.split("/")[0] for name in found} == {"receipt.txt", *map(str, range(made.first, made.first + 300))}
    assert "Content enclosed: none; not enclosed: body" in found["receipt.txt"].decode()


def test_the_same_receipt_has_the_same_bytes(made: Filled) -> None:
    """As long as the log has not grown; a later one differs, and both verify."""
    first = receipt(made, made.first, made.clerk)
    assert receipt(made, made.first, made.clerk) == first
    assert receipt(made, made.first, made.clerk, act=True) == receipt(made, made.first + 5, made.clerk, act=True)
    made.do(Count(unit=made.root, note=made.subject(made.first), count=1))
    second = receipt(made, made.first, made.clerk)
    assert second != first
    for data in (first, second):
        assert verify_box(made.folder, receipt=data, plugins=made.box.plugins).findings == []


def test_parts_are_for_who_may_read_every_field(made: Filled) -> None:
    """A note has a field of class identity: the clerk takes its body along, the secretary of a cell does not, nor IT."""
    for actor, parts in (
        (made.clerk, [f"{made.first}/part/body", f"{made.first}/salt/body"]),
        (made.reader, []),
        (made.administrator, []),
        ("", []),
    ):
        found = members(receipt(made, made.first, actor))
        assert sorted(name for name in found if name.split("/")[-2:-1] not in ([], [str(made.first)])) == parts
        said = "Content enclosed: body" if parts else "Content enclosed: none; not enclosed: body"
        assert f"{said}\n" in found["receipt.txt"].decode()


def test_a_body_that_says_nothing_about_a_person_is_for_everyone(made: Filled) -> None:
    """A count has plain fields only."""
    position, _ = made.do(Count(unit=made.root, note=made.subject(made.first), count=2))
    assert f"{position}/part/body" in members(receipt(made, position))


def test_a_sealed_body_is_for_who_may_view_its_area(made: Filled) -> None:
    """Its context tells what the envelope hides: only a post that opens every class of field there takes it along."""
    first, last = made.do(Whisper(unit=made.root, words=("một", "hai")))
    for position in (first, last):
        assert f"{position}/part/body" in members(receipt(made, position, made.clerk))
        for other in (made.reader, made.administrator, ""):
            assert f"{position}/part/body" not in members(receipt(made, position, other))
    whole = receipt(made, first, made.reader, act=True)
    assert verify_receipt(whole, key=key(made)).findings == []
    assert b"notes.whispered" not in whole


def test_what_is_gone_is_not_enclosed(made: Filled) -> None:
    """A body that was erased or withheld is named as not enclosed, whoever asks."""
    made.box.database.writer.execute("DELETE FROM part_tail")
    data = receipt(made, made.first + 299, made.clerk)
    assert verify_receipt(data, key=key(made)).findings == []
    assert "not enclosed: body" in members(data)["receipt.txt"].decode()


def test_there_is_no_receipt_beyond_the_end(made: Filled) -> None:
    """Nor before the beginning."""
    for position in (made.first + 300, -1, 10**9):
        with pytest.raises(NotFound):
            receipt(made, position, made.clerk, act=True)
        with pytest.raises(NotFound):
            receipt(made, position, made.clerk)


def test_a_receipt_follows_the_head_that_was_published(made: Filled) -> None:
    """Its proof leads to the checkpoint of that head also when the log has grown meanwhile."""
    head = made.box.publish()
    made.do(Write(unit=made.root, titles=tuple(map(str, range(300)))))
    with made.box.database.reading() as connection:
        data = receipt_for_record(LogReader(connection), head, head.size - 1, ["body"])
        with pytest.raises(NotFound):
            receipt_for_record(LogReader(connection), head, head.size)
    assert head.note in data
    assert verify_receipt(data, key=key(made)).findings == []
