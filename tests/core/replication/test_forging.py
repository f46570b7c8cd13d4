"""A child's own key may sign what breaks the rules of a log: its parent refuses it all the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.core.replication.forging import BOX, CHILD, NAME, SIGNER, TIME, Forged, forged, grown, push
from tests.core.replication.sending import refused

from chibox.errors import Conflict, Invalid, Refused
from chibox.plugins import Plugins
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import SEALED
from chibox.records.merkle import EMPTY_ROOT
from chibox.records.notes import sign
from chibox.replication.children import Child
from chibox.replication.receive import Push, enrol_child, receive
from chibox.testing.boxes import Sandbox, sandbox


@pytest.fixture
def knowing(tmp_path: Path, plugins: Plugins) -> Iterator[Sandbox]:
    """A parent that has enrolled the forger."""
    with sandbox(tmp_path / "knowing", plugins) as made:
        enrol_child(made.box, CHILD)
        yield made


GOOD = [forged(0), forged(1), forged(2, kind=SEALED), forged(3)]
FOUNDED = forged(0).parts["body"].data


def _founded(**changed: object) -> Forged:
    body: dict[str, Any] = msgspec.json.decode(FOUNDED)
    body["f"] |= changed
    return forged(0, msgspec.json.encode(body, order="sorted"))


BAD: dict[str, tuple[str, list[Forged]]] = {
    "no founding": ("founding", [forged(1)]),
    "two foundings": ("founding", [*GOOD, forged(4, kind="core.founded.1", subject=BOX)]),
    "another box": ("another box", [forged(0, subject="9" * 32)]),
    "another name": ("name and the key", [_founded(name="demo.other", key="")]),
    "a record id again": ("record id", [*GOOD, forged(4, rid=f"{3:032x}")]),
    "an act again": ("act", [*GOOD, forged(4, act=f"{1:031x}f")]),
    "time goes back": ("time", [*GOOD, forged(4, time=TIME - 1)]),
    "a sealed entry of another box": ("another box", [*GOOD, forged(4, kind=SEALED, by="9" * 32)]),
    "a sealed entry in another unit": ("another box or unit", [*GOOD, forged(4, kind=SEALED, unit="9" * 32)]),
    "a sealed entry with refs": ("refs", [*GOOD, forged(4, kind=SEALED, refs=("r" + "0" * 32,))]),
    "a sealed entry by the minute": ("hour", [*GOOD, forged(4, kind=SEALED, time=TIME + 60_000)]),
    "an entry with spaces": ("canonical", [*GOOD, Forged(forged(4).data.replace(b",", b", "), {})]),
    "no JSON": ("JSON", [*GOOD, Forged(b"hello", {})]),
    "too long": ("longer", [*GOOD, Forged(forged(4).data + b" " * 4096, {})]),
    "a body with spaces": ("canonical", [*GOOD, forged(4, b'{"c": {}, "f": {}}')]),
    "a body with a float": ("canonical", [*GOOD, forged(4, b'{"c":{},"f":{"colour":1.5}}')]),
    "a body without fields": ("context and fields", [*GOOD, forged(4, b'{"c":{}}')]),
    "a body that is not NFC": ("NFC", [*GOOD, forged(4, '{"c":{},"f":{"colour":"e\u0301"}}'.encode())]),
    "a sealed body without its context": ("context", [*GOOD, forged(4, b'{"c":{},"f":{}}', kind=SEALED)]),
}


@pytest.mark.parametrize("what", BAD)
def test_what_breaks_the_rules_is_refused_though_it_is_signed(knowing: Sandbox, what: str) -> None:
    """In one push, or as the first entry of a later one; the good beginning is taken."""
    said, entries = BAD[what]
    assert said in str(refused(knowing, BOX, push(entries)))
    if len(entries) > len(GOOD):
        receive(knowing.box, BOX, push(GOOD)).result(10)
        later = push(entries[len(GOOD) :], first=len(GOOD), before=GOOD, grown=grown(len(GOOD), entries))
        assert said in str(refused(knowing, BOX, later))


def test_a_body_that_no_kind_knows_is_taken(knowing: Sandbox) -> None:
    """A parent without the plugin, or of an older release: the entry is kept as it came, no fold sees a body."""
    unknown = forged(4, {"c": {}, "f": {"size": 3}}, kind="other.made.7")
    odd = forged(5, {"c": {}, "f": {"colour": 7, "day": "no day"}})
    receive(knowing.box, BOX, push([*GOOD, unknown, odd])).result(10)
    row = knowing.box.database.writer.execute("SELECT count(*) FROM record WHERE box=2").fetchone()
    assert row == (6,)


def test_a_log_of_nothing_is_taken(knowing: Sandbox) -> None:
    """A checkpoint of size nought proves nothing and spoils nothing."""
    nothing = sign(Checkpoint(SIGNER.verifier.name, 0, EMPTY_ROOT).text(), [SIGNER])
    assert receive(knowing.box, BOX, Push(checkpoint=nothing, first=0)).result(10).size == 0
    assert receive(knowing.box, BOX, push(GOOD)).result(10).size == 4


@pytest.mark.parametrize(
    ("child", "error"),
    [
        (Child("x", NAME, CHILD.key), Invalid),
        (Child(BOX, "with space", CHILD.key), Invalid),
        (Child(BOX, NAME, "AAAA"), Invalid),
        (Child(BOX, NAME, "A" * 43 + "="), Invalid),
        (Child("1" * 32, NAME, CHILD.key), Conflict),
        (Child(BOX, "demo.other", CHILD.key), Conflict),
    ],
)
def test_a_child_is_known_by_one_name_and_one_key(knowing: Sandbox, child: Child, error: type[Refused]) -> None:
    """Nothing that is no id, no name, no usable key; nothing of a box that is known already; the same again is the same."""
    with pytest.raises(error):
        enrol_child(knowing.box, child)
    assert enrol_child(knowing.box, CHILD) == 2
    own = Child(knowing.box.id, knowing.box.name, knowing.box.key)
    with pytest.raises(Conflict):
        enrol_child(knowing.box, own)


def test_practice_boxes_send_to_practice_boxes(tmp_path: Path, plugins: Plugins) -> None:
    """No real parent counts invented members."""
    with sandbox(tmp_path / "real", plugins, name="xa-that.lamson") as real, pytest.raises(Refused, match="practice"):
        enrol_child(real.box, CHILD)
