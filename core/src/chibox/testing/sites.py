"""The site of a box behind test clients: pages and API, asked by whoever is signed in."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from litestar import Litestar
from litestar.testing import TestClient

from chibox.app import application
from chibox.box import Box
from chibox.office import Office
from chibox.site.who import COOKIE

SignedIn = Callable[[str], TestClient[Litestar]]
_BROWSER = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


@contextmanager
def site(box: Box) -> Iterator[SignedIn]:
    """Yields a function person -> a browser of that person, signed in; of nobody for "". The box stays open at the end."""
    with closing(Office(box)) as office:
        app = application(office)

        def browser(person: str) -> TestClient[Litestar]:
            client = TestClient(app)
            client.headers.update(_BROWSER)
            if person:
                token, _ = office.sessions.begin(person, "", box.clock.now(), kept=False)
                client.cookies.set(COOKIE, token)
            return client

        yield browser
