"""Lines that break, senders beside each other, and a box that is killed while a file comes: what came is there."""

import http.client
import os
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
from tests.core.site.conftest import House

from chibox.box import Box, Founding
from chibox.drafts.drafts import PIECE
from chibox.drafts.uploads import Uploads
from chibox.identity.service import service_of
from chibox.testing.browser import serving

DATA = os.urandom(3 * PIECE + 5000)
SCRIPT = """
import sys
from pathlib import Path
from chibox.box import Box
from chibox.plugins import Plugins
from chibox.serving import serve
serve(Box.open(Path(sys.argv[1]), plugins=Plugins.discover(())), "127.0.0.1", 0, lambda address: print(address, flush=True))
"""


class Sender:
    """A program that sends a file to a box by hand."""

    def __init__(self, address: str, token: str) -> None:
        self.host, self.token, self.upload = urlsplit(address).netloc, token, ""

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        """One request, whole."""
        connection = http.client.HTTPConnection(self.host, timeout=20)
        connection.request(method, path, body, self.headers(**headers))
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def headers(self, **more: str) -> dict[str, str]:
        """What each request says."""
        return {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {self.token}",
                **{name.replace("_", "-"): value for name, value in more.items()}}  # fmt: skip

    def begin(self) -> None:
        """Announce the file."""
        self.upload = self.ask("POST", "/uploads", Upload_Length=str(len(DATA))).getheader("Location") or ""
        assert self.upload

    def arrived(self) -> int:
        """How many bytes are there."""
        return int(self.ask("HEAD", self.upload).getheader("Upload-Offset") or -1)

    def send(self, at: int, data: bytes) -> int:
        """Send bytes that follow the first `at`; the status."""
        return self.ask("PATCH", self.upload, data, Upload_Offset=str(at),
                        Content_Type="application/offset+octet-stream").status  # fmt: skip

    def half(self, at: int, data: bytes, announced: int) -> socket.socket:
        """Send the beginning of a request only; the line stays open."""
        head = self.headers(Host=self.host, Upload_Offset=str(at), Content_Length=str(announced),
                            Content_Type="application/offset+octet-stream")  # fmt: skip
        lines = [f"PATCH {self.upload} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        host, _, port = self.host.partition(":")
        line = socket.create_connection((host, int(port)), timeout=20)
        line.sendall("\r\n".join(lines).encode() + data)
        return line

    def wait(self, at: int) -> None:
        """Until so many bytes are there."""
        for _ in range(200):
            if (found := self.arrived()) == at:
                return
            time.sleep(0.02)
        raise AssertionError(f"{found} bytes are there, not {at}")


@pytest.fixture
def sender(house: House) -> Iterator[Sender]:
    """A sender to a box that is served."""
    with serving(house.app) as address:
        made = Sender(address, house.office.token)
        made.begin()
        yield made


def came(house: House, upload: str) -> bytes:
    """The file as a form would get it."""
    uploads = Uploads(house.office.drafts, service_of(house.box.picture), house.clock.now)
    return uploads.sent(upload.rsplit("/", 1)[1]).data


@pytest.mark.parametrize(
    "cut", [0, 1, 70_000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE, 3 * PIECE + 1, len(DATA) - 1]
)
def test_a_line_that_breaks_costs_only_the_rest(house: House, sender: Sender, cut: int) -> None:
    """Broken off at the end of a piece or in its middle, all that was sent is there, and going on from there makes it whole."""
    sender.half(0, DATA[:cut], len(DATA)).close()
    sender.wait(cut)
    assert sender.send(cut, DATA[cut:]) == 204
    assert came(house, sender.upload) == DATA


def test_a_line_that_breaks_at_each_step(house: House, sender: Sender) -> None:
    """Broken off again and again, the file comes together from what is there each time."""
    at = 0
    while at < len(DATA):
        end = min(at + 99_991, len(DATA))
        sender.half(at, DATA[at:end], len(DATA) - at).close()
        sender.wait(end)
        at = end
    assert came(house, sender.upload) == DATA


def test_two_at_once_never_mix(house: House, sender: Sender) -> None:
    """Of two who send the same rest at once one is told that it is there; the bytes are those of the file."""
    with ThreadPoolExecutor(2) as threads:
        for at in range(0, len(DATA), PIECE + 777):
            end = min(at + PIECE + 777, len(DATA))
            both = [threads.submit(sender.send, at, DATA[at:end]) for _ in range(2)]
            assert sorted(one.result() for one in both) == [204, 409]
    assert came(house, sender.upload) == DATA


def test_a_sender_who_was_left_behind_is_refused(house: House, sender: Sender) -> None:
    """A request that hangs does not stop another one from going on; when it comes to life it cannot write any more."""
    hung = sender.half(0, DATA[:1000], len(DATA))
    assert sender.send(0, DATA[:5000]) == 204
    hung.sendall(b"\0" * (len(DATA) - 1000))
    assert hung.recv(100).startswith(b"HTTP/1.1 409")
    hung.close()
    assert sender.send(5000, DATA[5000:]) == 204
    assert came(house, sender.upload) == DATA


def test_a_killed_box_goes_on_from_what_is_there(tmp_path: Path) -> None:
    """Killed in the middle of a file, the box has every whole piece after its next start, and the rest can be sent."""
    Box.init(tmp_path / "box", Founding(name="demo.sao-mai", committee="Đảng bộ xã Sao Mai"))
    token = (tmp_path / "box" / "keys" / "local.token").read_text().strip()
    upload = ""
    for turn in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "box")], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        sender = Sender(process.stdout.readline().strip(), token)
        try:
            if turn == 0:
                sender.begin()
                upload = sender.upload
                with sender.half(0, DATA[: 2 * PIECE + 100], len(DATA)):
                    sender.wait(2 * PIECE)
                    process.send_signal(signal.SIGKILL)
                    process.communicate(timeout=20)
            else:
                sender.upload = upload
                assert sender.arrived() == 2 * PIECE
                assert sender.send(2 * PIECE, DATA[2 * PIECE :]) == 204
                assert sender.arrived() == len(DATA)
        finally:
            process.kill()
            process.communicate(timeout=20)
