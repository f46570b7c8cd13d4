"""Sheets of paper: the style of their foot, the date as lawful papers write it."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from chibox.web import phrases
from chibox.web.filling import Form

AT = 1_796_262_000_000  # 08:40 on 3 December 2026 in Viet Nam


def asked(**query: object) -> str:
    """The address of a foot."""
    return "/-/foot.css?" + urlencode({"number": "48.390", "code": "kq7Jm0/+d2", "at": AT, **query})


def test_the_foot_numbers_pages_and_says_where_the_log_stood(client: TestClient[Litestar]) -> None:
    """One rule for the pages of sheets; every sign that could end a text in a style stands by its number."""
    answer = client.get(asked())
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.text.startswith("@page sheet{@bottom-left{content:")
    assert 'counter(page) "/" counter(pages)' in answer.text
    assert answer.text.count('"') == 10
    assert "kq7Jm0\\00002f \\00002b d2" in answer.text
    assert "48\\00002e 390" in answer.text


@pytest.mark.parametrize(
    "bad", [{"number": '1"}'}, {"number": ""}, {"code": "a\\"}, {"code": ""}, {"at": "-1"}, {"at": "9" * 15}]
)
def test_nothing_else_gets_into_the_style(client: TestClient[Litestar], bad: dict[str, str]) -> None:
    """An address that no page has is answered with 404."""
    assert client.get(asked(**bad)).status_code == 404


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 12, 3), "ngày 03 tháng 12 năm 2026"),
        (dt.date(2026, 2, 19), "ngày 19 tháng 02 năm 2026"),
        (dt.date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
    ],
)
def test_lawful_papers_write_their_own_dates(day: dt.date, said: str) -> None:
    """Days below 10 and the months 1 and 2 have a nought, other months have none."""
    assert phrases.lawful_date(day).replace("\u00a0", " ") == said


def test_a_value_is_put_into_a_form() -> None:
    """It stands there as a person types it; None empties the field."""
    form = Form({"day": ["1/1/2000"], "name": ["Mẩy"]})
    form.put("day", dt.date(2026, 2, 1))
    form.put("name", None)
    assert (form.value("day"), form.value("name")) == ("01/02/2026", "")
