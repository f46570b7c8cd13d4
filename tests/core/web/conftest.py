"""The sample site: core's pages with one plugin, behind a test client or a real server."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

SAMPLE = Path(__file__).parent / "sample"


@pytest.fixture(scope="session")
def make_site() -> Iterator[Callable[[], Litestar]]:
    """Makes the application of the sample; one for each server, since an application starts once at a time."""
    sys.path.insert(0, str(SAMPLE))
    yield importlib.import_module("chibox_sample.pages").application
    sys.path.remove(str(SAMPLE))


@pytest.fixture(scope="session")
def site(make_site: Callable[[], Litestar]) -> Litestar:
    """The application that the test client asks."""
    return make_site()


@pytest.fixture
def client(site: Litestar) -> Iterator[TestClient[Litestar]]:
    """A browser of the box itself: it says where its requests come from."""
    with TestClient(site) as found:
        found.headers.update({"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
        yield found
