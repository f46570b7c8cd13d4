"""A box served as its owner serves it: `chibox run` in a process of its own; and a browser's cookie at its door."""

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

_ADDRESS: Final = re.compile(r"http://\S+?:(\d+)")
_HOST: Final = "127.0.0.1"


class Served(NamedTuple):
    """Where a box answers on loopback, and by which process."""

    port: int
    process: int

    def asked(self, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> "Answered":
        """What the box sends for one address: body as it comes over the wire, still compressed."""
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=60)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers or {})
            answer = connection.getresponse()
            return Answered(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def signed_in(self, name: str, secret: str) -> str:
        """The cookie of somebody who signs in by name and secret. AssertionError when the door stays shut."""
        body = urlencode({"name": name, "secret": secret}).encode()
        answer = self.asked("/sign-in", {"Content-Type": "application/x-www-form-urlencoded"}, body)
        cookie = (answer.headers.get("Set-Cookie") or "").partition(";")[0]
        assert (answer.status, bool(cookie)) == (303, True), answer.status
        return cookie


class Answered(NamedTuple):
    """An answer as it came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@contextmanager
def running(folder: Path) -> Iterator[Served]:
    """`chibox run` on a free port of loopback; ended at the end."""
    chibox = str(Path(sys.executable).with_name("chibox"))
    with told([chibox, "run", str(folder), "--host", _HOST, "--port", "0"]) as served:
        yield served


@contextmanager
def told(command: list[str]) -> Iterator[Served]:
    """A command that tells the address at which it serves; ended at the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = next((found for line in process.stdout or () if (found := _ADDRESS.search(line))), None)
            if found is None:
                raise RuntimeError("the box ended before it was served")
            yield Served(int(found[1]), process.pid)
        finally:
            process.terminate()
