"""Receipts that were tampered with, put together wrongly, or made to hurt the reader: each is refused by name."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verify.make_log import Key, Log, lay_out, make, told, zipped

from chibox.records.verify import verify_log, verify_receipt
from chibox.records.verify.members import MAX_WORDS

Members = dict[str, bytes]
LOG = make(8)
GOOD = LOG.members([4], ["body", "photo"])
FORGER = Key(LOG.key.origin, b"\x08" * 32)


def refusal(data: bytes, key: str | None = LOG.key.vkey) -> str:
    """The report on a receipt as text; that it is a refusal is asserted here."""
    report = verify_receipt(data, key=key)
    assert not report.ok
    assert report.findings
    return "\n".join(report.lines())


def moved(members: Members, old: str, new: str) -> Members:
    """Members under another name."""
    return {name.replace(old, new): data for name, data in members.items()}


def without(members: Members, *names: str) -> Members:
    """Members dropped."""
    return {name: data for name, data in members.items() if name not in names}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        (GOOD | {"notes.txt": b""}, "notes.txt: not a member of a receipt"),
        (GOOD | {"4/": b""}, "4/: not a member"),
        (GOOD | {"04/entry.json": b""}, "04/entry.json: not a member"),
        (GOOD | {"4/part/../x": b""}, "4/part/../x: not a member"),
        (GOOD | {"/etc/passwd": b""}, "/etc/passwd: not a member"),
        (GOOD | {"4/extra.json": b""}, "4/extra.json: not a member"),
        (GOOD | {"receipt.txt": b"x" * (MAX_WORDS + 1)}, "receipt.txt: longer than"),
        (GOOD | {"4/salt/body": bytes(33)}, "4/salt/body: longer than 32 bytes"),
        (GOOD | {"4/salt/body": bytes(31)}, "the salt of body is not 32 bytes long"),
        (without(GOOD, "receipt.txt"), "receipt.txt is missing"),
        (without(GOOD, "4/entry.json"), "4/entry.json is missing"),
        (without(GOOD, "4/proof.tlog-proof"), "4/proof.tlog-proof is missing"),
        (without(GOOD, "4/salt/body"), "a part without its salt"),
        (without(GOOD, "4/part/body"), "a part without its salt"),
        ({"receipt.txt": GOOD["receipt.txt"]}, "there is no entry in it"),
        ({}, "receipt.txt is missing"),
        (moved(GOOD, "4/", "5/"), "5/proof.tlog-proof: it is the proof of position 4"),
        (without(GOOD, "4/part/photo", "4/salt/photo"), "receipt.txt: it does not say"),
        (
            GOOD | {"4/part/minutes": b"", "4/salt/minutes": bytes(32)},
            "part minutes: the entry commits to no such part",
        ),
        (GOOD | LOG.members([5]), "its entries are not of one act"),
        (GOOD | LOG.members([6]), "its entries do not stand in a row"),
        (LOG.members([4]) | {"4/entry.json": LOG.entries[5]}, "entry 4: its proof does not hold at size 8"),
        (make(9).members([4]) | {"4/entry.json": LOG.entries[5]}, "entry 4: its proof does not hold at size 9"),
        (GOOD | {"4/entry.json": b"{}"}, "4/entry.json: the envelope"),
        (GOOD | {"4/proof.tlog-proof": b"{}"}, "4/proof.tlog-proof: there is no empty line"),
        (GOOD | {"receipt.txt": LOG.members([5])["receipt.txt"]}, "receipt.txt: it does not say"),
    ],
)
def test_each_damage_to_a_receipt_is_named(members: Members, words: str) -> None:
    """Unknown, missing, moved, exchanged and oversized members."""
    assert words in refusal(zipped(members))


def act_of_two() -> Log:
    """A log whose positions 1 and 2 are one act."""
    log = Log()
    for _ in range(2):
        log.add("m.a.1", {}, act="ab" * 16)
    return log


def test_a_receipt_of_an_act_holds_no_parts_and_one_checkpoint() -> None:
    """Parts, and proofs against different checkpoints, are refused in a receipt for several entries."""
    log = act_of_two()
    members = log.members([1, 2])
    older = Log()
    older.add("m.a.1", {}, act="ab" * 16)
    parts = log.members([1], ["body"])
    with_part = members | {name: data for name, data in parts.items() if "/part/" in name or "/salt/" in name}
    assert "parts in a receipt for several entries" in refusal(zipped(with_part), log.key.vkey)
    mixed = members | {"1/proof.tlog-proof": older.members([1])["1/proof.tlog-proof"]}
    assert "its proofs hold different checkpoints" in refusal(zipped(mixed), log.key.vkey)


def test_a_receipt_is_refused_under_another_key() -> None:
    """A key of the same name, a key of another log, and what is no key."""
    data = zipped(GOOD)
    assert "checkpoint: the signature does not hold" in refusal(data, FORGER.vkey)
    assert "the origin is not the one that was expected" in refusal(data, Key("a.b/log/1", b"\1" * 32).vkey)
    assert "this is not the key of a log" in refusal(data, "x")


def test_a_forged_receipt_at_its_own_word_is_of_one_piece_and_the_report_says_whose_word(tmp_path: Path) -> None:
    """Whoever forges a whole log can forge a receipt: without the key that is all that is said, beside the log it fails."""
    forged = make(8, seed=b"\x08" * 32).receipt([4], ["body"])
    alone = verify_receipt(forged)
    assert alone.ok
    assert "it is the word of what was checked" in "\n".join(alone.lines())
    assert "the signature does not hold" in refusal(forged)
    lay_out(tmp_path, LOG.files())
    text = told(tmp_path, receipt=forged)
    assert "1: entry 4" not in text
    assert "receipt: checkpoint: fork: at size 8" in text
    assert "receipt: checkpoint: the signature does not hold" in text


@pytest.mark.parametrize("words", [b"", b"\xff", b"demo.xa-sao-mai.lamson/log/1+zz\n"])
def test_a_receipt_that_names_no_key_cannot_vouch_for_itself(words: bytes) -> None:
    """Without a key, and without a usable one in its words, no signature is checked, and that is a fault."""
    assert "nobody gave the key" in refusal(zipped(GOOD | {"receipt.txt": words}), None)


def test_a_receipt_that_the_log_does_not_bear_out_is_refused(tmp_path: Path) -> None:
    """Of a fork, of entries that were cut off, of another log, of no form at all."""
    lay_out(tmp_path, LOG.files())
    fork = make(3)
    for number in range(3):
        fork.add("m.a.1", {"n": number})
    text = told(tmp_path, receipt=fork.receipt([4]))
    assert "1: entry 4: the receipt states another entry for this position" in text
    assert "receipt: checkpoint: fork: at size 6" in text
    assert "receipt: checkpoint: fork or truncation: it has 9 entries" in told(tmp_path, receipt=make(9).receipt([8]))
    other = make(8, name="demo.xa-khac.lamson").receipt([4])
    assert "receipt: checkpoint: there is no log demo.xa-khac.lamson/log/1 here" in told(tmp_path, receipt=other)
    assert "receipt: zip: this is not a receipt" in told(tmp_path, receipt=b"")


def test_a_doubled_member_is_refused() -> None:
    """Which of the two was meant nobody could say."""
    file = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("4/entry.json", GOOD["4/entry.json"])
    assert "4/entry.json: stands twice" in refusal(file.getvalue())


def test_a_comment_in_the_zip_is_refused() -> None:
    """Nothing would vouch for it."""
    file = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"believe me"
    assert "the zip has a comment" in refusal(file.getvalue())


def test_a_stored_zip_is_read_and_other_methods_are_not() -> None:
    """Stored or deflated, nothing else."""
    for method, passes in ((zipfile.ZIP_STORED, True), (zipfile.ZIP_BZIP2, False), (zipfile.ZIP_LZMA, False)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, data in GOOD.items():
                archive.writestr(name, data)
        if passes:
            assert verify_receipt(file.getvalue(), key=LOG.key.vkey).ok
        else:
            assert "compressed in a way" in refusal(file.getvalue())


def test_a_bomb_is_not_unpacked() -> None:
    """A member of many gigabytes in a few bytes is read no further than its bound, whatever size the zip states."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("4/entry.json", "w") as member:
        for _ in range(64):
            member.write(bytes(2**20))
    data = file.getvalue()
    assert "4/entry.json: longer than 4096 bytes" in refusal(data)
    lied = data.replace((64 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lied != data
    refusal(lied)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_change_to_the_bytes_of_the_zip_is_a_traceback_or_a_lie(draw: st.DataObject) -> None:
    """Flipped, cut and doubled stretches of the file: a report each time, and a good one only over the same content."""
    data = zipped(GOOD)
    at = draw.draw(st.integers(0, len(data) - 1))
    change: Callable[[], bytes] = draw.draw(
        st.sampled_from(
            [
                lambda: data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :],
                lambda: data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :],
                lambda: data[:at],
                lambda: data[at:],
                lambda: data[:at] + data,
                lambda: data[:at] + b"\xff" * 8 + data[at + 8 :],
            ]
        )
    )
    changed = change()
    report = verify_receipt(changed, key=LOG.key.vkey)
    if report.ok:
        with zipfile.ZipFile(io.BytesIO(changed)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == GOOD


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_are_a_receipt_by_chance(data: bytes) -> None:
    """Any bytes give a report, and a refusal."""
    assert "this is not a receipt" in refusal(data)
    assert "this is not a receipt" in refusal(b"PK\x03\x04" + data)


def test_a_receipt_and_a_log_are_judged_in_one_report(tmp_path: Path) -> None:
    """A fault in the log does not hide that of the receipt, nor the other way round."""
    lay_out(tmp_path, LOG.files() | {"1/extra": b""})
    report = verify_log(tmp_path, receipt=zipped(GOOD | {"receipt.txt": b""}))
    assert [(one.log, one.where) for one in report.findings] == [("1", "extra"), ("receipt", "receipt.txt")]
