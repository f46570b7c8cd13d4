"""A box with guests in it, its office and its site, and browsers of whoever is signed in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.app import application
from chibox.office import Office
from chibox.site.who import COOKIE
from chibox.testing.boxes import Sandbox, plugins_of, sandbox

Browser = TestClient[Litestar]
HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


class House:
    """A box, its office, its site."""

    def __init__(self, made: Sandbox, office: Office) -> None:
        self.made, self.office, self.box, self.clock = made, office, made.box, made.clock
        self.app = application(office)

    def browser(self, person: str = "", **cookies: str) -> AbstractContextManager[Browser]:
        """A browser of a person, signed in; of nobody for none."""
        client = self._client()
        client.headers.update(HEADERS)
        client.cookies.update(cookies)
        if person:
            token, _ = self.office.sessions.begin(person, "", self.clock.now(), kept=False)
            client.cookies.set(COOKIE, token, domain="box.local")
        return nullcontext(client)

    def program(self, token: str = "") -> AbstractContextManager[Browser]:
        """A program with a token, and no cookie."""
        client = self._client()
        if token:
            client.headers["Authorization"] = f"Bearer {token}"
        return nullcontext(client)

    def _client(self) -> Browser:
        return TestClient(self.app, base_url="http://box.local")  # not entered: an application starts once at a time

    def choose(self, person: str, secret: str) -> None:
        """Let a person have this secret."""
        accounts = self.office.accounts
        accounts.choose_secret(accounts.one_time_link(person), secret, secret)

    def sign_in_of(self, person: str) -> str:
        """The name by which a person signs in."""
        return self.office.sign_in_of(person)

    def guest(self, name: str = "Hà Thị Yên", unit: str = "", **more: str) -> str:
        """A guest, received by the service."""
        command = guests.Receive(unit=unit or self.made.root, name=name, **more)
        clerk = self.made.someone("clerk")
        return self.made.subject(self.made.ask(command, actor=clerk))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A box with guests, open."""
    with sandbox(tmp_path / "box", plugins_of(guests=guests)) as made, closing(Office(made.box)) as office:
        yield House(made, office)


@pytest.fixture
def clerk(house: House) -> str:
    """Who keeps guests everywhere."""
    return house.made.someone("clerk")


@pytest.fixture
def administrator(house: House) -> str:
    """The first administrator."""
    return house.made.administrator


@pytest.fixture
def fresh_act() -> Callable[[], str]:
    """Makes acts."""
    import os  # noqa: PLC0415

    return lambda: os.urandom(16).hex()
