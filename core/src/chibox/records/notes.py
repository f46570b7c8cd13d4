"""Signed notes (C2SP signed-note v1.0.0) with Ed25519 keys of type 0x01: signing, opening, the text form of keys."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAX_NOTE: Final = 2**20
MAX_LINES: Final = 100
KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64
_ED25519: Final = b"\x01"
_ID_SIZE: Final = 4
_DASH: Final = "\u2014 "

# y of the points whose order divides 8: under such a key anyone can sign. Encodings with y >= p are refused as well.
_PRIME: Final = 2**255 - 19
_LOW_ORDER: Final = frozenset(
    {
        0,
        1,
        _PRIME - 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    }
)

_control = re.compile(r"[\x00-\x09\x0b-\x1f]").search
_is_key_name = re.compile(r"[^\s+\x00-\x1f]+").fullmatch
_split_vkey = re.compile(r"([^\s+\x00-\x1f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)").fullmatch
_split_line = re.compile(r"\u2014 ([^\s+\x00-\x1f]+) ([A-Za-z0-9+/=]+)").fullmatch


class NoteError(ValueError):
    """The note or the key cannot be trusted, or is not of the right form; the text says why."""


class Signature(NamedTuple):
    """A signature line: the name and ID of its key, and the bytes after the ID."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """An opened note: its text (ends in LF), the lines that verified, and those by keys that nobody gave, unchecked."""

    text: str
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...]


class Verifier:
    """A key that can verify: `name`, `key_id`, the 32 bytes `public_key`, and its text form `vkey`.

    Raises NoteError for a name that no note can carry, and for points under which anyone could sign.
    """

    __slots__ = ("_key", "key_id", "name", "public_key", "vkey")

    def __init__(self, name: str, public_key: bytes) -> None:
        _check_name(name)
        _check_point(public_key)
        self.name = name
        self.public_key = public_key
        self.key_id = key_id(name, public_key)
        self.vkey = f"{name}+{self.key_id.hex()}+{to_base64(_ED25519 + public_key)}"
        self._key = Ed25519PublicKey.from_public_bytes(public_key)

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """The key of a vkey text. Raises NoteError unless the text is exactly what such a key's `vkey` is."""
        match = _split_vkey(vkey)
        if not match:
            raise NoteError("a vkey is <name>+<8 hex characters>+<base64>")
        data = from_base64(match[3])
        if data[:1] != _ED25519 or len(data) != 1 + KEY_SIZE:
            raise NoteError("the key is not an Ed25519 key of type 0x01")
        verifier = cls(match[1], data[1:])
        if verifier.key_id.hex() != match[2]:
            raise NoteError("the key ID does not belong to the key")
        return verifier

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `text`."""
        if len(signature) != SIGNATURE_SIZE:
            return False
        try:
            self._key.verify(signature, text)
        except InvalidSignature:
            return False
        return True


class Signer:
    """A key that can sign, made from its 32-byte seed; `verifier` is its public half. The seed is not kept as such."""

    __slots__ = ("_key", "_prefix", "verifier")

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())
        self._prefix = f"{_DASH}{name} "

    def line(self, text: bytes) -> str:
        """The signature line over `text`, LF included."""
        return f"{self._prefix}{to_base64(self.verifier.key_id + self._key.sign(text))}\n"


def key_id(name: str, public_key: bytes) -> bytes:
    """The four bytes by which a signature line names the Ed25519 key `public_key` of that name."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:_ID_SIZE]


def fingerprint(vkey: str) -> str:
    """SHA-256 of the vkey text as 64 hex characters: what two people read to each other."""
    return sha256(vkey.encode()).hexdigest()


def sign(text: str, signers: Sequence[Signer]) -> bytes:
    """The note that says `text` with one line of each signer. Raises NoteError for a text that no note can carry."""
    if not signers:
        raise NoteError("a note needs a signature")
    if not text.endswith("\n") or _control(text):
        raise NoteError("the text does not end in LF, or holds control characters")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise NoteError("the text holds a lone surrogate") from None
    return data + b"\n" + "".join(signer.line(data) for signer in signers).encode()


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> Note:
    """The note that `data` is, believed on the word of at least one of `verifiers`.

    Raises NoteError when the form is broken, when a line that names one of the verifiers fails, and when none verifies.
    Lines whose name and key ID together belong to no verifier say nothing and are handed back as `unknown`.
    """
    text, lines = split_note(data)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed = text.encode()
    verified: list[Signature] = []
    unknown: list[Signature] = []
    for line in lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            unknown.append(line)
        elif verifier.verifies(signed, line.signature):
            verified.append(line)
        else:
            raise NoteError(f"the signature of {line.name} is wrong")
    if not verified:
        raise NoteError("no signature by the key that is trusted")
    return Note(text, tuple(verified), tuple(unknown))


def split_note(data: bytes) -> tuple[str, tuple[Signature, ...]]:
    """Text and signature lines of a note, nothing verified. Raises NoteError when the form is broken."""
    if len(data) > MAX_NOTE:
        raise NoteError(f"the note is longer than {MAX_NOTE} bytes")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise NoteError("the note is not UTF-8") from None
    if _control(whole):
        raise NoteError("the note holds control characters")
    head, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise NoteError("the note has no text, empty line and signatures that end in LF")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise NoteError(f"the note has more than {MAX_LINES} signatures")
    return head + "\n", tuple(map(_parse_line, lines))


def to_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of which `text` is the standard base64. Raises NoteError for any other spelling of them."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise NoteError("not base64") from None
    if to_base64(data) != text:
        raise NoteError("not the usual spelling of base64")
    return data


def _parse_line(line: str) -> Signature:
    match = _split_line(line)
    if not match:
        raise NoteError("a signature line is broken")
    data = from_base64(match[2])
    if len(data) <= _ID_SIZE:
        raise NoteError("a signature line is too short")
    return Signature(match[1], data[:_ID_SIZE], data[_ID_SIZE:])


def _check_name(name: str) -> None:
    if not _is_key_name(name):
        raise NoteError("the name of a key is empty, or holds a space, a control character or +")


def _check_point(public_key: bytes) -> None:
    if len(public_key) != KEY_SIZE:
        raise NoteError("a public key is 32 bytes long")
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if y >= _PRIME or y in _LOW_ORDER:
        raise NoteError("a public key under which anyone could sign")
