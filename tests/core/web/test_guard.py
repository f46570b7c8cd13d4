"""What other sites cannot do with a reader's browser, and what every answer carries."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from chibox.web.guard import BODY_LIMIT


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 409),
        ({"Sec-Fetch-Site": "none"}, 409),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver.local"}, 403),
        ({"Origin": "http://testserver.local"}, 409),
        ({"Origin": "http://TESTSERVER.local"}, 409),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://testserver.local.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({}, 409),
    ],
)
def test_only_this_site_makes_a_browser_change_something(site: Litestar, headers: dict[str, str], status: int) -> None:
    """A form is taken from this site and from a program, never from another site (the sample itself answers 409)."""
    with TestClient(site) as client:
        assert client.post("/people", headers=headers).status_code == status


def test_a_page_is_open_to_a_link_from_elsewhere(site: Litestar) -> None:
    """Reading changes nothing: a link in a message opens the page."""
    with TestClient(site) as client:
        assert client.get("/people", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_door_for_machines_is_not_asked_where_it_comes_from(site: Litestar) -> None:
    """What is signed anyway is exempt by name."""
    with TestClient(site) as client:
        assert client.post("/machine", headers={"Origin": "http://other.box"}).status_code == 201


@pytest.mark.parametrize("path", ["/people", "/nowhere", "/fail/unexpected", "/people?lang=en"])
def test_every_answer_carries_the_policy(client: TestClient[Litestar], path: str) -> None:
    """Pages, errors of every kind and redirects carry the headers, and none is kept by a cache."""
    found = client.get(path, follow_redirects=False).headers
    assert found["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert (found["x-content-type-options"], found["referrer-policy"]) == ("nosniff", "same-origin")
    assert (found["cache-control"], "permissions-policy" in found) == ("no-store", True)


def test_a_body_too_large_is_refused_in_words(client: TestClient[Litestar]) -> None:
    """A megabyte is the end, unless a handler says otherwise; the answer is a page."""
    answer = client.post("/people/new", data={"name": "a" * BODY_LIMIT})
    assert (answer.status_code, "Nội dung gửi quá lớn" in answer.text) == (413, True)


def test_a_choice_of_language_is_kept_and_leaves_the_address(client: TestClient[Litestar]) -> None:
    """`?lang=en` is answered with a cookie and the same page without it; the rest of the query stays."""
    answer = client.get("/people?q=x&lang=en&text=150", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people?q=x")
    page = client.get("/people").text
    assert '<html lang="en" class="t150">' in page
    assert "To the content" in page


@pytest.mark.parametrize("query", ["?lang=xx", "?text=1000", "?lang="])
def test_a_choice_that_we_do_not_have_changes_nothing(client: TestClient[Litestar], query: str) -> None:
    """Vietnamese and the medium size stay."""
    answer = client.get(f"/people{query}", follow_redirects=False)
    assert '<html lang="vi">' in answer.text


def test_a_choice_never_sends_to_another_host(client: TestClient[Litestar]) -> None:
    """An address that begins with two slashes would be another host."""
    answer = client.get("http://testserver.local//evil.example?lang=en", follow_redirects=False)
    assert answer.headers.get("location", "/").startswith("/evil") or answer.status_code == 404
