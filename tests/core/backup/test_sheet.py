"""The sealed sheet: what is printed can be typed, and what is typed wrongly is named by its line."""

import re
import secrets
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.backup.conftest import Saved
from tests.core.toys import toy_plugins

from chibox.backup.lines import LOG_KEY, RECOVERY, SHAPES, Shape, WrongLine, printed, typed
from chibox.backup.making import make, recognise
from chibox.backup.recovery import recipient
from chibox.backup.sheet import Secrets, Sheet, lines, page, read_sheet, wrong_lines
from chibox.errors import Refused

SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"
shapes = st.sampled_from(SHAPES)


def secret(shape: Shape, seed: int) -> str:
    """One of this shape."""
    length = sum(map(sum, shape.groups))
    return "".join(shape.signs[seed * (at + 7) // 5 % len(shape.signs)] for at in range(length))


def sheet_of(identity: str, seed: str = "") -> Sheet:
    """A sheet with these secrets."""
    return Sheet("Đảng bộ xã Sao Mai", "xa-sao-mai", "25/11/2026", "0123abcd", identity, seed)


@given(shape=shapes, seed=st.integers(0, 10**9), spaced=st.sampled_from(["", " ", "  ", "-", "\t"]), low=st.booleans())
def test_what_is_printed_can_be_typed(shape: Shape, seed: int, spaced: str, low: bool) -> None:
    """In capitals or small letters, with or without gaps, with its label or not."""
    wanted = secret(shape, seed)
    given_ = [
        typed(shape, label, f"{label if low else ''}{line.lower() if low else line}".replace(" ", spaced))
        for label, line in printed(shape, wanted)
    ]
    assert "".join(given_) == wanted


@settings(max_examples=400)
@given(shape=shapes, seed=st.integers(0, 10**9), data=st.data())
def test_typing_errors_are_noticed(shape: Shape, seed: int, data: st.DataObject) -> None:
    """Up to four wrong signs, two that changed places, one left out or doubled: none passes, whichever line it is in."""
    label, line = data.draw(st.sampled_from(printed(shape, secret(shape, seed))))
    signs = list(line.replace(" ", "").lower())
    for at in data.draw(st.lists(st.integers(0, len(signs) - 1), min_size=1, max_size=4)):
        what = data.draw(st.sampled_from(["other", "swap", "drop", "double"]))
        at = min(at, len(signs) - 2)  # noqa: PLW2901 - the line may have become shorter
        if what == "other":
            signs[at] = data.draw(st.sampled_from(SIGNS))
        elif what == "swap":
            signs[at], signs[at + 1] = signs[at + 1], signs[at]
        elif what == "drop":
            del signs[at]
        else:
            signs.insert(at, signs[at])
    right = typed(shape, label, line)
    try:
        found = typed(shape, label, "".join(signs))
    except WrongLine as wrong:
        noticed = wrong.label
    else:
        noticed = label if found == right else ""  # errors that undo each other are none
    assert noticed == label, "an error passed"


@given(shape=shapes, seed=st.integers(0, 10**9), data=st.data())
def test_lines_that_changed_places_are_noticed(shape: Shape, seed: int, data: st.DataObject) -> None:
    """The label is under the checksum: a line is right in its own place only."""
    one, other = data.draw(
        st.lists(st.sampled_from(printed(shape, secret(shape, seed))), min_size=2, max_size=2, unique=True)
    )
    with pytest.raises(WrongLine):
        typed(shape, one[0], other[1])


def test_every_real_key_fits_the_lines() -> None:
    """A recovery key has 74 signs, the log key 64: each comes back from the text and from the page."""
    for _ in range(20):
        key, seed = pyrage.x25519.Identity.generate(), secrets.token_bytes(32)
        sheet = sheet_of(str(key), seed.hex())
        for text in ("\n".join(lines(sheet)), page(sheet, "vi"), page(sheet, "en")):
            found = read_sheet(text)
            assert (str(found.identity), found.seed) == (str(key), seed)
        assert str(read_sheet(f"# from elsewhere\n{key}\n").identity) == str(key)


def test_lines_without_labels_are_taken_in_their_order() -> None:
    """Only the recovery key may be typed; of a secret every line is wanted."""
    sheet = sheet_of(str(pyrage.x25519.Identity.generate()), secrets.token_hex(32))
    bare = [line for _, line in (*sheet.recovery_lines, *sheet.key_lines)]
    assert read_sheet("\n\n".join(bare)).seed == bytes.fromhex(sheet.seed)
    assert read_sheet("\n".join(bare[:4])).seed is None
    with pytest.raises(Refused, match="R4"):
        read_sheet("\n".join(bare[:3]))
    with pytest.raises(Refused, match="K3, K4"):
        read_sheet("\n".join(bare[:6]))
    with pytest.raises(Refused, match="R1 to R4"):
        read_sheet("")


def test_each_wrong_line_is_named() -> None:
    """With what is wrong about it; the right ones are not."""
    given_ = lines(sheet_of(str(pyrage.x25519.Identity.generate()), secrets.token_hex(32)))
    given_[1] = given_[1][:-1]
    given_[2] = f"{given_[2][:5]}B{given_[2][6:]}"
    given_[6] = given_[6][:5] + ("0" if given_[6][5] != "0" else "1") + given_[6][6:]
    wrong = wrong_lines("\n".join(given_))
    assert [(each.label, each.words.msgid) for each in wrong] == [
        ("R2", "it has {found} signs and ought to have {wanted}"),
        ("R3", "the sign {sign} stands on no sheet"),
        ("K3", "a sign in it is wrong"),
    ]


def test_the_page_stands_alone() -> None:
    """Nothing is fetched; it says what to do; each secret is there as lines and as a code; no log key: words instead."""
    sheet = sheet_of(str(pyrage.x25519.Identity.generate()), secrets.token_hex(32))
    text = page(sheet, "en")
    assert not re.search(r"(?:src|href)=|url\(|@import", text)
    assert text.count("<svg") == 2
    assert "Print this page twice" in text
    assert sheet.committee in text
    bare = page(sheet_of(sheet.identity), "en")
    assert bare.count("<svg") == 1
    assert "The service manager of the machine keeps it" in bare


def test_the_sheet_is_written_before_the_box_knows_the_key(copy: Saved, tmp_path: Path) -> None:
    """Readable by its owner only, never over another file; the box keeps the public half alone."""
    before = recipient(copy.folder / "keys")
    with pytest.raises(Refused, match="already"):
        make(copy.folder, copy.folder / "chibox.toml", language="vi", renew=True, plugins=toy_plugins())
    assert str(recipient(copy.folder / "keys")) == str(before)
    sheet = make(copy.folder, tmp_path / "s.html", language="vi", renew=True, plugins=toy_plugins())
    assert (tmp_path / "s.html").stat().st_mode & 0o777 == 0o600
    assert sheet.identity.encode() not in b"".join(p.read_bytes() for p in copy.folder.rglob("*") if p.is_file())
    assert recognise(copy.folder, read_sheet((tmp_path / "s.html").read_text())).good
    assert sheet.committee == "Đảng bộ xã Sao Mai"


def test_an_older_sheet_is_told_from_the_right_one(saved: Saved) -> None:
    """By the recovery key, and by the log key; a sheet without the log key is good."""
    right = saved.opening
    assert recognise(saved.folder, right).good
    assert recognise(saved.folder, right._replace(seed=None)).good
    assert not recognise(saved.folder, right._replace(seed=bytes(range(32)))).good
    assert not recognise(saved.folder, Secrets(pyrage.x25519.Identity.generate(), right.seed)).good


def test_without_a_file_of_the_log_key_the_sheet_has_none(copy: Saved) -> None:
    """The service manager keeps it then."""
    (copy.folder / "keys" / "log.key").unlink()
    assert make(copy.folder, None, language="vi", renew=True, plugins=toy_plugins()).seed == ""
    assert sum(map(sum, LOG_KEY.groups)) == 64
    assert sum(map(sum, RECOVERY.groups)) == 58
