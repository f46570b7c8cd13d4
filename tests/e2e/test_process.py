"""A box as it runs: one process that starts, is killed in the middle of an import, starts again, and ends when it is told."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest
from tests.e2e.world import CELLS, rows_of

from chibox.beside import beside
from chibox.calling import Running
from chibox.clock import GivenClock, SystemClock
from chibox.commands import Answer
from chibox.errors import Away
from chibox.plugins import Plugins
from chibox.testing.boxes import act, sandbox
from chibox_membership.importing.command import ImportSheet
from chibox_membership.tables import Member

ROWS: Final = 2_000
ENDS: Final = 5.0  # s from Ctrl-C to the end of the process
PATIENCE: Final = 30.0  # s until something that must come is given up


class Served(NamedTuple):
    """A process that serves a box."""

    process: "subprocess.Popen[str]"
    box: Running

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page, as the service account sees it."""
        connection = http.client.HTTPConnection(urlsplit(self.box.address).netloc, timeout=10)
        token = (self.box.folder / "keys/local.token").read_text().strip()
        connection.request("GET", path, headers={"Accept": "text/html", "Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a box with four cells and no member."""
    with sandbox(tmp_path / "box", Plugins.discover(), clock=GivenClock(SystemClock().now())) as made:
        for name in CELLS:
            made.unit(name)
    return tmp_path / "box"


@contextmanager
def running(folder: Path) -> Iterator[Served]:
    """`chibox run`, from its address on the screen until the end of the block; killed there if it still is."""
    program = "import sys; from chibox.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "run", str(folder), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said: list[str] = []
        while not said or "http://127.0.0.1:" not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], f"it ended: {said}"
        yield Served(process, Running(folder))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        process.stdout.close()


def members(folder: Path) -> int:
    """How many rows the roll has, seen from beside."""
    with beside(folder) as box:
        return box.read.count(Member)


def sheet(folder: Path) -> ImportSheet:
    """Two thousand rows, as a command."""
    with beside(folder) as box:
        cells = tuple(unit for unit, row in box.read.picture.units.items() if row.kind == "cell")
        rows = rows_of(3, "usual", box.read.today, cells)
        return ImportSheet(rows=tuple(rows[:ROWS]), as_of=box.head.size - 1)


def grown(path: Path) -> bool:
    """Whether the file becomes larger than it was when it was first looked at."""
    size, until = path.stat().st_size, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if path.stat().st_size > size:
            return True
    return False


def wait_for(moment: str, folder: Path) -> None:
    """Until an import that was just posted is being decided, is being written, or can be seen."""
    if moment == "decided":
        time.sleep(0.1)
    elif moment == "written":
        assert grown(folder / "box.db-wal")
    else:
        until = time.monotonic() + PATIENCE
        while not members(folder) and time.monotonic() < until:
            time.sleep(0.005)


@pytest.mark.parametrize("moment", ["decided", "written", "there"])
def test_a_killed_import_is_wholly_there_or_wholly_not(folder: Path, moment: str) -> None:
    """Killed while it is decided, written or just there: the next start shows all or nothing, and the log says which.

    Sent again as the same act, it is there once.
    """
    command, number, answers = sheet(folder), act(), list[Answer]()

    def post() -> None:
        with suppress(Away):  # nobody answers any more; whatever else is raised fails the test
            answers.append(served.box.perform("membership", command, act=number))

    with running(folder) as served:
        posting = threading.Thread(target=post)
        posting.start()
        wait_for(moment, folder)
        served.process.send_signal(signal.SIGKILL)
        posting.join()
    with running(folder) as served:
        there, (status, log) = members(folder), served.get("/log")
        assert (status, there in {0, ROWS}) == (200, True)
        assert ("Ghi vào danh sách đảng viên" in log) == (there == ROWS)
        assert there == ROWS or not answers
        again = served.box.perform("membership", command, act=number)
        assert not answers or again == answers[0]
        assert members(folder) == ROWS
        assert served.get(f"/log/{again.last}")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_with_pages_open(folder: Path, number: signal.Signals) -> None:
    """Browsers hold their connections open, one is in the middle of a request: it ends with 0 within five seconds."""
    with running(folder) as served, socket.socket() as slow:
        place = urlsplit(served.box.address)
        slow.connect((place.hostname or "", place.port or 0))
        slow.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        open_ = [http.client.HTTPConnection(place.netloc, timeout=5) for _ in range(3)]
        for connection in open_:
            connection.request("GET", "/sign-in")
            assert connection.getresponse().read()
        assert (folder / "address").read_text().strip() == served.box.address
        began = time.monotonic()
        served.process.send_signal(number)
        assert served.process.wait(ENDS + 10) == 0
        assert time.monotonic() - began < ENDS
        for connection in open_:
            connection.close()
    assert not (folder / "address").exists()
