"""A real process serves a box: one for each box and port, ended cleanly by a signal with pages open."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chibox.beside import beside
from chibox.box import Box, Founding
from chibox.clock import SystemClock
from chibox.identity.built_in import BuiltIn
from chibox.identity.sessions import Sessions
from chibox.plugins import Plugins
from chibox.site.who import COOKIE

SCRIPT = """
import sys
from pathlib import Path
from chibox.box import Box
from chibox.errors import ChiboxError
from chibox.plugins import Plugins
from chibox.serving import serve
try:
    box = Box.open(Path(sys.argv[1]), plugins=Plugins.discover(()))
    if len(sys.argv) > 3:
        def ready(address):
            print(address, flush=True)
            box.writer._give_up([], OSError("gone"))
    else:
        ready = lambda address: print(address, flush=True)
    serve(box, "127.0.0.1", int(sys.argv[2]), ready)
except ChiboxError as error:
    print(error, flush=True)
    raise SystemExit(1)
print("ended", flush=True)
"""
MEMORY = 300_000  # KB


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box, born and closed."""
    made = tmp_path_factory.mktemp("served") / "box"
    Box.init(made, Founding(name="demo.sao-mai", committee="Đảng bộ xã Sao Mai"))
    return made


class Running:
    """A process that serves."""

    def __init__(self, folder: Path, port: int = 0, *more: str) -> None:
        command = [sys.executable, "-W", "error", "-c", SCRIPT, str(folder), str(port), *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout
        self.first = self.process.stdout.readline().strip()

    @property
    def port(self) -> int:
        """Where it serves."""
        return urlsplit(self.first).port or 0

    def ask(self, path: str, connection: http.client.HTTPConnection | None = None) -> int:
        """The status of a page; `connection` stays open."""
        asked = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        asked.request("GET", path)
        answer = asked.getresponse()
        answer.read()
        if connection is None:
            asked.close()
        return answer.status

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, float]:
        """Exit state, what was said besides the address, and how long the end took."""
        began = time.monotonic()
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=20)
        return self.process.returncode, said, time.monotonic() - began


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    """A process that serves on a free port."""
    made = Running(folder)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_with_pages_open(running: Running, folder: Path, number: int) -> None:
    """With connections kept alive it ends within five seconds, with state 0 and without a word of error."""
    kept = [http.client.HTTPConnection("127.0.0.1", running.port, timeout=10) for _ in range(5)]
    assert [running.ask("/sign-in", connection) for connection in kept] == [200] * 5
    state, said, seconds = running.end(number)
    for connection in kept:
        connection.close()
    assert (state, said) == (0, "ended\n")
    assert seconds < 5
    Box.open(folder, plugins=Plugins.discover(())).close()


def test_a_box_is_served_by_one_process(running: Running, folder: Path) -> None:
    """The second is told the first one's number, before it touches database or port."""
    second = Running(folder)
    assert second.process.wait(timeout=20) == 1
    second.process.communicate()
    assert str(running.process.pid) in second.first


def test_a_taken_port_is_a_sentence(running: Running, tmp_path: Path) -> None:
    """Another box on the same port is refused in words, and lets its own box go."""
    other = tmp_path / "other"
    Box.init(other, Founding(name="demo.khac", committee="Đảng bộ xã Khác"))
    refused = Running(other, running.port)
    assert refused.process.wait(timeout=20) == 1
    assert refused.first == f"Port {running.port} of 127.0.0.1 is taken by another program."
    refused.process.communicate()
    assert running.ask("/sign-in") == 200
    Box.open(other, plugins=Plugins.discover(())).close()


def test_a_port_just_left_is_free_again(running: Running, folder: Path) -> None:
    """After an end with open connections the same port serves at once."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    running.ask("/sign-in", connection)
    port = running.port
    assert running.end()[0] == 0
    connection.close()
    again = Running(folder, port)
    assert again.ask("/sign-in") == 200
    assert again.end()[0] == 0


def test_a_stopped_writer_ends_the_process(folder: Path) -> None:
    """Whoever started it is told by its exit state, and the next start recovers."""
    failed = Running(folder, 0, "fail")
    said, _ = failed.process.communicate(timeout=20)
    assert failed.process.returncode == 1
    assert "has stopped recording" in said
    Box.open(folder, plugins=Plugins.discover(())).close()


def test_it_idles_in_little_memory(running: Running) -> None:
    """Pages, writer and background work take less than 300 MB together."""
    assert [running.ask(path) for path in ("/sign-in", "/schema", "/health.json", "/metrics")] == [200] * 4
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    resident = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    assert resident < MEMORY


def test_many_readers_at_once_all_get_their_page(running: Running, folder: Path) -> None:
    """More pages than snapshots: they wait for each other, and none waits for ever."""
    accounts = BuiltIn.open(folder)
    with beside(folder) as box:
        (person,) = (p for p, posts in box.read.picture.posts.items() if any(x.role == "administrator" for x in posts))
    token, _ = Sessions(accounts.store).begin(person, "", SystemClock().now(), kept=False)
    accounts.close()

    def ask(path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", path, headers={"Cookie": f"{COOKIE}={token}"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    with ThreadPoolExecutor(60) as threads:
        assert set(threads.map(ask, ["/", "/health", "/units", "/people", "/log"] * 40)) == {200}


def test_background_work_runs_in_it(running: Running, folder: Path) -> None:
    """The consumer lives in the same process and has its own file; health says that it works."""
    for _ in range(100):
        if b'"good"' in _health(running, folder):
            break
        time.sleep(0.05)
    assert (folder / "jobs.db").exists()
    assert b"Background work" in _health(running, folder)


def _health(running: Running, folder: Path) -> bytes:
    token = (folder / "keys" / "local.token").read_text().strip()
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", "/health.json", headers={"Authorization": f"Bearer {token}", "Cookie": "lang=en"})
    body = connection.getresponse().read()
    connection.close()
    return body


def test_a_host_that_is_not_ours_is_a_sentence(tmp_path: Path) -> None:
    """An address that this machine does not have is refused in words."""
    from chibox.errors import Refused  # noqa: PLC0415
    from chibox.serving import _free  # noqa: PLC0415

    with pytest.raises(Refused, match="cannot listen"):
        _free("192.0.2.1", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="taken"):
            _free("127.0.0.1", taken.getsockname()[1])
