"""What a person types is read as they mean it, or refused with the reason."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.errors import Invalid
from chibox.web import typed
from chibox.web.formats import date, number
from chibox.web.locale import speaking, translate

DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31))


def reason(reader: object, text: str) -> str:
    """The words with which a reader refuses a text, in Vietnamese."""
    assert callable(reader)
    with pytest.raises(Invalid) as refused:
        reader(text)
    return translate(refused.value.words)


@pytest.mark.parametrize(
    "text",
    ["13/02/1968", "13/2/1968", "13-02-1968", "13.02.1968", "13 / 02 / 1968", "13021968", "1968-02-13", " 13/02/1968 "],
)
def test_a_date_is_read_in_every_way_people_write_it(text: str) -> None:
    """Slashes, dashes, dots, no marks at all and a pasted ISO date are one date."""
    assert typed.date(text) == dt.date(1968, 2, 13)


@given(DAYS)
def test_a_shown_date_reads_back(day: dt.date) -> None:
    """A date that was shown in a field is read as the same date."""
    assert typed.date(date(day)) == day
    assert typed.partial_date(date(day)) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31/02/1968", "Tháng 2 năm 1968 chỉ có 29 ngày"),
        ("29/02/1961", "Tháng 2 năm 1961 chỉ có 28 ngày"),
        ("12/13/1968", "Không có tháng 13: một năm có 12 tháng"),
        ("00/02/1968", "Ngày và tháng tính từ 1"),
        ("1/2/68", "Ghi đủ bốn chữ số của năm: 01/02/1968 hay 01/02/2068"),
        ("010268", "Ghi đủ bốn chữ số của năm: 01/02/1968 hay 01/02/2068"),
        ("01/02/0968", "Năm từ 1800 đến 2199; ở đây ghi 0968"),
        ("hôm qua", "Ghi ngày/tháng/năm, ví dụ 13/02/1968; ở đây ghi “hôm qua”"),
        ("1968", "Ghi ngày/tháng/năm, ví dụ 13/02/1968; ở đây ghi “1968”"),
    ],
)
def test_an_impossible_date_is_refused_with_its_reason(text: str, words: str) -> None:
    """The reason is a fact about the calendar or about what was typed, and never guesses."""
    assert reason(typed.date, text) == words


def test_the_29th_of_february_of_two_digits_names_what_exists() -> None:
    """A two-digit year of which one reading does not exist says which."""
    assert reason(typed.date, "29/02/00") == "Tháng 2 năm 1900 chỉ có 28 ngày"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1968", "1968"),
        ("../../1968", "1968"),
        ("2/1968", "1968-02"),
        ("../02/1968", "1968-02"),
        ("13/02/1968", "1968-02-13"),
    ],
)
def test_a_partial_date_keeps_what_is_known(text: str, known: str) -> None:
    """A year, a month of a year and a whole day keep their precision."""
    assert typed.partial_date(text) == known


def test_a_partial_date_refuses_what_does_not_exist() -> None:
    """There is no month 13 of any year."""
    assert reason(typed.partial_date, "13/1968") == "Không có tháng 13: một năm có 12 tháng"


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=2))
def test_a_shown_number_reads_back_in_both_languages(value: Decimal) -> None:
    """A number that was shown in a field is read as the same number, in Vietnamese and in English."""
    for language in ("vi", "en"):
        with speaking(language):
            assert typed.number(number(value, language)) == value


@pytest.mark.parametrize("text", ["1.5", "1,234,5", "12.34", "một", "1e5", "١٢", "--1", "1.2345"])
def test_a_number_that_could_be_two_is_refused(text: str) -> None:
    """A dot that is not at thousands could be a decimal point: it is refused, with an example."""
    assert reason(typed.number, text) == f"Ghi số như 1.234,5; ở đây ghi “{text}”"


def test_a_whole_number_has_no_part() -> None:
    """1.234 is a whole number, 1,5 is not."""
    assert typed.whole("1.234") == 1234
    assert reason(typed.whole, "1,5") == "Cần số nguyên; ở đây ghi “1,5”"


def test_a_line_is_nfc_with_single_blanks() -> None:
    """A name typed in parts is composed, and its blanks are single."""
    assert typed.line("  Đa\u0323\u0306ng \t Hư\u0303u  Đê\u0303 ") == "Đặng Hữu Đễ"


@pytest.mark.parametrize("text", ["a\x00b", "a\x85b", "a\x1bb", "a\u202eb", "a\u200bb", "Nam\u0430"])
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    """Control characters, marks that turn the direction of text and letters that only look right are refused by name."""
    for reader in (typed.line, typed.lines):
        assert f"U+{ord(text.strip('Namb')):04X}" in reason(reader, text)


def test_a_browser_s_line_ends_become_one_kind() -> None:
    """A text keeps its lines, a field of one line joins them."""
    assert typed.lines("\r\nmột\r\n\r\nhai\rba \n") == "một\n\nhai\nba"
    assert typed.line("một\r\nhai") == "một hai"


def test_a_text_of_the_size_of_a_file_is_refused() -> None:
    """Longer texts are files."""
    assert reason(typed.lines, "a" * 20_001) == "Nhiều nhất 20.000 chữ; ở đây có 20.001"
