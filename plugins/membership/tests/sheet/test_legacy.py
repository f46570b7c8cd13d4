"""Names that were typed for the fonts of before Unicode are recognised and read; a good name never is touched."""

import datetime as dt
import unicodedata

import pytest

from chibox.testing.commune import commune
from chibox_membership.sheet import legacy
from chibox_membership.sheet.faults import Wrong
from chibox_membership.sheet.legacy import converted
from chibox_membership.sheet.values import text
from chibox_membership.sheet.wire import Cell

NAMES = sorted({one.full_name for one in commune("usual", seed=3, today=dt.date(2026, 11, 25)).members})
ABC = {new: old for old, new in legacy.ABC.items()}


def in_abc(name: str) -> str:
    """The name as TCVN3 wrote it: small letters with marks in place of capital ones."""
    return "".join(ABC.get(sign, ABC.get(sign.lower(), sign)) for sign in name)


def in_vni(name: str) -> str:
    """The name as VNI wrote it: a letter, then its mark."""
    tones, roofs, breves, alone = (
        {new: old for old, new in table.items()}
        for table in (legacy.VNI_TONES, legacy.VNI_ROOFS, legacy.VNI_BREVES, legacy.VNI_ALONE)
    )
    told = []
    for sign in name:
        small = sign.lower()
        base, marks = unicodedata.normalize("NFD", small)[0], unicodedata.normalize("NFD", small)[1:]
        if small in alone:
            two = alone[small]
        elif "\u0302" in marks:
            two = base + roofs[marks.replace("\u0302", "")]
        elif "\u0306" in marks:
            two = base + breves[marks.replace("\u0306", "")]
        elif "\u031b" in marks:
            two = alone[unicodedata.normalize("NFC", base + "\u031b")] + tones.get(marks.replace("\u031b", ""), "")
        else:
            two = base + tones[marks] if marks and base in "aeouy" else small
        told.append(two[0].upper() + two[1:] if sign.isupper() else two)
    return "".join(told)


def test_no_good_name_is_touched() -> None:
    """None of a commune's two thousand names is taken for old text, whole or by its words."""
    assert [name for name in NAMES if converted(name)] == []
    assert [word for name in NAMES for word in name.split() if converted(word)] == []


@pytest.mark.parametrize("encode", [in_abc, in_vni])
def test_what_is_converted_is_the_name(encode: object) -> None:
    """Nearly all names of a commune are recognised, and read as what they are: a person looks at the guess all the same."""
    assert callable(encode)
    usual = [
        n
        for n in NAMES
        if not n.isascii() and "ñ" not in n and "’" not in n and "\u0306" not in unicodedata.normalize("NFD", n)[:0]
    ]
    told = [(name, converted(encode(name))) for name in usual]
    other = [(name, found) for name, found in told if found and name not in found]
    assert len(other) < 0.01 * len(told), other
    assert sum(bool(found) for _, found in told) > 0.9 * len(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("NguyÔn V¨n An", "Nguyễn Văn An"),
        ("TRÇN THÞ H¦¥NG", "TRẦN THỊ HƯƠNG"),
        ("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng"),
        ("Ñaëng Höõu Ñeã", "Đặng Hữu Đễ"),
    ],
)
def test_a_cell_of_old_text_is_a_fault_with_a_certain_guess(old: str, new: str) -> None:
    """The sentence names the old fonts; the guess is the name."""
    with pytest.raises(Wrong) as wrong:
        text(Cell("text", old))
    assert wrong.value.guess == new
    assert str(wrong.value.at(8, "C", "full_name").words) == (
        "Row 8, column C: this was typed for the fonts of TCVN3 or VNI; here it is “" + old + "”."
    )


def test_two_readings_are_left_to_a_person() -> None:
    """A word that both encodings could have meant is not guessed."""
    assert len(converted("Lý A Lö")) == 2
    with pytest.raises(Wrong) as wrong:
        text(Cell("text", "Lý A Lö"))
    assert str(wrong.value.at(8, "C", "full_name").words) == (
        "Row 8, column C: this was typed for the fonts of TCVN3 or VNI; here it is “Lý A Lö”."
    )
    assert (wrong.value.guess, len(wrong.value.readings)) == ("", 2)
