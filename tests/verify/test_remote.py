"""A log that is served over HTTP is verified by the same checks; a server that refuses, is silent or breaks off is told so."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.verify.make_log import Log, lay_out, make

from chibox.records.verify import verify_address
from chibox.records.verify.remote import Remote
from chibox.records.verify.report import Report

LOG = make(600)


class Files(SimpleHTTPRequestHandler):
    """An exported folder as it is, over kept connections. `connections` counts them."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        """A connection was opened."""
        Files.connections += 1
        super().setup()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class Answers(BaseHTTPRequestHandler):
    """One answer to everything: `status`, and so many of the promised bytes."""

    status, promised, sent, delay = 200, 0, b"", 0.0
    asked: list[str]

    def do_GET(self) -> None:
        """Answers."""
        self.asked.append(self.path)
        time.sleep(self.delay)
        self.send_response(self.status)
        self.send_header("Content-Length", str(self.promised or len(self.sent)))
        self.end_headers()
        self.wfile.write(self.sent)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


class Serve:
    """Starts servers; ends them with the test."""

    def __init__(self) -> None:
        self.servers: list[ThreadingHTTPServer] = []

    def __call__(self, handler: Any) -> str:
        """The address of a server with this handler."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = False  # they are awaited when the server is closed
        self.servers.append(server)
        threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """See Serve."""
    found = Serve()
    yield found
    for server in found.servers:
        server.shutdown()
        server.server_close()


def folder(serve: Serve, tmp_path: Path, log: Log = LOG) -> str:
    """The address of a served log."""
    lay_out(tmp_path / "log/token", {name: data for name, data in log.files().items() if "/part/" not in name})
    return f"{serve(partial(Files, directory=str(tmp_path)))}/log/token/1/"


def told(report: Report) -> str:
    """The findings as text."""
    return "\n".join(f"{one.log}: {one.where}: {one.what}" for one in report.findings)


def test_a_served_log_is_verified_over_one_connection(serve: Serve, tmp_path: Path) -> None:
    """Bundles and tiles of every kind; contents are counted as not given; older checkpoints count."""
    address = folder(serve, tmp_path)
    before = Files.connections
    report = verify_address(address, key=LOG.key.vkey, seen=[LOG.note(300)])
    assert report.findings == []
    figures = report.figures[0]
    assert (figures.log, figures.entries, figures.parts, figures.trust) == ("1", 600, 0, "given")
    assert figures.parts_not_given == sum(map(len, LOG.parts))
    assert Files.connections == before + 1
    assert "nobody gave the key" in told(verify_address(address))


def test_a_partial_that_has_become_full_is_cut(serve: Serve, tmp_path: Path) -> None:
    """While it is read a log grows, and need not keep a partial tile or bundle once there is the full one."""
    address = folder(serve, tmp_path, make(550))
    lay_out(tmp_path / "log/token", {n: d for n, d in make(800).files().items() if "/part/" not in n})
    (tmp_path / "log/token/1/checkpoint").write_bytes(make(550).note())
    for partial_name in ("tile/0/002.p", "tile/entries/002.p"):
        for path in (tmp_path / "log/token/1" / partial_name).iterdir():
            path.unlink()
    assert verify_address(address, key=LOG.key.vkey).findings == []


def test_a_served_log_that_was_changed_is_refused(serve: Serve, tmp_path: Path) -> None:
    """A changed tile, a missing bundle, a file that is too long."""
    address = folder(serve, tmp_path)
    place = tmp_path / "log/token/1"
    (place / "tile/0/001").write_bytes(bytes(8192))
    (place / "tile/entries/000").write_bytes(bytes(2_000_000))
    found = told(verify_address(address, key=LOG.key.vkey))
    assert "1: tile/0/001: 256 of its hashes are not those of the entries" in found
    assert "1: tile/entries/000: the entries cannot be read: longer than" in found
    (place / "tile/entries/000").unlink()
    assert "1: tile/entries/000: the entry bundle is missing" in told(verify_address(address, key=LOG.key.vkey))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"status": 401}, "the server does not take this token: it was mistyped, or withdrawn (401)"),
        ({"status": 403}, "the server does not take this token"),
        ({"status": 302}, "the server sends readers elsewhere (302): give the address itself"),
        ({"status": 500}, "the server answers with 500 for checkpoint"),
        ({"promised": 50, "sent": b"x"}, "the server broke off in the middle"),
        (
            {"status": 404},
            "cannot be read: nothing is served there: the address was mistyped, or it was ended",
        ),
        ({"sent": b"x" * 2**21}, "1: checkpoint: the checkpoint cannot be read: longer than"),
    ],
)
def test_a_server_that_does_not_answer_is_told_in_a_sentence(serve: Serve, how: dict[str, Any], words: str) -> None:
    """Refused, sent away, broken, cut, not there, endless: nothing could be read, and why."""
    asked: list[str] = []
    address = serve(type("Told", (Answers,), how | {"asked": asked}))
    report = verify_address(f"{address}/log/token/1")
    assert words in told(report)
    assert (report.figures, len(report.findings), set(asked)) == ([], 1, {"/log/token/1/checkpoint"})


def test_a_silent_server_and_none_are_told(serve: Serve) -> None:
    """No answer within the time, and nobody at that address; after the first silence nothing more is asked."""
    asked: list[str] = []
    address = serve(type("Slow", (Answers,), {"delay": 0.6, "asked": asked}))
    source = Remote(f"{address}/1", timeout=0.2)
    for _ in range(3):
        with pytest.raises(OSError, match=r"silent for 0\.2 seconds"):
            source.checkpoint()
    source.close()
    time.sleep(0.7)
    assert len(asked) == 1
    assert "the server cannot be reached" in told(verify_address("http://127.0.0.1:9/log/t/1/"))


def test_a_server_that_goes_away_in_the_middle_is_told_once(serve: Serve, tmp_path: Path) -> None:
    """With how much was read until then."""
    lay_out(tmp_path / "1", {name[2:]: data for name, data in LOG.files().items()})

    class Tired(Files):
        def do_GET(self) -> None:
            if self.path.endswith("entries/001"):
                self.send_error(503)
            else:
                super().do_GET()

    report = verify_address(f"{serve(partial(Tired, directory=str(tmp_path)))}/1", key=LOG.key.vkey)
    assert (
        told(report)
        == "1: log: reading stopped after 256 entries: the box gives nothing out at the moment (503): ask again later"
    )


@pytest.mark.parametrize("address", ["ftp://x/1", "http:///1", "http://u@x/1", "http://x/1?a=1", "http://x/1#a", "x"])
def test_what_is_no_address_is_not_asked(address: str) -> None:
    """Only http and https, with a host, and nothing after the path."""
    with pytest.raises(ValueError, match="not http"):
        Remote(address)
