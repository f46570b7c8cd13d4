"""Somebody else's client of tus 1.0.0 (tuspy) sends a file to the box as it does to any server."""

import io
import os
from collections.abc import Iterator

import pytest
from tests.core.site.conftest import House
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from chibox.drafts.uploads import LARGEST, Uploads
from chibox.identity.service import service_of
from chibox.testing.browser import serving

DATA = os.urandom(700_000)


@pytest.fixture
def client(house: House) -> Iterator[TusClient]:
    """A client with the token of the box's machine."""
    with serving(house.app) as address:
        yield TusClient(f"{address}/uploads", headers={"Authorization": f"Bearer {house.office.token}"})


def came(house: House, url: object) -> tuple[str, bytes]:
    """Name and bytes of the file as a form would get it."""
    file = Uploads(house.office.drafts, service_of(house.box.picture), house.clock.now).sent(str(url).rsplit("/", 1)[1])
    return file.name, file.data


def test_it_sends_a_file_in_chunks(house: House, client: TusClient) -> None:
    """Chunk by chunk, with the name that it gives."""
    uploader = client.uploader(file_stream=io.BytesIO(DATA), chunk_size=99_999, metadata={"filename": "Danh sách.xlsx"})
    uploader.upload()
    assert came(house, uploader.url) == ("Danh sách.xlsx", DATA)


def test_it_goes_on_in_another_process(house: House, client: TusClient) -> None:
    """Who knows only the address asks where the file stands, and sends the rest."""
    first = client.uploader(file_stream=io.BytesIO(DATA), chunk_size=200_000)
    first.upload(stop_at=400_000)
    second = client.uploader(file_stream=io.BytesIO(DATA), url=first.url)
    assert second.offset == 400_000
    second.upload()
    assert came(house, first.url) == ("", DATA)


def test_one_that_is_behind_is_told_and_catches_up(house: House, client: TusClient) -> None:
    """Another offset than the file's is refused; a client that may try again asks, and goes on."""
    behind = client.uploader(file_stream=io.BytesIO(DATA), chunk_size=200_000)
    behind.upload(stop_at=200_000)
    client.uploader(file_stream=io.BytesIO(DATA), url=behind.url, chunk_size=100_000).upload(stop_at=300_000)
    with pytest.raises(TusUploadFailed) as refused:
        behind.upload(stop_at=400_000)
    assert refused.value.status_code == 409
    behind.retries, behind.retry_delay = 1, 0
    behind.upload()
    assert came(house, behind.url)[1] == DATA


def test_a_file_too_large_gets_no_address(client: TusClient) -> None:
    """The client hears 413 before it has sent a byte."""
    with pytest.raises(TusCommunicationError) as refused:
        client.uploader(file_stream=io.BytesIO(bytes(LARGEST + 1))).upload()
    assert refused.value.status_code == 413
