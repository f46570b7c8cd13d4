"""Sentences in two languages, and dates, numbers, pairs as a person writes them."""

import datetime as dt

import pytest
from jinja2 import Undefined
from markupsafe import Markup

from chibox.errors import words
from chibox.web import formats, locale, phrases


def test_a_sentence_is_vietnamese_unless_the_reader_chose() -> None:
    """Vietnamese is the language of a box; English is a choice; another one changes nothing."""
    said = words("Month {month} of {year} has only {days} days", month="2", year="1968", days=29)
    assert locale.translate(said) == "Tháng 2 năm 1968 chỉ có 29 ngày"
    with locale.speaking("en"):
        assert locale.translate(said) == "Month 2 of 1968 has only 29 days"
        with locale.speaking("fr"):
            assert locale.current() == "en"
    assert locale.current() == "vi"


def test_a_plural_follows_the_number() -> None:
    """English has two forms, Vietnamese one; the number is the parameter n."""
    forms = ("Not saved: {n} place needs a look", "Not saved: {n} places need a look")
    assert locale.ngettext(*forms, 2) == "Chưa lưu: còn 2 chỗ cần xem lại"
    with locale.speaking("en"):
        assert [locale.ngettext(*forms, n) for n in (1, 2)] == [
            "Not saved: 1 place needs a look",
            "Not saved: 2 places need a look",
        ]


def test_parameters_are_written_as_a_person_writes_them() -> None:
    """Counts have dots, dates slashes, a sentence in a sentence is translated, text stays."""
    text = locale.gettext("{a} {b} {c} {d}", a=2104, b=dt.date(2026, 2, 3), c=words("Good"), d="1968")
    assert text == "2.104 03/02/2026 Tốt 1968"


def test_html_in_a_sentence_escapes_the_rest() -> None:
    """A link may stand in a sentence; what a person typed beside it is escaped."""
    text = locale.gettext("{link} & {typed}", link=Markup("<b>x</b>"), typed="<i>")
    assert text == Markup("<b>x</b> &amp; &lt;i&gt;")


def test_a_missing_parameter_is_an_error() -> None:
    """An undefined name of a template does not become an empty place in a sentence."""
    with pytest.raises(TypeError, match="count"):
        locale.gettext("{count}", count=Undefined(name="count"))


def test_a_package_without_words_is_no_reason_to_stop() -> None:
    """A plugin without a catalogue speaks English."""
    locale.load(["chibox", "chibox.web"])
    assert locale.gettext("No such sentence") == "No such sentence"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.date(2026, 2, 3), "03/02/2026"),
        ("1987-08-19", "19/08/1987"),
        ("1987-08", "08/1987"),
        ("1987", "1987"),
        (None, ""),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(value: dt.date | str | None, written: str) -> None:
    """What is unknown of a date is left out, nothing is made up."""
    assert formats.date(value) == written


def test_a_text_that_is_no_date_is_an_error() -> None:
    """A date that was stored wrong is not shown as something else."""
    with pytest.raises(ValueError, match="not an ISO date"):
        formats.date("19/08/1987")


@pytest.mark.parametrize(
    ("digits", "written"),
    [
        ("011068001217", "011 068 001 217"),
        ("0987000111", "0987 000 111"),
        ("12345", "12 345"),
        ("AB 12", "AB 12"),
        (None, ""),
    ],
)
def test_digits_stand_in_groups(digits: str | None, written: str) -> None:
    """Numbers of papers and telephones are grouped as they are read out, without a break between lines."""
    assert formats.groups(digits) == written.replace(" ", "\u00a0" if digits != "AB 12" else " ")


def test_a_masked_number_tells_people_apart_and_no_more() -> None:
    """Six digits and two are shown; a short number is hidden whole."""
    assert formats.mask("011068001217") == "011\u00a0068\u00a0••••17"
    assert (formats.mask("1234"), formats.mask(None)) == ("••••", "")


def test_numbers_pairs_and_times() -> None:
    """1.234,5; the pair before the share; times of Viet Nam, from the ms of an entry too."""
    at = dt.datetime(2026, 12, 3, 19, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    ms = int(at.timestamp() * 1000)
    assert [phrases.number(1234.5), phrases.number(-7), formats.number(1234.5, "en")] == ["1.234,5", "−7", "1,234.5"]
    assert phrases.pair(18, 21) == "18 trên\u00a021 (85,7%)"
    assert phrases.pair(0, 0) == "0"
    assert [formats.time(ms), formats.moment(ms), formats.moment(at)] == ["19:30", *["19:30, 03/12/2026"] * 2]
    assert phrases.time_in_words(at) == "19 giờ\u00a030"
    assert phrases.date_in_words(at.date()) == "ngày\u00a03 tháng\u00a012 năm\u00a02026"
    assert phrases.dated(at.date()) == "thứ Năm, 03/12/2026"


def test_behind_a_colon_vietnamese_goes_on_small() -> None:
    """English keeps the capital of a month."""
    assert locale.sentence_tail("Tháng 2") == "tháng 2"
    with locale.speaking("en"):
        assert locale.sentence_tail("February") == "February"


def test_a_name_of_one_word_is_bold() -> None:
    """A name without a family name, and none at all."""
    assert phrases.person_name("Dếnh") == Markup("<b>Dếnh</b>")
