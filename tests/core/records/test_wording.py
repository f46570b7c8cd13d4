"""The words of a receipt: both languages, every fact, nothing that is not in the receipt."""

import unicodedata

import msgspec
import pytest

from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import HOUR, MAX_TIME, SEALED, Envelope
from chibox.records.notes import Signer, fingerprint
from chibox.records.wording import receipt_words, vkey_in

VKEY = Signer("demo.xa/log/1", b"\1" * 32).verifier.vkey
CHECKPOINT = Checkpoint("demo.xa/log/1", 48_391, bytes(32))
ENVELOPE = Envelope(
    act="a" * 32,
    by="b" * 32,
    kind="membership.admitted.1",
    parts={"body": "0" * 64},
    refs=(),
    rid="c" * 32,
    subject="d" * 32,
    time=1_795_590_000_000,
    unit="e" * 32,
)


def test_the_words_name_every_fact_in_both_languages() -> None:
    """Position, act, kind, time, log, size, root, key and fingerprint stand in the Vietnamese and the English half."""
    text = receipt_words([(48_390, ENVELOPE)], CHECKPOINT, VKEY, ["photo", "body"])
    vietnamese, english = text.split("\n\n\n")
    print_ = " ".join(fingerprint(VKEY)[at : at + 8] for at in range(0, 64, 8))
    for half in (vietnamese, english):
        for fact in ("48390", "a" * 32, "membership.admitted.1", "demo.xa/log/1", VKEY, "AAAA", "body, photo", print_):
            assert fact in half
    for fact in (
        "BIÊN NHẬN 48.390",
        "14 giờ 00 phút 00 giây, ngày 25/11/2026",
        "48.391 dòng",
        "Dòng nhật ký: số 48390",
    ):
        assert fact in vietnamese
    for fact in ("RECEIPT 48390", "2026-11-25 14:00:00 (Viet Nam time, UTC+7)", "48391 entries", "Entry: 48390"):
        assert fact in english


def test_the_words_keep_the_spelling_of_the_house() -> None:
    """NFC, no words that the house avoids, LF line ends and one at the end."""
    text = receipt_words([(0, ENVELOPE)], CHECKPOINT, VKEY)
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert "\r" not in text
    for avoided in ("vui lòng", "thành công", "không hợp lệ", "bạn", "!"):
        assert avoided not in text


def test_an_act_of_many_entries_is_told_as_a_range_with_its_kinds() -> None:
    """First and last position, and how many of each kind; the number of the receipt is the last position."""
    other = msgspec.structs.replace(ENVELOPE, kind="core.posted.1")
    text = receipt_words([(10, ENVELOPE), (11, other), (12, ENVELOPE)], CHECKPOINT, VKEY)
    assert "BIÊN NHẬN 12\n" in text
    assert "từ số 10 đến số 12" in text
    assert "Entries: 10 to 12" in text
    assert "Loại: core.posted.1\nLoại: membership.admitted.1 (2 dòng)" in text
    assert "Nội dung kèm theo: không có" in text


def test_the_number_tells_the_generation_from_the_second_on() -> None:
    """4711 in the first generation, 4711/2 in the second."""
    later = Checkpoint("demo.xa/log/2", 5000, bytes(32))
    assert "BIÊN NHẬN 4.711/2\n" in receipt_words([(4711, ENVELOPE)], later, VKEY)
    assert "BIÊN NHẬN 4.711\n" in receipt_words([(4711, ENVELOPE)], CHECKPOINT, VKEY)


def test_the_time_of_a_sealed_entry_is_told_as_an_hour() -> None:
    """Nobody takes the cut time for the true one."""
    sealed = msgspec.structs.replace(ENVELOPE, kind=SEALED, time=498_775 * HOUR)
    text = receipt_words([(1, sealed)], CHECKPOINT, VKEY)
    assert "(chỉ ghi đến giờ)" in text
    assert "(kept to the hour only)" in text


@pytest.mark.parametrize("time", [0, 253_402_300_799_999, MAX_TIME])
def test_any_time_that_an_envelope_can_hold_has_words(time: int) -> None:
    """Beyond the calendar the bare number stands."""
    text = receipt_words([(1, msgspec.structs.replace(ENVELOPE, time=time))], CHECKPOINT, VKEY)
    assert ("01/01/1970" in text) == (time == 0)
    assert (f"{time} ms" in text) == (time > 0)


def test_the_key_is_found_in_the_words() -> None:
    """A receipt alone names its key; a text without one, or with two, names none."""
    text = receipt_words([(0, ENVELOPE)], CHECKPOINT, VKEY)
    assert vkey_in(text, "demo.xa/log/1") == VKEY
    assert vkey_in(text, "demo.xa/log/2") is None
    assert vkey_in(f"{text}demo.xa/log/1+other", "demo.xa/log/1") is None
    assert vkey_in("", "demo.xa/log/1") is None
