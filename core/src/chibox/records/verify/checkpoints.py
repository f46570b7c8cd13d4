"""A log's signed checkpoint: read, and held against the key that is trusted."""

from chibox.errors import Words, words
from chibox.records.checkpoints import Checkpoint, CheckpointError, split_origin
from chibox.records.notes import NoteError, Verifier, fingerprint, open_note, split_note, to_base64
from chibox.records.verify.keys import Trusted
from chibox.records.verify.report import Figures


def unverified(note: bytes) -> Checkpoint:
    """The checkpoint that a note states, nothing verified. Raises NoteError or CheckpointError."""
    return Checkpoint.parse(split_note(note)[0])


def key_for(origin: str, trusted: Trusted | None) -> Verifier | Words:
    """The key that must have signed for `origin`, or why there is none."""
    try:
        split_origin(origin)
        if trusted is None:
            return words("nobody gave the key, and nothing here shows one: no signature was checked")
        return trusted.verifier(origin)
    except (NoteError, CheckpointError) as error:
        return words("the origin is not the one that was expected: {why}", why=str(error))


def signature_fault(note: bytes, verifier: Verifier, *, alone: bool) -> Words | None:
    """Why `verifier` does not stand for the note. With `alone`, a line of any other key is a fault: nobody checks it."""
    try:
        opened = open_note(note, [verifier])
    except NoteError as error:
        return words("the signature does not hold: {why}", why=str(error))
    if alone and opened.unknown:
        return words("a signature line by {name}, which nothing here can check", name=opened.unknown[0].name)
    return None


def describe(figures: Figures, checkpoint: Checkpoint, verifier: Verifier | None, *, given: bool) -> None:
    """Writes checkpoint and key into the figures."""
    figures.origin, figures.size, figures.root = checkpoint.origin, checkpoint.size, to_base64(checkpoint.root)
    if verifier is not None:
        figures.vkey, figures.fingerprint = verifier.vkey, fingerprint(verifier.vkey)
        figures.key_given = given
