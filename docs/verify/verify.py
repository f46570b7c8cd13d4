"""Verifies the exported log of a chibox, without chibox: this one file, Python 3.11 and `cryptography` (for Ed25519).

    python3 verify.py FOLDER [--key VKEY] [--seen FILE]... [--paper NUMBER ROOT]...

FOLDER holds the generations of one log: FOLDER/1, FOLDER/2, ... In each: a signed checkpoint (C2SP signed-note,
tlog-checkpoint), entries in bundles of 256, the tiles of the Merkle tree over them (C2SP tlog-tiles, RFC 6962), and the
contents behind the entries (part/). What each must look like stands in docs/design/formats.md. Every byte is read;
nothing is believed but a key. Ends with 0: whole; 1: a fault, the first; 2: nothing was checked. Read this from the
bottom: `main`, `verify`, `Generation` say what is done, in which order. It takes 500 bytes of memory for each entry.
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH, HOUR = 256, 3_600_000
FOUNDED, OPENED, SEALED = "core.founded.1", "core.generation_opened.1", "core.sealed.1"
ANNOUNCED, RETIRED = "core.key_announced.1", "core.key_retired.1"
ID, KIND, PART = "[0-9a-f]{32}", r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[1-9][0-9]*", "[a-z][a-z0-9_]{0,31}"
REF, COMMITTED, TIME = f"[ra]{ID}", f'"{PART}":"[0-9a-f]{{64}}"', "(?:0|[1-9][0-9]{0,15})"
is_id, is_ref, is_kind, is_part = (re.compile(pattern).fullmatch for pattern in (ID, REF, KIND, PART))
is_entry = re.compile(
    rf'{{"act":"{ID}","by":"{ID}","kind":"{KIND}","parts":{{{COMMITTED}(?:,{COMMITTED})*}},'
    rf'"refs":\[(?:"{REF}"(?:,"{REF}")*)?],"rid":"{ID}","subject":"{ID}","time":{TIME},"unit":"{ID}","v":1}}'.encode()
).fullmatch
is_origin = re.compile(r"([^\s+\x00-\x1f]+)/log/([1-9][0-9]{0,8})").fullmatch
is_line = re.compile(r"\u2014 ([^\s+\x00-\x1f]+) ([A-Za-z0-9+/=]+)").fullmatch
is_number = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,15})(?:/([1-9][0-9]{0,8}))?").fullmatch
PRIME = 2**255 - 19  # of Ed25519. Under a key whose y is one of these, anyone could sign:
Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
WEAK = (0, 1, PRIME - 1, Y, PRIME - Y)
sha = lambda data: hashlib.sha256(data).digest()  # noqa: E731
b64 = lambda data: base64.b64encode(data).decode()  # noqa: E731
Checkpoint = NamedTuple(  # noqa: UP014 - the log had so many entries and this root, says the text that was signed
    "Checkpoint", [("origin", str), ("size", int), ("root", bytes), ("text", bytes), ("lines", list[tuple[str, bytes]])]
)


def need(holds: object, why: str) -> None:
    """A rule: ValueError where it does not hold."""
    if not holds:
        raise ValueError(why)


@contextmanager
def within(where: str) -> Iterator[None]:
    """Puts the place in front of what is wrong there."""
    try:
        yield
    except (ValueError, OSError, RecursionError, InvalidSignature) as error:
        raise ValueError(f"{where}: {str(error) or 'the signature is wrong'}") from None


def from_base64(text: str) -> bytes:
    """The bytes behind base64. Of several spellings of the same bytes only the usual one is taken."""
    data = base64.b64decode(text, validate=True)
    need(b64(data) == text, "not base64 in its usual spelling")
    return data


def as_key(text: object) -> bytes:
    """The 32 bytes of a public key, from base64."""
    key = from_base64(str(text))
    y = int.from_bytes(key, "little") % 2**255
    need(len(key) == 32 and y < PRIME and y not in WEAK, "not a public key, or one under which anyone could sign")
    return key


def vkey(origin: str, key: bytes) -> str:
    """The text form of a public key; its 8 hex characters are the id by which a signature line names the key."""
    key_id = sha(origin.encode() + b"\n\x01" + key)[:4]
    return f"{origin}+{key_id.hex()}+{b64(bytes([1]) + key)}"


def read_checkpoint(note: bytes) -> Checkpoint:
    """The checkpoint in a signed note, in the one form that it may have. No signature is verified here."""
    head, gap, tail = note.decode().rpartition("\n\n")
    need(len(note) <= 2**20 and not re.search(rb"[\x00-\x09\x0b-\x1f]", note), "too long, or control characters")
    need(gap and tail.endswith("\n"), "not a text, an empty line, and signatures that end in LF")
    lines = [is_line(line) for line in tail[:-1].split("\n")]
    signatures = [(line[1], from_base64(line[2])) if line else ("", b"") for line in lines]
    need(len(lines) <= 100 and all(len(data) > 4 for _, data in signatures), "a signature line is broken")
    need(head.count("\n") == 2, "a checkpoint has three lines: origin, size, root; and no extension lines")
    origin, size, root = head.split("\n")
    need(is_origin(origin), "line 1: the origin is not <name>/log/<generation>")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", size) and int(size) < 2**63, "line 2: not a number in its usual spelling")
    need(len(from_base64(root)) == 32 and (size != "0" or from_base64(root) == sha(b"")), "line 3: not a root")
    return Checkpoint(origin, int(size), from_base64(root), head.encode() + b"\n", signatures)


def check_signed(note: Checkpoint, keys: list[bytes], *, alone: bool) -> None:
    """Each of the keys has signed the note; with `alone`, they in this order and nobody else."""
    need(keys, "nobody gave the key, and nothing here shows one: no signature was checked")
    found = [(name, data[:4]) for name, data in note.lines]
    wanted = [(note.origin, bytes.fromhex(vkey(note.origin, key).split("+")[1])) for key in keys]
    need(found == wanted if alone else set(wanted) <= set(found), "the signature lines are not those of the keys")
    for known, (_, data) in zip(found, note.lines, strict=True):
        if known in wanted:
            Ed25519PublicKey.from_public_bytes(keys[wanted.index(known)]).verify(data[4:], note.text)


def canonical(data: bytes, limit: int) -> Any:
    """The value whose only spelling (RFC 8785) is `data`: doubled keys, spaces, other escapes, floats are refused."""
    fits = lambda text: text.lstrip("-").isdigit() and len(text) < 18 and abs(int(text)) < 2**53  # noqa: E731
    number = lambda text: need(fits(text), "a float, or a number that is too large") or int(text)  # noqa: E731

    def in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name.encode("utf-16-be") for name, _ in pairs]
        need(names == sorted(set(names)), "keys that are doubled, or not in order")
        return dict(pairs)

    need(len(data) <= limit, f"longer than {limit} bytes")
    value = json.loads(data, object_pairs_hook=in_order, parse_int=number, parse_float=number, parse_constant=number)
    need(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() == data, "not in canonical form")
    return value


def read_entry(data: bytes) -> dict[str, Any]:
    """The envelope of an entry; a rule that it breaks is named."""
    need(len(data) <= 4096 and is_entry(data), "the envelope breaks the format")
    e: dict[str, Any] = json.loads(data)
    parts, refs = e["parts"], e["refs"]
    need(
        json.dumps(e, separators=(",", ":"), sort_keys=True).encode() == data, "parts that stand twice, or in disorder"
    )
    need("body" in parts and len(parts) <= 16, "it has no part named body, or more than 16")
    need(len(refs) == len(set(refs)) <= 64, "a ref stands twice, or there are more than 64")
    need(len(e["kind"]) <= 80 and e["time"] < 2**53, "kind or time are too long")
    holds = e["kind"] != SEALED or (not refs and len(parts) == 1 and e["time"] % HOUR == 0)
    need(holds, "a sealed entry has refs, other parts than body, or a time that is not cut to the hour")
    return e


def check_part(entry: dict[str, Any], name: str, salt: bytes, data: bytes) -> dict[str, Any] | None:
    """Holds a part against what its entry states of it, and a body against its form. The fields of a body."""
    need(name in entry["parts"], "the entry commits to no such part")
    message = b"part/v1\0" + bytes.fromhex(entry["rid"]) + bytes([len(name)]) + name.encode() + data
    stated = hmac.new(salt, message, "sha256").hexdigest()
    need(stated == entry["parts"][name], "salt and content do not answer to the commitment of the entry")
    if name != "body":
        return None
    body = canonical(data, 2**20)
    holds = isinstance(body, dict) and list(body) == ["c", "f"] and all(isinstance(one, dict) for one in body.values())
    need(holds, "the body is not an object of context and fields")
    need(unicodedata.is_normalized("NFC", data.decode()), "the text of the body is not in NFC")
    c, f = body["c"], body["f"]
    if entry["kind"] == FOUNDED:
        need(is_origin(f"{f.get('name')}/log/1") and as_key(f.get("key")), "it does not state name and key of the log")
    if entry["kind"] == SEALED:
        time, refs, texts = c.get("time"), c.get("refs"), [c.get(name) for name in ("kind", "by", "subject", "unit")]
        holds = type(time) is int and isinstance(refs, list) and all(isinstance(text, str) for text in (*texts, *refs))
        holds = holds and time - time % HOUR == entry["time"] and all(map(is_ref, refs)) and all(map(is_id, texts[1:]))
        need(holds and is_kind(texts[0]) and texts[0] != SEALED, "the context of a sealed body does not say what it is")
    return f  # type: ignore[no-any-return]


def split(data: bytes, count: int, read: Callable[..., Any]) -> list[Any]:
    """What `read` takes from the front of the data, so many times, with nothing left after the last."""
    file = io.BytesIO(data)
    take = lambda size: file.read(size) if size <= len(data) - file.tell() else need(None, "it ends early")  # noqa: E731
    sized = lambda width: take(int.from_bytes(take(width), "big"))  # noqa: E731
    found = [read(take, sized) for _ in range(count)]
    need(not file.read(1), "bytes after the last entry")
    return found


def read_parts(take: Callable[[int], bytes], sized: Callable[[int], bytes]) -> list[tuple[str, bytes, bytes]]:
    """The parts given of an entry: a byte with their number, then of each its name, its salt, its content."""
    parts = [(sized(1).decode("latin-1"), take(32), sized(4)) for _ in range(take(1)[0])]
    names = [name for name, _, _ in parts]
    need(names == sorted(set(names)) and all(map(is_part, names)), "names that break the rule, or their order")
    return parts


def root_of(hashes: list[bytes]) -> bytes:
    """The Merkle root (RFC 6962): pairs from the left, a lone hash on the right goes up as it is."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [sha(b"\1" + left + right) for left, right in pairs] + hashes[len(hashes) & ~1 :]
    return hashes[0] if hashes else sha(b"")


def places(size: int) -> Iterator[tuple[str, int, int]]:
    """Name, start and width of each tile or bundle over so many: 1234067 is x001/x234/067; .p/<width> if not full."""
    for start in range(0, size, WIDTH):
        n, width = start // WIDTH, min(WIDTH, size - start)
        name = f"{n % 1000:03}"
        while n := n // 1000:
            name = f"x{n % 1000:03}/{name}"
        yield name + ("" if width == WIDTH else f".p/{width}"), start, width


class Generation:
    """One generation, read whole; the first fault ends it. `told`: what entries say of generations and keys."""

    def __init__(self, folder: Path) -> None:
        found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
        self.files = {path.relative_to(folder).as_posix(): path for path in found}
        self.act, self.box, self.time, self.parts = "", "", 0, 0
        self.leaves, self.rids, self.acts = list[bytes](), set[str](), set[str]()
        self.told: list[tuple[int, str, dict[str, Any]]] = []
        with within("checkpoint"):
            self.note = read_checkpoint(self.read("checkpoint", 2**20))
            need(self.note.size, "the log is empty: it has no founding entry")
        for place in places(self.note.size):
            self.read_bundle(*place)
        self.read_tiles()
        with within("checkpoint"):
            need(self.root(self.note.size) == self.note.root, "the entries here have another root than was signed")
        need(not self.files, f"{min(self.files, default='')}: not a part of this log: nothing vouches for it")

    def read(self, name: str, limit: int, absent: bytes | None = None) -> bytes:
        """A regular file of the export, no longer than any sound one; links are not followed."""
        path = self.files.pop(name, None)
        need(path or absent is not None, "it is missing")
        if path is None:
            return absent or b""
        need(path.is_file() and not path.is_symlink(), "not a regular file")
        need(path.stat().st_size <= limit, f"longer than {limit} bytes")
        return path.read_bytes()

    def read_bundle(self, name: str, start: int, width: int) -> None:
        """The entries of a bundle, and the parts of them that are given."""
        with within(f"tile/entries/{name}"):
            entries = split(self.read(f"tile/entries/{name}", WIDTH * 4098), width, lambda _, sized: sized(2))
        self.leaves += [sha(b"\0" + data) for data in entries]
        with within(f"tile/0/{name}"):
            self.check_tile(f"tile/0/{name}", self.leaves[start:], "the entry below it")
        with within(f"part/{name}"):
            parts = split(self.read(f"part/{name}", 2**29, bytes(width)), width, read_parts)
        for position, data in enumerate(entries, start):
            with within(f"entry {position}"):
                self.take(position, read_entry(data), parts[position - start])

    def take(self, position: int, entry: dict[str, Any], parts: list[tuple[str, bytes, bytes]]) -> None:
        """One entry among those before it, and the parts that are given of it."""
        act, sealed, fields = entry["act"], entry["kind"] == SEALED, dict[str, Any]()
        self.box = self.box or (entry["by"] if sealed else "")
        need((entry["kind"] == FOUNDED) == (position == 0), "the founding entry stands first, and only there")
        need(entry["rid"] not in self.rids, "the record id has been used before")
        need(act == self.act or act not in self.acts, "the entries of its act do not stand together")
        need(not sealed or entry["by"] == self.box, "sealed entries have different boxes as their actor")
        need(sealed or entry["time"] >= self.time, "the time is before that of an earlier entry")
        self.rids.add(entry["rid"])
        self.acts.add(act)
        self.act, self.time = act, self.time if sealed else entry["time"]
        for name, salt, content in parts:
            with within(f"part {name}"):
                fields = check_part(entry, name, salt, content) or fields
        self.parts += len(parts)
        if entry["kind"] in (FOUNDED, OPENED, ANNOUNCED, RETIRED):
            self.told.append((position, entry["kind"], fields))

    def read_tiles(self) -> None:
        """Every tile above level 0 against the full tiles below it."""
        level, row = 0, self.leaves
        while len(row) >= WIDTH:
            row, level = [root_of(row[i : i + WIDTH]) for i in range(0, len(row) - WIDTH + 1, WIDTH)], level + 1
            for name, start, width in places(len(row)):
                with within(f"tile/{level}/{name}"):
                    self.check_tile(f"tile/{level}/{name}", row[start : start + width], "what lies below it")

    def check_tile(self, name: str, hashes: list[bytes], below: str) -> None:
        """Wrong unless a tile holds exactly these hashes."""
        stored, wanted = self.read(name, WIDTH * 32), b"".join(hashes)
        at = next((i for i, one in enumerate(hashes) if stored[i * 32 : i * 32 + 32] != one), 0)
        need(stored == wanted, f"{len(stored)} bytes of {len(wanted)}, hash {at} not that of {below}: one was changed")

    def root(self, size: int) -> bytes:
        """The root that the first entries here have."""
        need(size <= len(self.leaves), f"fork or truncation: it has {size} entries, the log here {len(self.leaves)}")
        return root_of(self.leaves[:size])

    def read_keys(self, given: bytes, trusted: set[bytes]) -> None:
        """Which keys sign which sizes, as the entries say; then the signature. A retired key vouches for the next one."""
        keys: list[bytes] = []
        self.history = [(0, keys)]
        for position, kind, f in self.told:
            with within(f"entry {position}"):
                key = as_key(f.get("key")) if f else given
                if kind == RETIRED and f:
                    last = read_checkpoint(str(f.get("note")).encode())
                    need(len(keys) == 2 and key == keys[0], "it retires a key that no announced one follows")
                    check_signed(last, keys, alone=True)
                    holds = self.history[-1][0] <= last.size <= position and self.root(last.size) == last.root
                    need(holds, "its checkpoint is not of this log, or not of the time of both keys")
                    trusted |= set(keys) if keys[0] in trusted else set()
                need(kind != ANNOUNCED or len(keys) == 1, "it announces a key while another one is announced")
                keys = keys[1:] if kind == RETIRED else [*keys, key] if kind == ANNOUNCED else [key]
                self.history.append((position + 1, keys))
        with within("checkpoint"):
            check_signed(self.note, self.keys(self.note.size), alone=True)

    def keys(self, size: int) -> list[bytes]:
        """The keys whose lines stand under a checkpoint of that size."""
        return next(keys for begin, keys in reversed(self.history) if begin <= size)


def check_generation(number: int, logs: dict[int, Generation], name: object) -> None:
    """A later generation shares its first entries with the one before; the next entry, by which it begins, says so."""
    log = logs[number]
    with within("checkpoint"):
        need(log.note.origin == f"{name}/log/{number}", "line 1: the origin is not the one that was expected")
    opened = [(position, f) for position, kind, f in log.told if kind == OPENED]
    need(bool(opened) == (number > 1), "log: an entry opens every generation but the first")
    for position, f in opened[-1:]:
        shared, states = log.root(position), (f.get("generation"), f.get("size"), f.get("root"))
        need(not f or states == (number, position, b64(shared)), f"entry {position}: it does not say what begins there")
        before = f.get("before", max([n for n in logs if n < number], default=0))
        need(before in range(number), f"entry {position}: it does not say from which generation it goes on")
        here = before in logs and logs[before].root(position) == shared
        need(here, f"log: generation {before} is missing, or begins otherwise")


def hold(text: str, root: str, logs: dict[int, Generation], note: Checkpoint | None = None) -> str:
    """Wrong unless the log has the root, or one that begins so, at the size of a receipt number or an older checkpoint."""
    match, root = is_number(text), "".join(root.split())
    need(match and re.fullmatch("[A-Za-z0-9+/]{10,43}=?", root), f"{text} {root} are not a receipt number and a root")
    number, size = (int(match[2] or 1), int(re.sub("[.,]", "", match[1])) + 1) if match else (0, 0)
    need(number in logs, f"there is no generation {number} here")
    found = b64(logs[number].root(size))
    need(found.startswith(root), f"fork: at size {size} the log here has the root {found}")
    if note:
        check_signed(note, logs[number].keys(size), alone=False)
        need(note.origin == logs[number].note.origin, "it is of another log")
    return f"whole up to {size} entries of generation {number}; {len(root)} of 44 signs of the root were compared"


def verify(asked: argparse.Namespace) -> Iterator[str]:
    """Reads all generations, holds them together and against key, older checkpoints and paper. Yields what was found."""
    logs, trusted, given, name = dict[int, Generation](), set[bytes](), b"", None
    if asked.key is not None:
        origin, _, data = [*asked.key.split("+", 2), "", ""][:3]
        given = as_key(b64(from_base64(data)[1:]))
        need(vkey(origin, given) == asked.key and is_origin(origin), "--key: this is not the key of a log")
        trusted, name = {given}, origin.rpartition("/log/")[0]
    for path in sorted(asked.folder.iterdir(), key=lambda path: (len(path.name), path.name)):
        holds = re.fullmatch("[1-9][0-9]{0,8}", path.name) and path.is_dir() and not path.is_symlink()
        need(holds, f"log: {path.name}: not a generation of a log")
        with within(path.name):
            number = int(path.name)
            logs[number] = log = Generation(path)
            log.read_keys(given, trusted)
            name = name or log.told[0][2].get("name")
            check_generation(number, logs, name)
        yield f"generation {number}: {log.note.size} entries, {log.parts} parts, root {b64(log.note.root)}"
        for key in log.keys(log.note.size):
            text, word = vkey(log.note.origin, key), "the log's own word: compare its fingerprint"
            word = "as given" if key == given else "vouched for by the key that was given" if key in trusted else word
            yield f"generation {number}: key {text}, fingerprint {sha(text.encode()).hex()}: {word}"
    known = [key for log in logs.values() for _, keys in log.history for key in keys]
    need(not given or given in known, "--key: it is not one of the keys that this log names")
    for path in asked.seen:
        with within(f"--seen {path}"):
            note = read_checkpoint(path.read_bytes())
            last = f"{note.size - 1}/{note.origin.rpartition('/')[2]}"
            yield f"--seen {path}: {hold(last, b64(note.root), logs, note)}"
    for text, root in asked.paper:
        with within(f"--paper {text}"):
            yield f"--paper {text}: " + hold(text, root, logs)


def main(arguments: list[str]) -> int:
    """The command line: says what was found, line by line; the first fault ends it."""
    parser = argparse.ArgumentParser(description="Verify the exported log of a chibox.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", metavar="VKEY", help="the key that you trust")
    more: Any = {"action": "append", "default": []}
    parser.add_argument("--seen", type=Path, metavar="FILE", help="a checkpoint that you kept", **more)
    parser.add_argument("--paper", nargs=2, metavar=("NUMBER", "ROOT"), help="a printed receipt", **more)
    asked = parser.parse_args(arguments)
    if not any(asked.folder.glob("*/checkpoint")):
        parser.error(f"there is no log in {asked.folder}")
    try:
        for line in verify(asked):
            print(line)
    except (ValueError, OSError) as error:
        print("".join(sign if sign.isprintable() else "?" for sign in f"NOT verified: {error}"))
        print("" if asked.seen or asked.paper else "No older checkpoint was given: since when it is so is not known.")
        return 1
    print("verified: no fault")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
