"""A page in its frame: addresses that keep the day, sentences in the reader's language, forms that come back."""

import datetime as dt
import re
from importlib.resources import files

import pytest
from jinja2 import UndefinedError
from litestar import Litestar
from litestar.testing import TestClient

from chibox.web.render import query_fields, url


def test_a_page_answers_head(client: TestClient[Litestar]) -> None:
    """Monitors and link checkers ask with HEAD; the answer has no body."""
    answer = client.head("/people")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_plugin_s_page_stands_in_the_frame(client: TestClient[Litestar]) -> None:
    """Unit, person, menu with the current place and its counts, the path, help and the way out are on every page."""
    page = client.get("/people").text
    assert '<html lang="vi">' in page
    assert "<title>Đảng viên</title>" in page
    assert '<a href="/people" aria-current="page"><span>Đảng viên</span></a>' in page
    assert '<b>7<span class="sr"> việc đến hạn</span></b>' in page
    assert '<li class="up"><a href="/">Đảng bộ xã Sao Mai</a></li>' in page
    assert '<a href="tel:0987000111">0987\u00a0000\u00a0111</a>' in page
    assert '<form method="post" action="/sign-out">' in page


def test_a_given_name_is_bold_and_a_name_is_escaped(client: TestClient[Litestar]) -> None:
    """The last word of a name is what people look for."""
    assert "Nguyễn Thị Thu <b>Hương</b></a>" in client.get("/people").text


def test_a_refused_form_comes_back_as_it_was_typed(client: TestClient[Litestar]) -> None:
    """422, the title says it first, the summary links to each field, what was typed stands there, the act is the same."""
    sent = {"name": "<b>Nam", "born": "31/02/1968", "seen_paper": ["", "on"], "_act": "a" * 32}
    answer = client.post("/people/new", data=sent)
    page = answer.text
    assert answer.status_code == 422
    assert "<title>Chưa lưu – Thêm đảng viên</title>" in page
    assert "<h2>Chưa lưu: còn 2 chỗ cần xem lại</h2>" in page
    assert '<a href="#f-born">Ngày sinh: tháng 2 năm 1968 chỉ có 29 ngày</a>' in page
    assert '<a href="#f-kind">Loại: cần ghi chỗ này</a>' in page
    assert 'value="&lt;b&gt;Nam"' in page
    assert (
        'value="31/02/1968" class="w-date" inputmode="numeric" autocomplete="off" aria-describedby="h-born e-born"'
        in page
    )
    assert 'id="f-seen_paper" name="seen_paper" value="on" checked' in page
    assert f'<input type="hidden" name="_act" value="{"a" * 32}">' in page
    assert page.index('<div class="stop" tabindex="-1" autofocus>') < page.index("<h1>")


def test_a_good_form_leads_on(client: TestClient[Litestar]) -> None:
    """A form that was taken is answered with a redirect, so that reloading sends nothing again."""
    sent = {"name": "Nam", "born": "13.2.1968", "kind": "official", "seen_paper": "", "_act": "a" * 32}
    answer = client.post("/people/new", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/people?added=1968-02-13&act={'a' * 32}")


def test_a_search_that_finds_nobody_says_so(client: TestClient[Litestar]) -> None:
    """An empty list is a sentence and the one act that fills it."""
    page = client.get("/people?q=x").text
    assert "Không thấy ai có tên gần như vậy." in page
    assert "<table" not in page


def test_a_link_keeps_the_query_and_the_day(client: TestClient[Litestar]) -> None:
    """Sorting keeps the search, a page of the past leads to pages of the past."""
    page = client.get("/people?where=dong&day=31/12/2025&page=3").text
    assert 'href="/people?where=dong&amp;day=31%2F12%2F2025&amp;sort=born"' in page
    assert 'href="/people?where=dong&amp;day=31%2F12%2F2025&amp;page=2"' in page
    assert '<a href="/-/health?day=31%2F12%2F2025">' in page


def test_an_address_without_a_request_is_bare() -> None:
    """Outside of a request there is nothing to keep; a date is written as it is typed, None takes a name out."""
    assert url("/x", day=dt.date(2025, 12, 31), known=None) == "/x?day=31%2F12%2F2025"
    assert (url(), query_fields()) == ("/", [])


def test_a_band_stays_until_the_next_page(client: TestClient[Litestar]) -> None:
    """What was done is said above the page, with the form that takes it back and the number of its act."""
    page = client.get("/done").text
    assert 'role="status"' in page
    assert "Đã nhập 176 dòng." in page
    assert f'<input type="hidden" name="_act" value="{"a" * 32}"><button>Hoàn tác</button>' in page


def test_the_page_before_the_box_has_no_menu(client: TestClient[Litestar]) -> None:
    """The sign-in page has the drum, whose box it is, and no box ticked."""
    page = client.get("/sign-in").text
    assert 'class="drum"' in page
    assert 'class="nav"' not in page
    assert "checked" not in page
    assert "<title>Đăng nhập – Bản tập huấn</title>" in page


def test_the_page_of_components_speaks_both_languages(client: TestClient[Litestar]) -> None:
    """The page of components renders, in both languages."""
    assert client.get("/-/components").status_code == 200
    client.cookies.set("lang", "en")
    page = client.get("/-/components").text
    assert "Not saved: 3 places need a look" in page
    assert "Month 2 of 1968 has only 29 days" in page


def test_a_name_that_is_not_there_is_an_error(site: Litestar) -> None:
    """A template with a misspelt name fails: an empty place would look like a fact."""
    template = site.state.pages.environment.from_string("{{ naem }}")
    with pytest.raises(UndefinedError):
        template.render()


def test_every_component_is_shown() -> None:
    """Each macro that a page may use is called on the page of components: what is not shown there, nobody looks at."""
    folder = files("chibox.web").joinpath("templates")
    told = folder.joinpath("components.html").read_text("utf-8")
    shown = folder.joinpath("components_page.html").read_text("utf-8")
    shown += folder.joinpath("components/print_sample.html").read_text("utf-8")
    names = {name.strip() for names in re.findall(r"{% set ([\w, ]+) =", told) for name in names.split(",")}
    assert len(names) > 40
    missing = {name for name in names if not re.search(rf"(?:\{{\{{ ?|call (?:\(\w*\) )?|}}| ){name}\(", shown)}
    assert missing - {"foot_style"} == set()  # it is the style of a printed page's last line
