"""A small writer of logs, straight from the wire formats: it shares no code with the one that it helps to test.

Only the words of a receipt come from chibox, since their letters are the format.
"""

import base64
import contextlib
import hashlib
import hmac
import io
import json
import runpy
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import decode
from chibox.records.verify import verify_log
from chibox.records.wording import receipt_words

STRANGER = runpy.run_path(str(Path(__file__).parents[2] / "docs/verify/verify.py"))
Parts = dict[str, tuple[bytes, bytes]]
NAME = "demo.xa-sao-mai.lamson"
HOUR = 3_600_000
START = 498_775 * HOUR


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def an_id(*words: object) -> str:
    """An id from a seed."""
    return sha(repr(words).encode()).hex()[:32]


def dumps(value: object) -> bytes:
    """Canonical JSON of a value with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, the definition."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\x01" + root(leaves[:half]) + root(leaves[half:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, the definition of the audit path."""
    if len(leaves) < 2:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def place(n: int, width: int) -> str:
    """The name of a tile or bundle below its folder, for n < 1000."""
    return f"{n:03}" if width == 256 else f"{n:03}.p/{width}"


class Key:
    """An Ed25519 key of a log."""

    def __init__(self, origin: str, seed: bytes) -> None:
        self.origin = origin
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self._id = sha(f"{origin}\n".encode() + b"\x01" + self.public)[:4]
        self.vkey = f"{origin}+{self._id.hex()}+{base64.b64encode(bytes([1]) + self.public).decode()}"

    def line(self, text: str) -> str:
        """The signature line over a text."""
        return f"— {self.origin} {base64.b64encode(self._id + self._key.sign(text.encode())).decode()}\n"

    def note(self, text: str) -> bytes:
        """The signed note."""
        return f"{text}\n{self.line(text)}".encode()


class Log:
    """A log under construction. `entries` and `parts` may be changed by hand before it is laid out."""

    def __init__(self, *, name: str = NAME, generation: int = 1, seed: bytes = b"\x07" * 32) -> None:
        self.generation = generation
        self.name, self.seed = name, seed
        self.key = Key(f"{name}/log/{generation}", seed)
        self.eras: list[tuple[int, list[Key]]] = [(0, [self.key])]
        self.entries: list[bytes] = []
        self.parts: list[Parts] = []
        stated = {"key": base64.b64encode(self.key.public).decode(), "name": name}
        self.add("core.founded.1", stated)

    def add(
        self, kind: str, fields: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, **other: Any
    ) -> None:
        """Appends an entry; `other` replaces fields of the envelope, `context` that of the body, `body` the bytes."""
        number = len(self.entries)
        rid = other.pop("rid", an_id("rid", number))
        body = other.pop("body", None) or dumps({"c": other.pop("context", {}), "f": fields})
        contents = {"body": body, **(files or {})}
        parts = {name: (sha(f"salt {number} {name}".encode()), data) for name, data in contents.items()}
        envelope = {
            "act": an_id("act", number),
            "by": an_id("by"),
            "kind": kind,
            "parts": {name: self.commit(rid, name, *parts[name]) for name in parts},
            "refs": [],
            "rid": rid,
            "subject": an_id("subject", number),
            "time": START + number * 1000,
            "unit": an_id("unit"),
            "v": 1,
        }
        self.entries.append(dumps(envelope | other))
        self.parts.append(parts)

    def add_sealed(self, **other: Any) -> None:
        """Appends a sealed entry; `hidden` replaces fields of its context."""
        number = len(self.entries)
        context = {
            "by": an_id("true by"),
            "kind": "inspection.opened.1",
            "refs": [f"r{an_id('rid', 0)}"],
            "subject": an_id("true subject", number),
            "time": START + number * 1000,
            "unit": an_id("true unit"),
        }
        cut = START + number * 1000 // HOUR * HOUR
        other = {"by": an_id("box"), "time": cut, "context": context | other.pop("hidden", {})} | other
        self.add("core.sealed.1", {"word": "kín"}, **other)

    @staticmethod
    def commit(rid: str, name: str, salt: bytes, data: bytes) -> str:
        """The commitment of the format."""
        message = b"part/v1\0" + bytes.fromhex(rid) + bytes([len(name)]) + name.encode() + data
        return hmac.new(salt, message, hashlib.sha256).hexdigest()

    def leaves(self, size: int | None = None) -> list[bytes]:
        """The leaf hashes."""
        return [sha(b"\0" + entry) for entry in self.entries[:size]]

    def text(self, size: int | None = None) -> str:
        """The text of the checkpoint at a size."""
        leaves = self.leaves(size)
        return f"{self.key.origin}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"

    def note(self, size: int | None = None) -> bytes:
        """The signed checkpoint at a size, by the keys of that size."""
        here = len(self.entries) if size is None else size
        keys = next(keys for begin, keys in reversed(self.eras) if begin <= here)
        text = self.text(size)
        return f"{text}\n{''.join(key.line(text) for key in keys)}".encode()

    def next(
        self, shared: int, *, number: int | None = None, seed: bytes | None = None, orphans: Sequence[bytes] = (),
        **stated: Any,
    ) -> "Log":  # fmt: skip
        """The next generation, over the first `shared` entries and the one that opens it; `stated` replaces what that says."""
        number = self.generation + 1 if number is None else number
        later = Log(name=self.name, generation=number, seed=seed or self.seed)
        later.entries, later.parts = self.entries[:shared], [dict(parts) for parts in self.parts[:shared]]
        fields = {
            "asked_by": an_id("first person"), "before": self.generation, "generation": later.generation,
            "key": base64.b64encode(later.key.public).decode(), "orphans": [note.decode() for note in orphans],
            "reason": "restored", "root": self.text(shared).split("\n")[2], "size": shared,
        }  # fmt: skip
        later.add("core.generation_opened.1", fields | stated, rid=an_id("opened", later.generation))
        return later

    def announce(self, seed: bytes) -> Key:
        """A second key signs from now on."""
        second = Key(self.key.origin, seed)
        self.add("core.key_announced.1", {"key": base64.b64encode(second.public).decode()})
        self.eras.append((len(self.entries), [self.eras[-1][1][-1], second]))
        return second

    def retire(self, **stated: Any) -> None:
        """The second key signs alone from now on; `stated` replaces what the entry says."""
        first, second = self.eras[-1][1]
        fields = {"key": base64.b64encode(first.public).decode(), "note": self.note().decode()}
        self.add("core.key_retired.1", fields | stated)
        self.eras.append((len(self.entries), [second]))

    def files(self) -> dict[str, bytes]:
        """The export: name and content of every file, the generation's folder in front."""
        found = {"checkpoint": self.note()}
        hashes = self.leaves()
        for n in range(0, len(self.entries), 256):
            name = place(n // 256, len(self.entries[n : n + 256]))
            found[f"tile/entries/{name}"] = b"".join(len(e).to_bytes(2, "big") + e for e in self.entries[n : n + 256])
            given = self.parts[n : n + 256]
            if any(given):
                found[f"part/{name}"] = b"".join(map(bundled, given))
        level = 0
        while hashes:
            for n in range(0, len(hashes), 256):
                row = hashes[n : n + 256]
                found[f"tile/{level}/{place(n // 256, len(row))}"] = b"".join(row)
            hashes = [root(hashes[n : n + 256]) for n in range(0, len(hashes) - 255, 256)]
            level += 1
        return {f"{self.generation}/{name}": data for name, data in found.items()}

    def members(self, positions: Sequence[int], given: Sequence[str] = ()) -> dict[str, bytes]:
        """The members of a receipt."""
        found: dict[str, bytes] = {}
        leaves = self.leaves()
        for position in positions:
            steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in path(position, leaves))
            head = f"c2sp.org/tlog-proof@v1\nindex {position}\n{steps}\n".encode()
            found[f"{position}/entry.json"] = self.entries[position]
            found[f"{position}/proof.tlog-proof"] = head + self.note()
            for name in given:
                found[f"{position}/salt/{name}"], found[f"{position}/part/{name}"] = self.parts[position][name]
        entries = [(position, decode(self.entries[position])) for position in positions]
        checkpoint = Checkpoint(self.key.origin, len(leaves), root(leaves))
        found["receipt.txt"] = receipt_words(entries, checkpoint, self.key.vkey, given).encode()
        return found

    def receipt(self, positions: Sequence[int], given: Sequence[str] = ()) -> bytes:
        """A receipt."""
        return zipped(self.members(positions, given))


def bundled(parts: Parts) -> bytes:
    """The parts of one entry as a part bundle holds them."""
    found = bytes([len(parts)])
    for name, (salt, data) in sorted(parts.items()):
        found += bytes([len(name)]) + name.encode() + salt + len(data).to_bytes(4, "big") + data
    return found


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of the members, deflated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Writes the files below the folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def by_stranger(folder: Path, key: str | None = None, seen: Sequence[bytes] = (), *more: str) -> tuple[int, str]:
    """What the single file `verify.py` ends with and says, given the same."""
    with tempfile.TemporaryDirectory() as kept:
        arguments = [str(folder), *(("--key", key) if key is not None else ()), *more]
        for number, note in enumerate(seen):
            path = Path(kept) / f"seen{number}"
            path.write_bytes(note)
            arguments += ["--seen", str(path)]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                state = STRANGER["main"](arguments)
            except SystemExit as ended:
                state = ended.code
    return int(state), out.getvalue() + err.getvalue()


def told(folder: Path, key: str | None = None, seen: bytes | None = None, receipt: bytes | None = None) -> str:
    """The report as text; that it is a refusal, by our verifier and by the single file, is asserted here."""
    given = () if seen is None else (seen,)
    report = verify_log(folder, key=key, seen=given, receipt=receipt)
    assert not report.ok
    assert report.findings
    if receipt is None:
        state, said = by_stranger(folder, key, given)
        assert state in {1, 2}, said
    return "\n".join(report.lines())


def make(size: int, **other: Any) -> Log:
    """A log of that size: open entries, some with a photo, every fifth sealed."""
    log = Log(**other)
    for number in range(1, size):
        if number % 5 == 2:
            log.add_sealed()
        else:
            photo = {"photo": f'{{"digest":"{number}"}}'.encode()} if number % 3 == 1 else {}
            log.add(
                "membership.admitted.1", {"name": f"Nguyễn Thị Số {number}"}, files=photo, refs=[f"r{an_id('rid', 0)}"]
            )
    return log
