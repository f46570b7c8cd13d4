"""Files that pages link to: named by content, kept for a year, and small."""

import gzip
import re
import runpy
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from litestar import Litestar
from litestar.testing import TestClient

from chibox.web import static

FILES = ["style.css", "enhance.js", "mark.svg", "icon.svg", "drum.svg", "be-vietnam-pro-600.woff2"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_under_the_name_of_its_content(client: TestClient[Litestar], name: str) -> None:
    """The address holds a piece of the digest; the answer may be kept for a year."""
    stem, ending = name.split(".")
    assert re.fullmatch(rf"/static/{stem}\.[0-9a-f]{{10}}\.{ending}", static.url(name))
    answer = client.get(static.url(name))
    assert (answer.status_code, answer.content) == (200, static.asset(name).content)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].split(";")[0] == static.MEDIA_TYPES[ending]


def test_an_old_name_is_gone(client: TestClient[Litestar]) -> None:
    """A file that no page names any more, or without its digest, is not there."""
    for path in ("/static/style.0123456789.css", "/static/style.css", "/static/be-vietnam-pro.OFL.txt"):
        assert client.get(path).status_code == 404


def test_a_name_that_is_not_there_is_an_error() -> None:
    """A template that names a file which does not exist fails at once."""
    with pytest.raises(FileNotFoundError):
        static.url("nothing.css")


def test_the_style_sheet_names_the_font_by_its_content() -> None:
    """Links of the style sheet are rewritten, so that the font may be kept for a year too."""
    sheet = static.asset("style.css").content.decode()
    assert f"url({static.asset('be-vietnam-pro-600.woff2').name})" in sheet
    assert "url(drum.svg)" not in sheet


def test_text_is_sent_compressed_once(client: TestClient[Litestar]) -> None:
    """Who takes gzip gets what was packed at the start, who does not gets the text."""
    with client.stream("GET", static.url("style.css"), headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == static.asset("style.css").content
    plain = client.get(static.url("style.css"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_weight_stays_in_its_budget() -> None:
    """Style 6.5 KB and script 6 KB compressed, font 10 KB, the ornament 1 KB."""
    packed = {name: len(static.asset(name).packed or b"") for name in FILES}
    assert packed["style.css"] <= 6_500
    assert packed["enhance.js"] <= 6_000
    assert packed["mark.svg"] + packed["drum.svg"] <= 1_000
    assert len(static.asset("be-vietnam-pro-600.woff2").content) <= 10_000


def test_pages_stay_in_their_budget(client: TestClient[Litestar]) -> None:
    """A later page is at most 8 KB on the wire, a first one with style, script, font and mark at most 30 KB."""
    with client.stream("GET", "/people", headers={"Accept-Encoding": "gzip"}) as answer:
        later = len(b"".join(answer.iter_raw()))
    assert answer.headers["content-encoding"] == "gzip"
    first = later + sum(len(static.asset(name).packed or static.asset(name).content) for name in FILES)
    assert later <= 8_000
    assert first <= 30_000


def test_the_font_is_what_its_script_makes() -> None:
    """Every letter of Vietnamese and English and no other, without hints, the weight of headings, no time of making in it."""
    tool = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "make_font.py"))
    font = TTFont(BytesIO(static.asset("be-vietnam-pro-600.woff2").content))
    assert {chr(code) for code in font.getBestCmap()} == tool["TEXT"]
    assert font["OS/2"].usWeightClass == tool["WEIGHT"]
    assert (font["head"].modified, font["head"].created) == (tool["MADE"], tool["MADE"])
    assert not {"fpgm", "prep", "cvt ", "GSUB"} & {*font.keys()}


def test_the_licence_of_the_font_lies_beside_it() -> None:
    """The font is given on with its licence."""
    from importlib.resources import files  # noqa: PLC0415

    licence = files("chibox.web").joinpath("static/be-vietnam-pro.OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
