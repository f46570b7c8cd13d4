"""Every error is told to a person in words and to a program as a problem document, and never as a traceback."""

import logging
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient

PLANTED = "Lò Văn Kín"


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/fail/forbidden", 403, "This is done by the secretary"),
        ("/fail/missing", 404, "There is no such person"),
        ("/fail/refused", 409, "Only 1 members remain"),
        ("/fail/invalid", 422, "Chưa nhận được nội dung này"),
        ("/fail/away", 503, "The box is catching up"),
        ("/fail/teapot", 418, "Hộp không đọc được nội dung vừa gửi"),
        ("/fail/unexpected", 500, "Hộp chưa làm xong việc này"),
        ("/nowhere", 404, "Không có trang này"),
    ],
)
def test_an_error_is_a_page_with_its_status(client: TestClient[Litestar], path: str, status: int, heading: str) -> None:
    """What happened is the heading of a page in the frame of the site."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"<h1>{heading}</h1>" in answer.text
    assert "Đảng bộ xã Sao Mai" in answer.text


def test_a_wrong_method_is_a_page_too(client: TestClient[Litestar]) -> None:
    """405 says so in words and names the methods that the address has."""
    answer = client.put("/people")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD", "OPTIONS", "POST"})
    assert "Trang này không nhận cách gửi ấy" in answer.text


def test_after_a_refused_form_a_page_says_what_was_kept(client: TestClient[Litestar]) -> None:
    """A refusal of something sent says that nothing changed and how to find again what was typed."""
    page = client.post("/people").text
    assert "Hộp chưa đổi gì." in page
    assert "những gì vừa nhập vẫn còn ở đó" in page


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unexpected_error_shows_a_number_and_nothing_else(
    client: TestClient[Litestar], caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    """The number on the page stands in the log with places and types, neither has the message: it may name a person."""
    with caplog.at_level(logging.INFO, "chibox.web"):
        answer = client.get("/fail/unexpected", headers={"Accept": accept})
    number = re.search(r"\d{3}-\d{3}", answer.text)
    assert number
    assert number[0] in caplog.text
    assert "builtins.RuntimeError at" in caplog.text
    assert "pages.py" in caplog.text
    for text in (answer.text, caplog.text):
        assert PLANTED not in text
    assert "Traceback" not in answer.text


def test_the_log_of_an_error_names_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    """An error that was raised from another shows both types."""
    from chibox.web.errors import fault_of  # noqa: PLC0415

    try:
        try:
            int("x")
        except ValueError as cause:
            raise LookupError("second") from cause
    except LookupError as error:
        fault_of(error, changes=True)
    assert re.search(r"builtins\.LookupError at .*; caused by builtins\.ValueError at ", caplog.text)


def test_a_program_gets_a_problem_document(client: TestClient[Litestar]) -> None:
    """Below /api/ the answer is JSON whatever is accepted, with the fields and their reasons."""
    answer = client.get("/api/fail/invalid")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json() == {
        "type": "urn:chibox:problem:invalid",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Chưa nhận được nội dung này",
        "fields": {"born": "Cần ghi chỗ này"},
    }


@pytest.mark.parametrize("how", ["refused", "forbidden", "missing", "away", "teapot", "unexpected"])
def test_every_problem_names_its_kind(client: TestClient[Litestar], how: str) -> None:
    """The type of a problem is a word that a program can compare."""
    found = client.get(f"/api/fail/{how}").json()
    kinds = {"missing": "not-found", "teapot": "http", "unexpected": "failed"}
    assert found["type"] == f"urn:chibox:problem:{kinds.get(how, how)}"
    assert found["status"] == client.get(f"/fail/{how}").status_code


def test_a_missing_json_twin_is_a_problem_document(client: TestClient[Litestar]) -> None:
    """An address that ends in .json is asked for by a program."""
    assert client.get("/nowhere.json").headers["content-type"] == "application/problem+json"


def test_a_broken_frame_does_not_hide_the_error(client: TestClient[Litestar], site: Litestar) -> None:
    """When what fills the frame fails as well, the page stands in a bare one."""
    pages = site.state.pages
    frame, pages.frame = pages.frame, _broken
    try:
        answer = client.get("/nowhere")
    finally:
        pages.frame = frame
    assert (answer.status_code, "Không có trang này" in answer.text) == (404, True)


def _broken(_request: object) -> None:
    """A frame that fails."""
    raise RuntimeError(PLANTED)


def test_an_error_speaks_the_reader_s_language(client: TestClient[Litestar]) -> None:
    """The cookie of the language holds for errors outside of every handler too."""
    client.cookies.set("lang", "en")
    assert "<h1>There is no such page</h1>" in client.get("/nowhere").text
