"""What a wrong cell could be meant to be: filled in only when it is certain, else offered, and never for years and zeros."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from plugins.membership.tests.sheet.listed import checked

from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Cell, Table

OWN = [("Chi bộ thôn Đông", "a" * 32), ("Chi bộ thôn Đoài", "b" * 32), ("Chi bộ Trạm Y tế", "c" * 32)]


@pytest.mark.parametrize(
    ("letter", "cell", "guess", "readings"),
    [
        ("I", "990.168.001.217", "990168001217", ()),
        ("I", "990-168-001-217", "990168001217", ()),
        ("I", "99O168001217", "", ("990168001217",)),
        ("I", "1068001217", "", ("001068001217",)),
        ("I", Cell("number", "1068001217"), "", ("001068001217",)),
        ("I", "12345", "", ()),
        ("F", "7/5/68", "", ("07/05/1968",)),
        ("L", "7/5/08", "", ("07/05/1908", "07/05/2008")),
        ("F", "29/02/1961", "", ("28/02/1961", "01/03/1961")),
        ("F", "02/13/1968", "", ("13/02/1968",)),
        ("F", "40/13/1968", "", ()),
        ("F", Cell("number", "24965"), "", ("07/05/1968",)),
        ("F", Cell("number", "7051968"), "", ("07/05/1968",)),
        ("F", Cell("moment", "1968-05-07 10:00:00"), "07/05/1968", ()),
        ("F", "1968", "", ()),
        ("G", "Kinhh", "", ("Kinh",)),
        ("AA", "Từ tran x", "", ("Từ trần",)),
        ("B", "EBC991CE610A455CACBCC1A2179D4D7E", "ebc991ce-610a-455c-acbc-c1a2179d4d7e", ()),
        ("N", "thôn Đông", "Chi bộ thôn Đông", ()),
        ("N", "CB trạm y tế", "Chi bộ Trạm Y tế", ()),
        ("N", "Chi bộ thôn Đoàii", "", ("Chi bộ thôn Đoài",)),
        ("N", "Chi bộ Lâm trường", "", ()),
    ],
)
def test_a_fault_says_what_could_be_meant(
    table: Callable[..., Table],
    good: Mapping[str, str],
    today: date,
    letter: str,
    cell: str | Cell,
    guess: str,
    readings: tuple[str, ...],
) -> None:
    """A guess is what it surely is; readings are what it may be; a typed guess leaves no fault."""
    (fault,) = checked(table({**good, letter: cell}), Units(OWN), today).faults
    assert (fault.guess, fault.readings) == (guess, readings)
    for meant in (guess, *readings):
        assert meant == "" or checked(table({**good, letter: meant}), Units(OWN), today).faults == []


def said(units: Units, name: str) -> Fault:
    """The fault of a cell that names no unit."""
    with pytest.raises(Wrong) as wrong:
        units.id(name)
    return wrong.value.at(8, "N", "cell", name)


def test_a_former_name_is_certain() -> None:
    """A cell that was renamed is meant by its old name; one of two that bore it is not."""
    once = Units(OWN, [("Chi bộ thôn 5", "a" * 32), ("Chi bộ thôn Đông", "a" * 32), ("Chi bộ thôn 6", "f" * 32)])
    fault = said(once, "Chi bộ thôn 5")
    assert (str(fault.words), fault.guess) == (
        "Row 8, column N: “Chi bộ thôn 5” is called “Chi bộ thôn Đông” now.", "Chi bộ thôn Đông",
    )  # fmt: skip
    assert said(once, "Chi bộ thôn 6").guess == ""
    twice = Units(OWN, [("Chi bộ thôn 5", "a" * 32), ("Chi bộ thôn 5", "b" * 32)])
    assert said(twice, "Chi bộ thôn 5").guess == ""
