"""Runs `make run` as a new user does, twice, and tells when the page was there: python3 tests/house/first_run.py."""

import http.client
import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
ADDRESS = re.compile(rb"https?://(?:127\.0\.0\.1|localhost|\[::1\]):[0-9]+")
LIMITS = {"first": 900.0, "second": 5.0}  # seconds until a page is there; the first one downloads
FILLING = 60.0  # seconds from the end of the installation to that page
ENDING = 20.0  # seconds from Ctrl-C to the end of the process, with a page open


class Terminal:
    """`make run` on a terminal of its own, so that Ctrl-C reaches it as it reaches a person's."""

    def __init__(self) -> None:
        self.start, self.seen, self.installed = time.monotonic(), b"", 0.0
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvp("make", ["make", "run"])

    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def read(self, seconds: float) -> bool:
        """Show what is printed within the time, each line with its age; False when the other side is closed."""
        if not select.select([self.screen], [], [], seconds)[0]:
            return True
        try:
            more = os.read(self.screen, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            return False
        for line in more.decode(errors="replace").splitlines():
            print(f"{self.age():7.1f} s  {line}", flush=True)
            self.installed = self.age() if line.startswith("install:") else self.installed
        self.seen += more
        return True

    def wait(self, limit: float) -> None:
        """Read on; ends the program when the limit is over or make has ended."""
        if self.age() > limit:
            raise SystemExit(f"nothing served after {limit:.0f} s")
        if not self.read(0.05):
            raise SystemExit("make run ended before it served a page")

    def interrupt(self) -> int:
        """Ctrl-C, then the state in which the process ended."""
        os.write(self.screen, b"\x03")
        limit = self.age() + ENDING
        while self.read(0.05):
            if self.age() > limit:
                raise SystemExit(f"still there {ENDING:.0f} s after Ctrl-C")
        return os.waitpid(self.pid, 0)[1]


def served(terminal: Terminal, limit: float) -> http.client.HTTPConnection:
    """A connection that has answered at the address on the screen; it stays open, as a browser's does."""
    while not (found := ADDRESS.search(terminal.seen)):
        terminal.wait(limit)
    connection = http.client.HTTPConnection(urlsplit(found[0].decode()).netloc, timeout=10)
    while True:
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
        except OSError:
            connection.close()
            terminal.wait(limit)
        else:
            print(f"{terminal.age():7.1f} s  GET {found[0].decode()}/ -> {answer.status}, {len(answer.read())} bytes")
            return connection


def run(name: str) -> bool:
    """One run from the command to Ctrl-C with a page open; whether it kept to the limit and ended cleanly."""
    terminal = Terminal()
    connection = served(terminal, LIMITS[name])
    took, filling = terminal.age(), terminal.age() - terminal.installed
    ended = terminal.interrupt()
    connection.close()
    clean = ended in {0, signal.SIGINT} and b"Traceback" not in terminal.seen  # make passes the signal on
    print(f"{name} run: served after {took:.1f} s, {filling:.1f} s of it without installing")
    print(f"{name} run: Ctrl-C ended it {'cleanly' if clean else f'with {ended}'}")
    return clean and took <= LIMITS[name] and filling <= FILLING


if __name__ == "__main__":
    sys.exit(0 if all([run("first"), run("second")]) else 1)
