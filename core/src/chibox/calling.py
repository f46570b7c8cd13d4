"""The way from another process of the same machine to the box that runs: the JSON API on loopback, with the local token."""

import http.client
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from chibox import keys
from chibox.commands import Answer, Command, name_of
from chibox.errors import Away, ChiboxError, Conflict, Fatal, Forbidden, Invalid, NotFound, Refused, words
from chibox.settings import load

_ADDRESS: Final = "address"
_PATIENCE: Final = 600  # s: an import is one act, and may wait for others
_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a box listens on everything, it is near as well
_RAISED: Final[dict[int, type[ChiboxError]]] = {403: Forbidden, 404: NotFound, 409: Conflict, 500: Fatal, 503: Away}
_OK: Final = 200
_TROUBLE: Final = 503


@contextmanager
def announced(folder: Path) -> Iterator["Announcement"]:
    """Tells other processes, as long as it lasts, where the box in `folder` is served."""
    announcement = Announcement(folder / _ADDRESS)
    try:
        yield announcement
    finally:
        announcement.path.unlink(missing_ok=True)


class Announcement:
    """The file that says where a box is served. After a crash it may name a place where nobody answers."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, address: str) -> None:
        """The box answers at `address`."""
        self.path.write_text(f"{address}\n")


class Running:
    """The box of a folder, which another process serves. What is asked here is done by its service account, and shown so."""

    def __init__(self, folder: Path, language: str = "vi") -> None:
        """Raises NotFound when there is no box in `folder`, Fatal when its token cannot be read."""
        if not (folder / "box.db").exists():
            raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=folder)
        self.folder, self.language = folder, language
        self._token = keys.local_token(folder / "keys")

    @property
    def address(self) -> str:
        """Where it is served, as it has said itself, or as its settings say."""
        said = self.folder / _ADDRESS
        if said.exists():
            return said.read_text().strip()
        settings = load(self.folder)
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return f"http://{host}:{settings.port}"

    def perform(
        self,
        plugin: str,
        command: Command,
        *,
        act: str | None = None,
        seen: int | None = None,
        from_paper: bool = False,
        on_behalf: str | None = None,
    ) -> Answer:
        """Have it do `command` of `plugin`. Sent again with the same act, it is done once.

        Raises what the box answers: Refused, Invalid with the fields, Conflict, Away; Away as well when it does not run.
        """
        headers = {"Idempotency-Key": act or os.urandom(16).hex(), "From-Paper": "true" if from_paper else "false"}
        if seen is not None:
            headers["X-Seen"] = str(seen)
        if on_behalf is not None:
            headers["On-Behalf"] = on_behalf
        path = f"/api/{plugin}/{name_of(type(command))}"
        status, data = self._ask("POST", path, msgspec.json.encode(command), headers)
        if status != _OK:
            raise _error(status, data)
        done = msgspec.json.decode(data)
        return Answer(done["act"], done["first"], done["last"])

    def read(self, path: str) -> Any:
        """What the box answers at `path` of its pages, as JSON. Raises as `perform` does."""
        status, data = self._ask("GET", path, b"", {})
        if status != _OK:
            raise _error(status, data)
        return msgspec.json.decode(data)

    def health(self) -> tuple[str, list[dict[str, str]]]:
        """The state of the whole, and each check as the page of health shows it. Raises Away when it does not run."""
        status, data = self._ask("GET", "/health.json", b"", {})
        if status not in {_OK, _TROUBLE}:
            raise _error(status, data)
        found = msgspec.json.decode(data)
        if "checks" not in found:  # whoever answers does not know this box's token
            raise Away("Another box answers at {address}.", address=self.address)
        return found["state"], found["checks"]

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        where = urlsplit(self.address)
        host = where.hostname or ""
        connection = http.client.HTTPConnection(_ANY.get(host, host), where.port, timeout=_PATIENCE)
        own = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Cookie": f"lang={self.language}",
        }
        try:
            connection.request(method, path, body, own | headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            raise Away(
                "The box in {folder} does not answer. Start it with `chibox run {folder}`.", folder=self.folder
            ) from None
        finally:
            connection.close()


def _error(status: int, data: bytes) -> ChiboxError:
    """What a problem document says, as the error that it was; its words are in the language that was asked for."""
    try:
        problem: dict[str, Any] = msgspec.json.decode(data)
        said, fields = str(problem["detail"]), problem.get("fields", {})
    except (msgspec.DecodeError, LookupError, TypeError):
        return Fatal("The box answered {status} without words.", status=str(status))
    if fields:
        return Invalid("{said}", said=said, fields={name: words("{said}", said=why) for name, why in fields.items()})
    return _RAISED.get(status, Refused)("{said}", said=said)
