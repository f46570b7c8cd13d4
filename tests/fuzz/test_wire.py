"""Every parser of foreign bytes on the wire: it raises what it says, takes one spelling only, and believes no length."""

import contextlib
import io
import os
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.toys import Make, toy_plugins
from tests.fuzz.mutations import mutated

from chibox.records import canonical, envelope, tlog_proof
from chibox.records.checkpoints import Checkpoint, CheckpointError
from chibox.records.envelope import EnvelopeError
from chibox.records.log import LogReader
from chibox.records.notes import MAX_NOTE, NoteError, Signer, Verifier, open_note, sign, split_note
from chibox.records.parts import PartsError, encode_parts, parse_parts
from chibox.records.proofs import MAX_SIZE
from chibox.records.receipts import receipt_for_act, receipt_for_record
from chibox.records.tiles import BundleError, encode_bundle, parse_bundle
from chibox.records.tlog_proof import TlogProofError
from chibox.records.verify import verify_receipt
from chibox.signing.mark import HighWater
from chibox.testing.boxes import sandbox

EXAMPLES: Final = 50_000 if os.environ.get("CHIBOX_LONG") else 1500
MEMORY: Final = 8 * 2**20
SIGNER: Final = Signer("demo.a/log/1", bytes(range(32)))
OTHER: Final = Signer("demo.a/log/1", bytes(range(1, 33)))


class Good(NamedTuple):
    """What a real box gives out."""

    notes: Sequence[bytes]
    vkey: str
    entries: Sequence[bytes]
    bodies: Sequence[bytes]
    parts: Sequence[dict[str, Any]]
    proofs: Sequence[bytes]
    receipts: Sequence[bytes]


@cache
def good() -> Good:
    """Three hundred toys in a box: its entries, parts, proofs and receipts."""
    import tempfile  # noqa: PLC0415 - once

    with tempfile.TemporaryDirectory() as place, sandbox(Path(place) / "box", toy_plugins(), seed=1) as made:
        clerk = made.someone("clerk")
        act = made.ask(Make(unit=made.root, names=tuple(f"toy {n}" for n in range(40))), actor=clerk)
        head = made.box.publish()
        with made.box.database.reading() as connection:
            reader = LogReader(connection)
            receipts = [
                receipt_for_record(reader, head, 0, ("body",)),
                receipt_for_act(reader, head, act.first, act.last),
            ]
            rows = list(reader.entries(0, head.size))
            vkey = reader.verifier(head).vkey
    proofs = [_member(receipts[0], "0/proof.tlog-proof"), _member(receipts[1], f"{act.first}/proof.tlog-proof")]
    parts = [{name: tuple(part) for name, part in some.items()} for _, _, some in rows]
    bodies = [some["body"][1] for some in parts]
    two = sign("demo.a/log/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", [SIGNER, OTHER])
    return Good([head.note, two], vkey, [entry for _, entry, _ in rows], bodies, parts, proofs, receipts)


def _member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def note(data: bytes) -> bytes:
    """Read and written again."""
    text, signatures = split_note(data)
    written = [f"\u2014 {one.name} {_base64(one.key_id + one.signature)}\n" for one in signatures]
    return (text + "\n" + "".join(written)).encode()


def _base64(data: bytes) -> str:
    import base64  # noqa: PLC0415 - another hand than the parser's

    return base64.b64encode(data).decode()


def checkpoint(data: bytes) -> bytes:
    """Read and written again."""
    return Checkpoint.parse(data.decode("utf-8")).text().encode()


def vkey(data: bytes) -> bytes:
    """Read and written again."""
    return Verifier.parse(data.decode("utf-8")).vkey.encode()


def body(data: bytes) -> bytes:
    """Read and written again."""
    return canonical.encode(canonical.parse(data, limit=2**20))


def bundle(data: bytes) -> bytes:
    """Forty entries, read and written again."""
    return encode_bundle(parse_bundle(data, 40))


def part_bundle(data: bytes) -> bytes:
    """Parts of forty entries, read and written again."""
    return encode_parts([{n: tuple(p) for n, p in some.items()} for some in parse_parts(data, 40)])  # type: ignore[misc]


def proof(data: bytes) -> bytes:
    """Read and written again."""
    return tlog_proof.encode(*tlog_proof.parse(data))


PARSERS: Final[dict[str, tuple[Callable[[bytes], bytes], tuple[type[Exception], ...], Callable[[], Sequence[bytes]]]]] = {
    "note": (note, (NoteError,), lambda: good().notes),
    "vkey": (vkey, (NoteError, UnicodeDecodeError), lambda: [good().vkey.encode()]),
    "checkpoint": (checkpoint, (CheckpointError, UnicodeDecodeError), lambda: [split_note(n)[0].encode() for n in good().notes]),
    "envelope": (lambda data: envelope.encode(envelope.decode(data)), (EnvelopeError,), lambda: good().entries),
    "body": (body, (canonical.CanonicalError,), lambda: good().bodies),
    "bundle": (bundle, (BundleError,), lambda: [encode_bundle(good().entries[:40])]),
    "parts": (part_bundle, (PartsError,), lambda: [encode_parts(good().parts[:40])]),
    "proof": (proof, (TlogProofError,), lambda: good().proofs),
}  # fmt: skip


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_taken_has_one_spelling(name: str) -> None:
    """Nearly right bytes are refused by the parser's own error, or are exactly what its writer makes of what it read."""
    again, errors, samples = PARSERS[name]
    taken = 0

    @given(data=mutated(samples()))
    @settings(max_examples=EXAMPLES, deadline=None)
    def check(data: bytes) -> None:
        nonlocal taken
        try:
            written = again(data)
        except errors:
            return
        assert written == data
        taken += 1

    check()
    assert taken > 0


@pytest.mark.parametrize("name", PARSERS)
def test_no_length_is_believed(name: str) -> None:
    """Whatever sizes the bytes state, reading them takes a few megabytes at most."""
    again, errors, samples = PARSERS[name]

    @given(data=mutated(samples()))
    @settings(max_examples=max(EXAMPLES // 5, 50), deadline=None)
    def check(data: bytes) -> None:
        tracemalloc.reset_peak()
        begin = tracemalloc.get_traced_memory()[0]
        with contextlib.suppress(*errors):
            again(data)
        assert tracemalloc.get_traced_memory()[1] - begin < MEMORY

    tracemalloc.start()
    try:
        check()
    finally:
        tracemalloc.stop()


def test_no_changed_note_is_believed() -> None:
    """Of a signed note every change is refused, or leaves text and the verified line as they were."""
    whole = open_note(good().notes[1], [SIGNER.verifier])

    @given(data=mutated(good().notes[1:]))
    @settings(max_examples=EXAMPLES, deadline=None)
    def check(data: bytes) -> None:
        try:
            opened = open_note(data, [SIGNER.verifier])
        except NoteError:
            return
        assert opened.text == whole.text
        assert {one.signature for one in opened.verified} == {whole.verified[0].signature}

    check()


def test_no_changed_receipt_is_believed() -> None:
    """A receipt with anything changed in what it says is a finding, never an error; the zip's own frame may differ."""
    members = [_members(data) for data in good().receipts]

    @given(data=mutated(good().receipts))
    @settings(max_examples=EXAMPLES, deadline=None)
    def check(data: bytes) -> None:
        if verify_receipt(data, key=good().vkey).ok:
            assert _members(data) in members

    check()


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_changed_mark_is_lowered_in_silence(tmp_path: Path) -> None:
    """Of a damaged journal the whole checkpoints in front are read, or it says that it is damaged; it never invents one."""
    notes = good().notes
    journal = b"".join(b"%08d\n" % len(one) + one for one in (notes[1], notes[0]))
    assert len(journal) < 2 * MAX_NOTE
    path = tmp_path / "mark"

    @given(data=mutated([journal]))
    @settings(max_examples=EXAMPLES, deadline=None)
    def check(data: bytes) -> None:
        path.write_bytes(data)
        mark = HighWater(path)
        assert all(note in data for note in mark.notes)
        assert not (mark.damaged and mark.marks)

    check()


@given(text=st.text(max_size=200))
@settings(max_examples=EXAMPLES, deadline=None)
def test_typed_numbers_and_roots(text: str) -> None:
    """What a person types as a receipt number and a root is taken or refused, whatever it is."""
    from chibox.records.verify.marks import Paper  # noqa: PLC0415 - beside the test that is about it

    for paper in (Paper(text, "A" * 44), Paper("10", text)):
        with contextlib.suppress(ValueError):
            assert 0 < paper.mark().size <= MAX_SIZE
