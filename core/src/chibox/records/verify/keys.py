"""Whom a verification trusts: the log's name and public key, as given, or as the founding entry states them."""

from typing import NamedTuple

from chibox.records import canonical
from chibox.records.checkpoints import CheckpointError, split_origin
from chibox.records.envelope import BODY, FOUNDED, Envelope, decode
from chibox.records.notes import NoteError, Verifier, from_base64
from chibox.records.parts import MAX_BODY, commitment, parse_parts
from chibox.records.tiles import WIDTH, bundles_of, parse_bundle
from chibox.records.verify.sources import UNREADABLE, Source


class Trusted(NamedTuple):
    """The log `name` signs with `public_key`. `given` says whether the asker brought the key."""

    name: str
    public_key: bytes
    given: bool

    @classmethod
    def parse(cls, vkey: str) -> "Trusted":
        """The trust that a vkey of any generation states. Raises NoteError or CheckpointError: not a key, not a log's."""
        verifier = Verifier.parse(vkey)
        return cls(split_origin(verifier.name)[0], verifier.public_key, given=True)

    def verifier(self, origin: str) -> Verifier:
        """The key for `origin`. Raises NoteError when that is the origin of another log."""
        if split_origin(origin)[0] != self.name:
            raise NoteError(f"the origin {origin} is not of the log {self.name}")
        return Verifier(origin, self.public_key)


def founding(source: Source, size: int) -> Trusted | None:
    """What the first entry of `source` states of itself, its body held against it; None for whatever reason it does not.

    Whoever reads the whole log will meet those reasons again, and name them.
    """
    bundle = next(bundles_of(min(size, WIDTH)), None)
    if bundle is None:
        return None
    try:
        entries, parts = source.bundle(bundle), source.parts(bundle)
        if entries is None or parts is None:
            return None
        envelope = decode(parse_bundle(entries, bundle.width)[0])
        part = parse_parts(parts, bundle.width)[0].get(BODY)
    except UNREADABLE:
        return None
    if part is None or commitment(envelope.rid, BODY, part.salt, part.data) != envelope.parts[BODY]:
        return None
    return founded(envelope, part.data)


def founded(envelope: Envelope, body: bytes) -> Trusted | None:
    """Name and key in the body of a founding entry; None if they are not there in their one spelling."""
    if envelope.kind != FOUNDED:
        return None
    fields = fields_in(body)
    name, key = fields.get("name"), public_key(fields.get("key"))
    if not isinstance(name, str) or key is None:
        return None
    try:
        return Trusted(split_origin(f"{name}/log/1")[0], key, given=False)
    except CheckpointError:
        return None


def fields_in(body: bytes) -> dict[str, object]:
    """What a body states; nothing where it is no body."""
    try:
        value = canonical.parse(body, limit=MAX_BODY)
    except canonical.CanonicalError:
        return {}
    fields = value.get("f") if isinstance(value, dict) else None
    return fields if isinstance(fields, dict) else {}


def public_key(text: object) -> bytes | None:
    """The key in its one spelling (base64); None for anything else, and for keys under which anyone could sign."""
    try:
        key = from_base64(text) if isinstance(text, str) else b""
        return Verifier("key", key).public_key
    except NoteError:
        return None
