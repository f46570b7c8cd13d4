"""A log's signed checkpoint: read, and held against the keys that are trusted."""

from collections.abc import Mapping, Sequence
from typing import Final

from chibox.errors import Words, words
from chibox.records.checkpoints import Checkpoint, CheckpointError, split_origin
from chibox.records.notes import NoteError, Signature, Verifier, fingerprint, open_note, split_note, to_base64
from chibox.records.verify.keys import Trusted
from chibox.records.verify.report import Figures, Trust

NO_KEY: Final = words("nobody gave the key, and nothing here shows one: no signature was checked")


def unverified(note: bytes) -> Checkpoint:
    """The checkpoint that a note states, nothing verified. Raises NoteError or CheckpointError."""
    return Checkpoint.parse(split_note(note)[0])


def key_for(origin: str, trusted: Trusted | None) -> Verifier | Words:
    """The key that must have signed for `origin`, or why there is none."""
    try:
        split_origin(origin)
        if trusted is None:
            return NO_KEY
        return trusted.verifier(origin)
    except (NoteError, CheckpointError) as error:
        return words("the origin is not the one that was expected: {why}", why=str(error))


def signature_fault(
    note: bytes, verifiers: Sequence[Verifier], *, unknown: int | None = 0, retired: Mapping[bytes, int] | None = None
) -> Words | None:
    """Why the note is not signed by each of `verifiers`, in this order. `retired`: keys that may not sign it any more.

    So many lines of the log's own name by keys that nothing shows may stand beside theirs, and no other; with None any line.
    """
    try:
        opened = open_note(note, verifiers)
    except NoteError as error:
        return words("the signature does not hold: {why}", why=str(error))
    ids = [verifier.key_id for verifier in verifiers]
    found = [line.key_id for line in opened.verified]
    for verifier in verifiers:
        if verifier.key_id not in found:
            return words("the signature does not hold: no line by the key {key}", key=to_base64(verifier.public_key))
    if unknown is None:
        return None
    if what := _other_lines(opened.unknown, verifiers[0].name, unknown, retired or {}):
        return what
    if found != ids:
        return words("its signature lines are doubled, or not in the order of the keys")
    return None


def _other_lines(lines: Sequence[Signature], name: str, unknown: int, retired: Mapping[bytes, int]) -> Words | None:
    gone = {Verifier(name, key).key_id: position for key, position in retired.items()}
    for number, line in enumerate(lines):
        if line.name == name and line.key_id in gone:
            return words("a signature line by the key that entry {position} retired", position=gone[line.key_id])
        if line.name != name or number >= unknown:
            return words("a signature line by {name}, which nothing here can check", name=line.name)
    return None


def describe(figures: Figures, checkpoint: Checkpoint, verifiers: Sequence[Verifier], trust: Trust) -> None:
    """Writes checkpoint and keys into the figures."""
    figures.origin, figures.size, figures.root = checkpoint.origin, checkpoint.size, to_base64(checkpoint.root)
    figures.trust = trust
    for number, verifier in enumerate(verifiers):
        if number:
            figures.next_vkey = verifier.vkey
        else:
            figures.vkey, figures.fingerprint = verifier.vkey, fingerprint(verifier.vkey)
