"""Sheets of paper: the style of their foot, the date as lawful papers write it."""

import base64
import datetime as dt
import io
import re
from urllib.parse import urlencode

import pytest
import segno
from litestar import Litestar
from litestar.testing import TestClient

from chibox.web import phrases
from chibox.web.filling import Form

AT = 1_796_262_000_000  # 08:40 on 3 December 2026 in Viet Nam
ROOT = "kq7Jm0/+d2WxTn5bQe8LhYc1uZs4GpAf6RoNi9Kv3tE="


def asked(**query: object) -> str:
    """The address of a foot."""
    return "/-/foot.css?" + urlencode({"number": "48.390", "root": ROOT, "at": AT, **query})


def image(style: str) -> bytes:
    """The drawing in a style."""
    found = re.search(r"url\(\"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\"\)", style)
    assert found
    return base64.b64decode(found[1])


def test_the_foot_numbers_pages_and_says_where_the_log_stood(client: TestClient[Litestar]) -> None:
    """One rule for the pages of sheets; every sign that could end a text in a style stands by its number."""
    answer = client.get(asked())
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.text.startswith("@page sheet{@bottom-left{content:")
    assert 'counter(page) "/" counter(pages)' in answer.text
    assert answer.text.count('"') == 16
    assert "kq7J m0\\00002f \\00002b  d2Wx Tn5b" in answer.text
    assert "48\\00002e 390" in answer.text


def test_the_foot_has_a_code_that_leads_to_the_check(client: TestClient[Litestar]) -> None:
    """Number and whole root in an address of the host that the reader reached, 14 mm wide; none without a root."""
    style = client.get(asked(), headers={"Host": "hop.xa.vn:8437"}).text
    address = f"http://hop.xa.vn:8437/check?number=48390&root=kq7Jm0_-{ROOT[8:-1]}"
    drawing = image(style)
    expected = io.BytesIO()
    segno.make_qr(address, error="l").save(expected, kind="svg", border=1, xmldecl=False, dark="#000", light="#fff",
                                           omitsize=True, svgclass=None, lineclass=None)  # fmt: skip
    assert drawing.replace(b'<svg width="14mm" height="14mm"', b"<svg") == expected.getvalue()
    assert "@bottom-right" not in client.get(asked(root="")).text


@pytest.mark.parametrize(
    "bad", [{"number": '1"}'}, {"number": ""}, {"root": "a\\"}, {"root": ROOT[:10]}, {"at": "-1"}, {"at": "9" * 15}]
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
