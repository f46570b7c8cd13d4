"""Commands sent by 64 connections to the real server, as records and as echoes of the same bodies, by turns."""

import gc
import re
import selectors
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec
from tests.bench.asking import askings as made
from tests.bench.asking import members
from tests.bench.echo import PATH
from tests.bench.seed import Seed
from tests.bench.served import told
from tests.bench.watch import Watch

from chibox.box import Box
from chibox.office import Office
from chibox.site.who import COOKIE

CONNECTIONS: Final = 64
_TURNS: Final = ("echo", "append", "append", "echo")
_LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


def posted(seed: Seed, watch: Watch) -> dict[str, float]:
    """Requests a second of the real server, appended and echoed; and which part of that time the sender was busy itself."""
    with seed.copied() as folder:
        appends, echoes = _requests(seed, folder)
        profile = seed.place / "profile"
        command = [sys.executable, "-m", "tests.bench.echo", str(folder), *([str(profile)] if watch.profiling else [])]
        seconds, number = dict.fromkeys(_TURNS, 0.0), len(appends[0]) // 2
        with told(command) as served:
            send(served.port, [each[:1] for each in echoes])  # the first requests are not measured: everything is cold
            send(served.port, [each[-1:] for each in appends])
            busy, half = time.process_time(), {"echo": 0, "append": 0}
            for what in _TURNS:
                requests = appends if what == "append" else echoes
                at = half[what] * (number - 1)
                half[what] += 1
                seconds[what] += send(served.port, [each[at : at + number - 1] for each in requests])
            busy = (time.process_time() - busy) / sum(seconds.values())
        if watch.profiling:
            watch.profiles["HTTP, the event loop"] = profile.read_text()
        sent = 2 * (number - 1) * CONNECTIONS
        return {"HTTP append": sent / seconds["append"], "HTTP echo": sent / seconds["echo"], "HTTP sender": busy}


def _requests(seed: Seed, folder: Path) -> tuple[list[list[bytes]], list[list[bytes]]]:
    """For each connection the requests of a clerk who is signed in, each about a member whom no other one is about."""
    box = Box.open(folder, plugins=seed.plugins, clock=seed.clock)
    with closing(box), closing(Office(box)) as office:
        token, _ = office.sessions.begin(seed.clerk, "", seed.clock.now(), kept=False)
        number = len(members(box)) // CONNECTIONS
        asked = made(box, seed, CONNECTIONS, number * CONNECTIONS)
        names = {shape: (definition.plugin, definition.name) for shape, definition in box.commands.items()}
    both = []
    for start in ("/api", PATH):
        each = [
            [
                request(
                    f"{start}/{'/'.join(names[type(command)])}", token, act, standing.seen, msgspec.json.encode(command)
                )
                for standing, command, act in asking
            ]
            for asking in asked
        ]
        both.append(each)
    return both[0], both[1]


def request(path: str, token: str, act: str, seen: int, body: bytes) -> bytes:
    """A POST as a page of the box would send it, on a connection that stays open."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={token}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Idempotency-Key: {act}\r\nX-Seen: {seen}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection:
    """One connection: sends a request, reads its answer, sends the next."""

    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = iter(requests)
        self._got = b""

    def send(self) -> bool:
        """Send the next request. False when there is none."""
        following = next(self._requests, None)
        if following is not None:
            self.socket.sendall(following)
        return following is not None

    def read(self) -> bool:
        """Read what has come; True when the answer is whole. AssertionError for any but 200."""
        self._got += self.socket.recv(65536)
        head, end, body = self._got.partition(_END)
        if not end:
            return False
        assert head.startswith(b"HTTP/1.1 200"), self._got
        length = _LENGTH.search(head)
        assert length is not None, head
        if len(body) < int(length[1]):
            return False
        self._got = b""
        return True


def send(port: int, requests: Sequence[Sequence[bytes]]) -> float:
    """Send the requests of all connections at once, each its own in turn; returns the seconds until the last answer."""
    selector = selectors.DefaultSelector()
    connections = [_Connection(port, each) for each in requests]
    for each in connections:
        selector.register(each.socket, selectors.EVENT_READ, each)
    gc.collect()
    begun = time.perf_counter()
    left = sum(each.send() for each in connections)
    while left:
        for key, _ in selector.select():
            one: _Connection = key.data
            left -= one.read() and not one.send()
    seconds = time.perf_counter() - begun
    selector.close()
    for each in connections:
        each.socket.close()
    return seconds
