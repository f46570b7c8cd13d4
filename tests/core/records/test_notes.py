"""Signed notes: what is believed, what is refused, and the text form of keys."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.notes import (
    MAX_LINES,
    MAX_NOTE,
    Note,
    NoteError,
    Signer,
    Verifier,
    fingerprint,
    from_base64,
    key_id,
    open_note,
    sign,
    split_note,
    to_base64,
)

TEXT = "demo.xa-sao-mai.lamson/log/1\n5\nroot\n"
SIGNER = Signer("demo.xa-sao-mai.lamson/log/1", bytes(range(32)))
WITNESS = Signer("province.example/w1", b"\1" * 32)
KEY = SIGNER.verifier
GOOD = sign(TEXT, [SIGNER])
LINE = GOOD.decode().splitlines(keepends=True)[-1]

# The eight encodings of the points of low order, and encodings of them that are not reduced (RFC 8032 section 5.1.3).
LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def signed(text: str, *lines: str) -> bytes:
    """A note put together by hand."""
    return (text + "\n" + "".join(lines)).encode()


def forged(signer: Signer, text: str) -> str:
    """A line that names the signer's key and holds its signature over another text."""
    return signer.line(text.encode())


def test_a_signed_text_is_opened_with_its_key() -> None:
    """Opening gives back the text and the line that verified."""
    note = open_note(GOOD, [KEY])
    assert note == Note(TEXT, (note.verified[0],), ())
    assert note.verified[0].name == KEY.name
    assert note.verified[0].key_id == KEY.key_id


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n")).map(lambda t: t + "\n"))
def test_any_text_without_control_characters_survives(text: str) -> None:
    """Empty lines inside, dashes, and marks that some languages take for line ends belong to the text."""
    assert open_note(sign(text, [SIGNER, WITNESS]), [KEY]).text == text


def test_the_text_ends_at_the_last_empty_line() -> None:
    """A text that holds empty lines, and lines that look like signatures, is signed whole."""
    text = f"first\n\n{LINE}\n\nlast\n\n"
    assert open_note(sign(text, [SIGNER]), [KEY]).text == text


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    """Text, empty line, name, key ID and signature: with one signature there is no bit that does not count."""
    for at in range(len(GOOD)):
        for bit in range(8):
            changed = bytearray(GOOD)
            changed[at] ^= 1 << bit
            with pytest.raises(NoteError):
                open_note(bytes(changed), [KEY])


@pytest.mark.parametrize("end", range(0, len(GOOD), 7))
def test_every_beginning_of_a_note_is_refused(end: int) -> None:
    """A note that was cut is no note."""
    with pytest.raises(NoteError):
        open_note(GOOD[:end], [KEY])


def test_lines_of_unknown_keys_say_nothing() -> None:
    """They are handed back unchecked; half a match (same name, or same ID) is no match."""
    same_name = f"— {KEY.name} {to_base64(WITNESS.verifier.key_id + b'x' * 64)}\n"
    same_id = f"— other {to_base64(KEY.key_id + b'x' * 64)}\n"
    short = f"— other {to_base64(b'12345')}\n"
    note = open_note(signed(TEXT, same_name, same_id, short, LINE, WITNESS.line(b"another text")), [KEY])
    assert [line.name for line in note.verified] == [KEY.name]
    assert [line.name for line in note.unknown] == [KEY.name, "other", "other", WITNESS.verifier.name]


@pytest.mark.parametrize("lines", [(forged(SIGNER, "x\n"), LINE), (LINE, forged(SIGNER, "x\n"))])
def test_one_failing_line_of_a_known_key_rejects_the_note(lines: tuple[str, str]) -> None:
    """Also when another line of the same key verifies, before it or after it."""
    with pytest.raises(NoteError, match="is wrong"):
        open_note(signed(TEXT, *lines), [KEY])


def test_one_failing_line_of_a_second_known_key_rejects_the_note() -> None:
    """The witness's forged line is not outweighed by the log's good one."""
    data = signed(TEXT, LINE, forged(WITNESS, "x\n"))
    assert open_note(data, [KEY]).text == TEXT
    with pytest.raises(NoteError, match=r"province\.example"):
        open_note(data, [KEY, WITNESS.verifier])


def test_a_note_that_nobody_known_signed_is_refused() -> None:
    """Without a line that verifies, a note says nothing; likewise without any verifier."""
    for verifiers in ([WITNESS.verifier], []):
        with pytest.raises(NoteError, match="no signature"):
            open_note(GOOD, verifiers)


def test_a_signature_of_another_length_is_wrong() -> None:
    """63 and 65 bytes under the known key fail; they are not taken for an unknown line."""
    raw = base64.b64decode(LINE.split()[2])
    for data in (raw[:-1], raw + b"\0"):
        with pytest.raises(NoteError, match="is wrong"):
            open_note(signed(TEXT, f"— {KEY.name} {to_base64(data)}\n"), [KEY])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda note: note.replace(b"\n", b"\r\n"), "control"),
        (lambda note: note.replace(b"root", b"ro\tt"), "control"),
        (lambda note: note.replace(b"root", b"ro\0t"), "control"),
        (lambda note: note.replace(b"root", b"ro\xfft"), "UTF-8"),
        (lambda note: note[:-1], "LF"),
        (lambda note: note.replace(b"\n\n", b"\n"), "empty line"),
        (lambda note: note + b"\n", "no text"),
        (lambda note: note + b"word\n", "broken"),
        (lambda note: note.replace("— ".encode(), b"- "), "broken"),
        (lambda note: note.replace("— ".encode(), "—  ".encode()), "broken"),
        (lambda note: note[:-1] + b" \n", "broken"),
        (lambda note: note.replace("— demo".encode(), "— de+mo".encode()), "broken"),
        (lambda note: note.replace("— demo".encode(), "— de\u00a0mo".encode()), "broken"),
        (lambda note: note.replace("— demo".encode(), "— de\u2028mo".encode()), "broken"),
        (lambda note: note + "— other MTIz\n".encode(), "too short"),
        (lambda note: note + "— other MTIzNA==\n".encode(), "too short"),
        (lambda note: note + "— other MTIzNDV\n".encode(), "base64"),
        (lambda note: note + "— other MTIzNDV=\n".encode(), "usual spelling"),
        (lambda note: note + "— other MTI-NDU=\n".encode(), "broken"),
        (lambda note: note + "— other MTIzNDU2\n".encode() * MAX_LINES, "more than 100"),
        (lambda note: b"x" * MAX_NOTE + note, "longer"),
    ],
)
def test_each_broken_form_is_refused_by_name(damage: Callable[[bytes], bytes], reason: str) -> None:
    """Also in lines of unknown keys: a note has one spelling."""
    with pytest.raises(NoteError, match=reason):
        open_note(damage(GOOD), [KEY])


def test_a_hundred_signatures_are_read() -> None:
    """Witnesses have room beside the log."""
    lines = [Signer(f"w{n}", n.to_bytes(32, "big")).line(TEXT.encode()) for n in range(MAX_LINES - 1)]
    assert len(open_note(signed(TEXT, *lines, LINE), [KEY]).unknown) == MAX_LINES - 1


@pytest.mark.parametrize("text", ["", "no end", "a\r\n", "a\tb\n", "\x00\n", "\ud800\n"], ids=repr)
def test_a_text_that_no_note_can_carry_is_not_signed(text: str) -> None:
    """It must end in LF and hold no control and no half characters."""
    with pytest.raises(NoteError):
        sign(text, [SIGNER])


def test_a_note_without_signers_is_not_made() -> None:
    """A note needs a signature."""
    with pytest.raises(NoteError, match="signature"):
        sign(TEXT, [])


def test_a_key_survives_its_text_form() -> None:
    """Name, ID and public key are read back; the fingerprint is the SHA-256 of the text."""
    again = Verifier.parse(KEY.vkey)
    assert (again.name, again.key_id, again.public_key, again.vkey) == (KEY.name, KEY.key_id, KEY.public_key, KEY.vkey)
    assert len(fingerprint(KEY.vkey)) == 64
    assert fingerprint(KEY.vkey) != fingerprint(WITNESS.verifier.vkey)


def test_every_changed_character_of_a_key_is_refused() -> None:
    """The ID ties name and key together, so no slip of the pen makes another key."""
    for at in range(len(KEY.vkey)):
        for character in "A0+a \n=":
            changed = KEY.vkey[:at] + character + KEY.vkey[at + 1 :]
            if changed != KEY.vkey:
                with pytest.raises(NoteError):
                    Verifier.parse(changed)


def _vkey(name: str, kind: bytes, public_key: bytes) -> str:
    """A vkey put together by hand, with the ID of an Ed25519 key."""
    return f"{name}+{key_id(name, public_key).hex()}+{to_base64(kind + public_key)}"


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        KEY.vkey + "\n",
        " " + KEY.vkey,
        KEY.vkey.upper(),
        _vkey("a b", b"\1", KEY.public_key),
        _vkey("a+b", b"\1", KEY.public_key),
        _vkey("", b"\1", KEY.public_key),
        _vkey("a", b"\2", KEY.public_key),
        _vkey("a", b"\4", KEY.public_key),
        _vkey("a", b"\1", KEY.public_key[:31]),
        _vkey("a", b"\1", KEY.public_key + b"\0"),
    ],
)
def test_other_texts_are_no_keys(vkey: str) -> None:
    """Another type, another length, another spelling."""
    with pytest.raises(NoteError):
        Verifier.parse(vkey)


@pytest.mark.parametrize("point", LOW_ORDER)
def test_points_under_which_anyone_could_sign_are_no_keys(point: str) -> None:
    """Points of low order, and encodings that are not reduced, are refused as keys of a log."""
    with pytest.raises(NoteError, match="anyone"):
        Verifier.parse(_vkey("a", b"\1", bytes.fromhex(point)))
    with pytest.raises(NoteError, match="32 bytes"):
        Verifier("a", bytes.fromhex(point)[:-1])


@given(st.binary(max_size=80))
def test_base64_has_one_spelling(data: bytes) -> None:
    """What was encoded is read; other spellings of the same bytes are refused."""
    text = to_base64(data)
    assert from_base64(text) == data
    for other in (text + "\n", text.rstrip("=") + "=" * 3, f" {text}", text + "===="):
        if other != text:
            with pytest.raises(NoteError):
                from_base64(other)


def test_splitting_a_note_verifies_nothing() -> None:
    """Text and lines can be looked at before the key is known."""
    text, lines = split_note(signed(TEXT, forged(SIGNER, "x\n")))
    assert text == TEXT
    assert [line.name for line in lines] == [KEY.name]
