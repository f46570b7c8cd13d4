"""The JSON door: typed, once for each key, refusals as problem documents, for sessions and for the machine's own token."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from tests.core.site.conftest import Browser, House

from chibox.identity.service import service_of

KEY = "Idempotency-Key"


def received(client: Browser, house: House, key: str, name: str = "Lò Thị Mẩy", **headers: str) -> Response:
    """A guest, received by API."""
    body = {"unit": house.made.root, "name": name}
    return client.post("/api/guests/receive", json=body, headers={KEY: key, **headers})


def test_an_act_is_done_once(house: House, fresh_act: Callable[[], str]) -> None:
    """The answer names act, positions and receipt number; the same key and body get the same answer, another body 422."""
    key = fresh_act()
    with house.program(house.office.token) as program:
        first, second = received(program, house, key), received(program, house, key)
        other = received(program, house, key, "Vừ A Dếnh")
    last = house.box.log.size - 1
    assert first.json() == {"act": key, "first": last, "last": last, "number": str(last)}
    assert (first.status_code, second.json()) == (200, first.json())
    assert other.status_code == 422
    assert house.box.log.size == last + 1


def test_the_token_acts_as_the_service(house: House, fresh_act: Callable[[], str]) -> None:
    """What the command line asks is recorded under the service account; a wrong token is nobody."""
    with house.program(house.office.token) as program:
        assert received(program, house, fresh_act()).status_code == 200
    assert house.made.entry(house.box.log.size - 1).by == service_of(house.box.picture)
    for token in ("", house.office.token[:-1] + "x", house.office.token.upper()):
        with house.program(token) as stranger:
            assert received(stranger, house, fresh_act()).status_code == 401


def test_a_session_acts_as_its_person(house: House, clerk: str, fresh_act: Callable[[], str]) -> None:
    """A page's own script may use the API; another site's may not."""
    with house.browser(clerk) as browser:
        assert received(browser, house, fresh_act()).status_code == 200
        assert house.made.entry(house.box.log.size - 1).by == clerk
        foreign = received(browser, house, fresh_act(), **{"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"unit": "u", "name": "x", "age": 3}, {}, 400),
        ({"unit": "u"}, {}, 400),
        ({"unit": "u", "name": 3}, {}, 400),
        ({"unit": "u", "name": "x"}, {KEY: ""}, 400),
        ({"unit": "u", "name": "x"}, {KEY: "A" * 32}, 400),
        ({"unit": "u", "name": "x"}, {"X-Seen": "soon"}, 400),
        ({"unit": "u", "name": "x"}, {"On-Behalf": "somebody"}, 400),
        ({"unit": "0" * 32, "name": "x"}, {}, 403),
    ],
)
def test_a_refusal_is_a_problem_document(house: House, body: Any, headers: dict[str, str], status: int) -> None:
    """Strict JSON and headers: what is not as described changes nothing and is told as RFC 9457 says."""
    size = house.box.log.size
    with house.program(house.office.token) as program:
        answer = program.post("/api/guests/receive", json=body, headers={KEY: "a" * 32, **headers})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == status
    assert house.box.log.size == size


def test_a_rule_refuses_in_the_readers_language(house: House, fresh_act: Callable[[], str]) -> None:
    """409 with the sentence of the rule, Vietnamese unless English is asked for."""
    with house.program(house.office.token) as program:
        undone = program.post("/api/core/undo", json={"act": "0" * 32, "also": []}, headers={KEY: fresh_act()})
        program.cookies.set("lang", "en")
        english = program.post("/api/core/undo", json={"act": "0" * 32, "also": []}, headers={KEY: fresh_act()})
    assert (undone.status_code, english.status_code) == (404, 404)
    assert english.json()["detail"] == "There is no such act."
    assert undone.json()["detail"] != english.json()["detail"]


def test_seen_is_asked_for_and_compared(house: House, fresh_act: Callable[[], str]) -> None:
    """A command on an existing subject without X-Seen is 422, with an old one 409, with the present one done."""
    guest = house.guest()
    last = house.made.last(guest)
    body = {"guest": guest, "name": "Tên khác"}

    def renamed(**headers: str) -> int:
        with house.program(house.office.token) as program:
            return program.post("/api/guests/rename", json=body, headers={KEY: fresh_act(), **headers}).status_code

    assert [renamed(), renamed(**{"X-Seen": str((last or 0) - 1)}), renamed(**{"X-Seen": str(last)})] == [422, 409, 200]
    body["name"] = "Tên khác nữa"
    path = f"/api/guests/rename?seen={house.made.last(guest)}"
    with house.program(house.office.token) as program:
        assert program.post(path, json=body, headers={KEY: fresh_act()}).status_code == 200


def test_paper_and_helper_are_recorded(house: House, clerk: str, fresh_act: Callable[[], str]) -> None:
    """From-Paper and On-Behalf stand in the record's context."""
    with house.program(house.office.token) as program:
        received(program, house, fresh_act(), **{"From-Paper": "true", "On-Behalf": clerk})
    context = house.made.entry(house.box.log.size - 1).context
    assert (context["from_paper"], context["on_behalf"]) == (True, clerk)


def test_the_schema_describes_every_command_and_no_page(house: House) -> None:
    """/schema is data, needs nobody signed in, types each command, groups by plugin and loads nothing from elsewhere."""
    with house.browser() as stranger:
        answer = stranger.get("/schema")
        yaml = stranger.get("/schema/openapi.yaml")
    schema = answer.json()
    assert set(schema["paths"]) == {f"/api/{d.plugin}/{d.name}" for d in house.box.commands.values()}
    receive = schema["paths"]["/api/guests/receive"]["post"]
    assert receive["tags"] == ["guests"]
    name = receive["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert schema["components"]["schemas"][name]["required"] == ["name", "unit"]
    needed = {p["name"] for p in receive["parameters"] if p["required"]}
    assert needed == {KEY}
    assert yaml.status_code == 200
    assert "<script" not in answer.text + yaml.text
