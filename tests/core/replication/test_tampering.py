"""Whatever does not verify is refused, by name, and nothing of it is left behind."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.core.replication.sending import child_of, parts_of, proofs, push_of, refused

from chibox.errors import Conflict, Refused
from chibox.plugins import Plugins
from chibox.records.checkpoints import Checkpoint
from chibox.records.log import LogReader
from chibox.records.notes import Signer, sign
from chibox.records.parts import Part
from chibox.replication.receive import Push, enrol_child, receive
from chibox.testing.boxes import Sandbox, copied, sandbox, seeded

SENT = 120


@pytest.fixture
def half(parent: Sandbox, child: Sandbox) -> Sandbox:
    """The parent, with the first entries of the child, some of them without their parts."""
    receive(parent.box, child.box.id, push_of(child, 0, SENT, without=lambda p: p % 3 == 0)).result(10)
    return parent


def flipped(data: bytes, rng: random.Random) -> bytes:
    """One bit is another."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_is_refused(half: Sandbox, child: Sandbox, seed: int) -> None:
    """In an entry, a part's bytes, a salt, a proof or the checkpoint: and the push as it was is taken afterwards."""
    rng, right = random.Random(seed), push_of(child, SENT - 10, signed=child.box.log.size)
    kind, number = ("entry", "data", "salt", "proof", "note")[seed % 5], rng.randrange(len(right.entries))
    entries, parts, wrong = list(right.entries), [dict(p) for p in right.parts], right
    if kind == "entry":
        entries[number] = flipped(entries[number], rng)
        wrong = msgspec.structs.replace(right, entries=entries)
    elif kind in ("data", "salt"):
        number = rng.choice([n for n, given in enumerate(parts) if given])
        salt, data = parts[number]["body"]
        flips = (salt, flipped(data, rng)) if kind == "data" else (flipped(salt, rng), data)
        parts[number] = {"body": Part(*flips)}
        wrong = msgspec.structs.replace(right, parts=parts)
    elif kind == "proof":
        part_way = push_of(child, SENT, SENT + 40, signed=child.box.log.size)
        reach = list(part_way.reach)
        number = rng.randrange(len(reach))
        reach[number] = flipped(reach[number], rng)
        wrong = msgspec.structs.replace(part_way, reach=reach)
    else:
        wrong = msgspec.structs.replace(right, checkpoint=flipped(right.checkpoint, rng))
    refused(half, child.box.id, wrong)
    assert receive(half.box, child.box.id, right).result(10).size == child.box.log.size


def _without(push_: Push, number: int) -> Push:
    entries, parts = list(push_.entries), list(push_.parts)
    del entries[number], parts[number]
    return msgspec.structs.replace(push_, entries=entries, parts=parts)


def _swapped(push_: Push) -> Push:
    entries = list(push_.entries)
    entries[3], entries[4] = entries[4], entries[3]
    return msgspec.structs.replace(push_, entries=entries)


def _parts_swapped(push_: Push) -> Push:
    parts = list(push_.parts)
    parts[30], parts[31] = parts[31], parts[30]
    return msgspec.structs.replace(push_, parts=parts)


def _signed(push_: Push, key: Signer, size: int | None = None, origin: str = "") -> Push:
    text = push_.checkpoint.decode().split("\n\n")[0] + "\n"
    checkpoint = Checkpoint.parse(text)
    changed = Checkpoint(origin or checkpoint.origin, checkpoint.size if size is None else size, checkpoint.root)
    return msgspec.structs.replace(push_, checkpoint=sign(changed.text(), [key]))


REPLACE = msgspec.structs.replace
WRONG: dict[str, Callable[[Push], Push]] = {
    "an entry is missing": lambda p: _without(p, 5),
    "the last entry is missing": lambda p: _without(p, -1),
    "two entries are swapped": _swapped,
    "an entry comes twice": lambda p: REPLACE(p, entries=[*p.entries, p.entries[-1]], parts=[*p.parts, p.parts[-1]]),
    "parts of two entries are swapped": _parts_swapped,
    "parts for too few entries": lambda p: REPLACE(p, parts=p.parts[:-1]),
    "a part that the entry does not have": lambda p: REPLACE(p, parts=[{"file": Part(bytes(32), b"")}, *p.parts[1:]]),
    "a hash too many": lambda p: REPLACE(p, reach=[bytes(32)]),
    "growth that needs no proof": lambda p: REPLACE(p, grown=[bytes(32)]),
    "another key": lambda p: _signed(p, Signer("demo.child/log/1", seeded(8)(32))),
    "no signature": lambda p: REPLACE(p, checkpoint=p.checkpoint.split(b"\n\n")[0] + b"\n\n"),
    "an extension line": lambda p: REPLACE(p, checkpoint=p.checkpoint.replace(b"\n\n", b"\nmore\n\n")),
    "no checkpoint": lambda p: REPLACE(p, checkpoint=b""),
    "a first entry that is negative": lambda p: REPLACE(p, first=-1),
    "late parts of an entry that is not here": lambda p: REPLACE(p, late={SENT: {}}),
    "late parts before the first": lambda p: REPLACE(p, late={-1: {}}),
    "late parts that are none": lambda p: REPLACE(p, late={0: {"body": Part(bytes(32), b"{}")}}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_push_is_refused(half: Sandbox, child: Sandbox, what: str) -> None:
    """Each by itself; the right one is taken afterwards."""
    right = push_of(child, SENT, signed=child.box.log.size)
    refused(half, child.box.id, WRONG[what](right))
    receive(half.box, child.box.id, right).result(10)


def test_what_was_sent_before_may_not_be_another_now(half: Sandbox, child: Sandbox) -> None:
    """An overlap is compared byte by byte, and its parts are held against the entries that are here."""
    right = push_of(child, SENT - 1, signed=child.box.log.size)
    other = [b"x", *right.entries[1:]]
    assert "another one than was sent before" in str(refused(half, child.box.id, REPLACE(right, entries=other)))
    late = parts_of(child, [3])
    wrong = {3: {"body": Part(late[3]["body"].salt, late[3]["body"].data + b" ")}}
    assert "entry 3" in str(refused(half, child.box.id, REPLACE(right, late=wrong)))


def test_a_fork_is_refused(half: Sandbox, child: Sandbox, plugins: Plugins, tmp_path: Path) -> None:
    """A child restored from an old copy that goes on by itself signs another tree: it is not taken, whatever it proves."""
    made = half.box
    with sandbox(tmp_path / "one", plugins, seed=3, name="demo.fork") as one:
        clerk = one.someone("clerk")
        one.box.close()
        copied(tmp_path / "one", tmp_path / "two")
        one.reopen()
        enrol_child(made, child_of(one))
        one.unit("A")
        one.unit("B")
        receive(made, one.box.id, push_of(one, 0)).result(10)
        size = one.box.log.size
        one.box.close()
        one.folder = tmp_path / "two"
        one.reopen()
        one.clock.at += 1
        for name in ("C", "D", "E"):
            one.unit(name)
        other = push_of(one, size, signed=size)
        assert "does not go on" in str(refused(half, one.box.id, other))
        assert clerk
        with one.box.database.reading() as connection:
            whole = proofs(LogReader(connection), size + 1)(4, size + 1)
        assert isinstance(refused(half, one.box.id, REPLACE(other, grown=whole)), Refused)


def test_an_older_checkpoint_is_refused(half: Sandbox, child: Sandbox) -> None:
    """Its signer has signed more: that is said, with the size."""
    wrong = _signed(push_of(child, SENT), child.box.signer, size=SENT)
    assert isinstance(refused(half, child.box.id, wrong), Conflict)


def test_a_checkpoint_of_another_log_is_refused(half: Sandbox, child: Sandbox) -> None:
    """The key's name is right, the text speaks of another origin."""
    right = push_of(child, SENT, signed=child.box.log.size)
    wrong = _signed(right, child.box.signer, origin="demo.child/log/2")
    assert "another log" in str(refused(half, child.box.id, wrong))
