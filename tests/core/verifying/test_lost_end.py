"""A real box that lost its end, went on in generation 2 and changed its key: verified as box, as export, over HTTP, on paper."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.core.site.test_check_generations import LOST, OLD, Gone
from tests.verify.make_log import by_stranger

from chibox.app import application
from chibox.database import connect
from chibox.office import Office
from chibox.opening import announce_key, retire_key
from chibox.records.export import export_log
from chibox.records.log import LogReader
from chibox.records.verify import Paper, verify_address, verify_log
from chibox.signing.mark import HighWater
from chibox.testing.boxes import Sandbox, sandbox
from chibox.verifying import verify_box


class Rotated(Gone):
    """Then it announced a new key, gave out a checkpoint under both, and retired the first one; `folder` is its export."""

    def __init__(self, made: Sandbox, folder: Path) -> None:
        super().__init__(made)
        self.vkey = made.box.signer.verifier.vkey
        announce_key(made.box)
        self._grow(1)
        made.box.publish()
        retire_key(made.box)
        self._grow(1)
        self.head = made.box.publish()
        self.folder = folder
        with made.box.database.reading() as connection:
            export_log(LogReader(connection), self.head, folder)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rotated]:
    """One for all tests of this file."""
    with sandbox(tmp_path_factory.mktemp("lost") / "box") as made:
        yield Rotated(made, tmp_path_factory.mktemp("export") / "log")


def test_the_box_is_whole_and_tells_what_it_gave_up(box: Rotated) -> None:
    """Every checkpoint that left it counts as seen: those of the lost end were given up in the open."""
    report = verify_box(box.made.folder, plugins=box.made.plugins, key=box.vkey)
    assert report.findings == []
    assert [one.trust for one in report.figures] == ["given", "vouched"]
    assert f"entry {OLD} of generation 2 says so" in "\n".join(report.lines())


def test_its_export_is_whole_to_both_verifiers(box: Rotated) -> None:
    """With the first key, beside its checkpoints and printed receipts of both generations; one of another log is refused."""
    shared, own = (f"{OLD - 1}", box.early), (f"{OLD + 1}/2", box._root(OLD + 2)[:10])
    kept = [note for note in HighWater(box.made.folder / "mark").notes if note != box.made.box.publish().note][-1:]
    report = verify_log(box.folder, key=box.vkey, seen=kept, papers=[Paper(*shared), Paper(*own)])
    assert report.findings == []
    assert "10 of 44 signs of the root compared" in "\n".join(report.lines())
    state, said = by_stranger(box.folder, box.vkey, kept, "--paper", *shared, "--paper", *own)
    assert (state, "vouched for by the key that was given" in said) == (0, True), said
    wrong = verify_log(box.folder, papers=[Paper(f"{OLD + 1}/2", box.early)])
    assert [one.where for one in wrong.findings] == ["--paper"]
    assert by_stranger(box.folder, None, (), "--paper", f"{OLD + 1}/2", box.early)[0] == 1
    lost = verify_log(box.folder, papers=[Paper(f"{OLD + LOST - 1}", box.late)])
    assert (lost.findings, "given up in the open" in "\n".join(lost.lines())) == ([], True)


@pytest.fixture
def address(box: Rotated) -> Iterator[str]:
    """Where it is served, over HTTP as it is."""
    with closing(Office(box.made.box)) as office:
        client = TestClient[Litestar](application(office), base_url="http://box.local")
        token = office.readers.make("witness", "Nhân chứng tỉnh", now=box.made.clock.now())

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer = client.get(self.path)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = False
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/log/{token}"
        server.shutdown()
        server.server_close()


def test_it_is_whole_as_it_is_served(box: Rotated, address: str) -> None:
    """Both generations, with the key that signs now; without the bodies nothing else shows a key."""
    now = box.made.box.signer.verifier.vkey
    for generation in (1, 2):
        report = verify_address(f"{address}/{generation}/", key=box.vkey if generation == 1 else now)
        assert report.findings == []
        assert report.figures[0].entries > OLD - 1
    (found,) = verify_address(f"{address}/3/").findings
    assert "nothing is served there" in str(found.what)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("UPDATE log_old SET size=size-1", "size is not what the signed checkpoint says"),
        ("UPDATE log_old SET shared=shared-1", "shared is not where the next generation begins"),
        ("UPDATE log_old SET key='x'", "key is not the key that signs the log"),
        ("UPDATE log_old SET note=(SELECT note FROM log_head)", "log 1"),
        ("DELETE FROM log_old", ""),
        ("UPDATE box SET key=(SELECT key FROM log_old)", "key is not the key that signs the log"),
        ("DELETE FROM log_tail WHERE generation=1", "log 1"),
        ("UPDATE log_tail SET generation=3 WHERE generation=1", "log 1"),
    ],
)
def test_what_is_changed_between_its_generations_is_named(
    box: Rotated, tmp_path: Path, statement: str, wanted: str
) -> None:
    """Rows of an ended generation, and the key that the box says it signs with."""
    box.made.box.publish()
    folder = tmp_path / "copy"
    folder.mkdir()
    with closing(sqlite3.connect(box.made.folder / "box.db")) as source:
        source.execute("VACUUM INTO ?", (str(folder / "box.db"),))
    (folder / "mark").write_bytes((box.made.folder / "mark").read_bytes())
    connection = connect(folder / "box.db", write=True)
    assert connection.execute(statement).rowcount
    connection.close()
    report = verify_box(folder, plugins=box.made.plugins)
    assert not report.ok
    assert wanted in "\n".join(f"{one.log} {one.where} {one.what}" for one in report.findings), report.lines()
