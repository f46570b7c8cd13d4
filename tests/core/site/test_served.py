"""The log for programs: by its specification, for whoever has a reader's address, and nothing that has not left the box."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.core.site.conftest import House
from tests.core.whole import merkle_root

from chibox.app import application
from chibox.core_commands import RegisterPerson
from chibox.identity.readers import Readers
from chibox.office import Office
from chibox.records.checkpoints import Checkpoint
from chibox.records.log import LogReader
from chibox.records.merkle import leaf_hash
from chibox.records.notes import open_note
from chibox.records.tiles import Bundle, Tile, bundles_of, parse_bundle, tiles_of
from chibox.testing.boxes import Sandbox, sandbox

DAY = 86_400_000


class Served:
    """A log of 300 entries and more, the site, and a reader's address."""

    def __init__(self, made: Sandbox, office: Office) -> None:
        self.made, self.office = made, office
        self.client = TestClient[Litestar](application(office), base_url="http://box.local")
        self.token = office.readers.make("witness", "Nhân chứng tỉnh", now=made.clock.now())

    @property
    def readers(self) -> Readers:
        """The readers of the box."""
        return self.office.readers

    def get(
        self, path: str, generation: str = "1", token: str = "", **headers: str
    ) -> "tuple[int, bytes, dict[str, str]]":
        """Status, body, headers."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.get(f"/log/{token or self.token}/{generation}/{path}", headers=sent)
        return answer.status_code, answer.content, dict(answer.headers)

    def grow(self, count: int) -> None:
        """So many entries more."""
        for _ in range(count):
            self.made.ask(RegisterPerson(sign_in=f"p{self.made.box.log.size}"))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One log for all tests of this file; it only grows."""
    with sandbox(tmp_path_factory.mktemp("served") / "box") as made, closing(Office(made.box)) as office:
        served = Served(made, office)
        served.grow(300 - made.box.log.size)
        yield served


def test_a_reader_rebuilds_the_root_from_what_is_served(log: Served) -> None:
    """The signed checkpoint, every bundle and every tile of its size; the root of the entries is the one that was signed."""
    status, note, headers = log.get("checkpoint")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert headers["cache-control"] == "private, max-age=5"
    with log.made.box.database.reading() as connection:
        reader = LogReader(connection)
        checkpoint = Checkpoint.parse(open_note(note, [reader.verifier(reader.head())]).text)
    entries: list[bytes] = []
    for bundle in bundles_of(checkpoint.size):
        status, data, headers = log.get(bundle.path)
        assert (status, headers["content-type"]) == (200, "application/octet-stream")
        entries += parse_bundle(data, bundle.width)
    assert merkle_root(entries) == checkpoint.root
    for tile in tiles_of(checkpoint.size):
        status, data, headers = log.get(tile.path)
        assert (status, len(data)) == (200, 32 * tile.width), tile.path
        assert headers["cache-control"] == "private, max-age=31536000, immutable"
        if tile.level == 0:
            assert data == b"".join(map(leaf_hash, entries[256 * tile.n : 256 * tile.n + tile.width]))


def test_every_width_up_to_the_published_size_is_served(log: Served) -> None:
    """A partial tile or bundle that an older checkpoint needed is there for ever: also behind a full one."""
    size = Checkpoint.parse(log.get("checkpoint")[1].partition(b"\n\n")[0].decode() + "\n").size
    for width in (1, 2, 255):
        whole = log.get(Tile(0, 0, 256).path)[1]
        assert log.get(Tile(0, 0, width).path)[1] == whole[: 32 * width]
        assert len(parse_bundle(log.get(Bundle(0, width).path)[1], width)) == width
    assert log.get(Tile(0, 1, size - 256).path)[0] == 200
    assert log.get(Tile(0, 1, size - 255).path)[0] == 404
    assert log.get(Tile(1, 0, 1).path)[0] == 200
    assert log.get(Tile(1, 0, 2).path)[0] == 404
    assert log.get(Bundle(1, size - 255).path)[0] == 404


def test_nothing_leaves_beyond_the_mark(log: Served) -> None:
    """What was recorded since the last checkpoint left is there only once the next one has raised the mark."""
    log.get("checkpoint")
    size = log.made.box.mark.size
    log.grow(2)
    assert log.get(Tile(0, 1, size - 256 + 1).path)[0] == 404
    assert log.get(Bundle(1, size - 256 + 1).path)[0] == 404
    assert log.made.box.mark.size == size
    log.get("checkpoint")
    assert log.made.box.mark.size == size + 2
    assert log.get(Tile(0, 1, size - 256 + 2).path)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x000/000", "tile/00/000", "tile/-1/000", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000/",
        "tile/0/001/000", "tile/0/x001000", "tile/0/1", "tile/64/000", "tile/0/x999/x999/x999/x999/x999/999",
        "tile/entries/000.p/256", "tile/entries/x000/000", "tile/data/000", "tile//0/000", "tile/0/٠٠٠", "tile/0/000%00",
        "checkpoint/", "Checkpoint", "part/000", "", "tile/entries/000?x=1#", "tile/8/0/000",
    ],
)  # fmt: skip
def test_another_form_of_a_name_is_not_there(log: Served, path: str) -> None:
    """Leading zeros, loose groups, widths of 0 and 256, levels and places of other formats: 404, and no word with it."""
    log.get("checkpoint")
    status, body, headers = log.get(path)
    if path == "tile/entries/000?x=1#":  # a query changes no name
        assert status == 200
    elif path == "":
        assert status == 404
    else:
        assert (status, body) == (404, b"")
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("generation", ["0", "01", "2", "x", "1x", "999999999999"])
def test_another_generation_is_not_there(log: Served, generation: str) -> None:
    """Of numbers that the log does not have, or that are written otherwise, there is nothing."""
    assert log.get("checkpoint", generation)[:2] == (404, b"")


def test_without_a_token_nothing_is_there(log: Served) -> None:
    """A token that nobody has, one that was ended, one whose day is over: the same answer, also for what is really there."""
    now = log.made.clock.now()
    ended, brief = log.readers.make("other", "A", now=now), log.readers.make("other", "B", now=now, until=now + DAY)
    assert log.get("checkpoint", token=brief)[0] == 200
    log.readers.end(next(one.no for one in log.readers.all() if one.label == "A"), now)
    answers = [log.get("checkpoint", token=token) for token in (ended, "r" * 28, "0")]
    log.made.clock.at = now + DAY
    answers.append(log.get("checkpoint", token=brief))
    assert {answer[:2] for answer in answers[:2]} == {(404, b"")}
    assert {answer[0] for answer in answers} == {404}
    log.made.clock.at = now


def test_what_never_changes_is_asked_for_once(log: Served) -> None:
    """A tag of the bytes; who has them gets 304 and nothing; HEAD has the headers alone; nothing is compressed again."""
    status, body, headers = log.get("tile/entries/000", accept_encoding="gzip")
    assert status == 200
    assert "content-encoding" not in headers
    assert headers["etag"] == f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    for tag in (headers["etag"], f'"x", {headers["etag"]}', f"W/{headers['etag']}"):
        again = log.get("tile/entries/000", if_none_match=tag)
        assert again[:2] == (304, b"")
        assert again[2]["etag"] == headers["etag"]
    assert log.get("tile/entries/000", if_none_match='"x"')[0] == 200
    head = log.client.head(f"/log/{log.token}/1/tile/0/000")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "8192")
    assert log.client.post(f"/log/{log.token}/1/tile/0/000").status_code == 405


def test_pages_for_people_keep_their_addresses(house: House, administrator: str) -> None:
    """The list of acts and an act by its number stand where they stood; a token is no number."""
    with house.browser(administrator) as browser:
        assert "<h1>" in browser.get("/log").text
        assert "<h1>" in browser.get("/log/0").text
        token = house.office.readers.make("parent", "Tỉnh", now=house.clock.now())
        assert browser.get(f"/log/{token}").status_code == 404
        assert not token.isdecimal()


def test_no_line_of_log_shows_the_token(log: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Good answers, bad ones and errors are told without the address; figures name a group of routes only."""
    for client in ("httpx", "asyncio"):  # the client of this test tells what it asks
        caplog.set_level(logging.ERROR, client)
    with caplog.at_level(logging.DEBUG):
        for path in ("checkpoint", "tile/0/000", "tile/0/999", "nothing"):
            log.get(path)
    assert log.token not in caplog.text
    assert log.token.encode() not in log.office.metrics.text()


def test_reading_leaves_no_row_about_anybody(log: Served) -> None:
    """Envelopes hold no personal data: the access log stays as it was; the reader's last day of use is noted."""
    before = log.office.access.by("")
    log.get("tile/entries/000")
    assert log.office.access.by("") == before
    reader = next(one for one in log.readers.all() if one.label == "Nhân chứng tỉnh")
    assert str(reader.used) == "2026-11-25"


def test_the_file_keeps_no_token(log: Served, tmp_path: Path) -> None:
    """Whoever reads accounts.db finds a digest."""
    log.office.accounts.store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in log.made.folder.glob("accounts.db*"):
        assert log.token.encode() not in file.read_bytes()
    assert tmp_path.exists()


def test_a_box_whose_mark_is_lost_gives_nothing_out(tmp_path: Path) -> None:
    """While nobody knows what left it, neither checkpoint nor tile leaves; pages are read and printed without a root."""
    with sandbox(tmp_path / "box") as made:
        made.box.publish()
        made.box.close()
        (made.folder / "mark").unlink()
        made.reopen()
        with closing(Office(made.box)) as office:
            served = Served(made, office)
            assert [served.get(path)[:2] for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1")] == [
                (503, b"")
            ] * 3
            token, _ = office.sessions.begin(made.administrator, "", made.clock.now(), kept=False)
            served.client.cookies.set("chibox", token, domain="box.local")
            sheet = served.client.get("/log/0/print")
            assert sheet.status_code == 200
            assert "root=&amp;at=" in sheet.text
            assert "Mã gốc" not in sheet.text
            assert "/check?number" not in served.client.get("/log/0").text
            foot = served.client.get(f"/-/foot.css?number=0&root=&at={made.clock.now()}")
            assert "data:image" not in foot.text
        assert not (made.folder / "mark").exists()
