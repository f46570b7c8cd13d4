"""The proof that goes into a receipt (c2sp.org/tlog-proof@v1, without `extra`, which nothing would authenticate)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from chibox.records.checkpoints import is_decimal
from chibox.records.merkle import HASH_SIZE
from chibox.records.notes import MAX_NOTE, NoteError, from_base64, to_base64
from chibox.records.proofs import MAX_HASHES, MAX_SIZE

HEADER: Final = "c2sp.org/tlog-proof@v1"
_INDEX: Final = "index "


class TlogProofError(ValueError):
    """The bytes are not such a proof; the text says why."""


class TlogProof(NamedTuple):
    """The entry at `position` is in the tree of `checkpoint` (the signed note as it came, not verified) by `hashes`."""

    position: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def encode(position: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The proof file for the entry at `position`: its inclusion proof, then the signed checkpoint byte for byte."""
    lines = [HEADER, f"{_INDEX}{position}", *map(to_base64, hashes), "", ""]
    return "\n".join(lines).encode() + checkpoint


def parse(data: bytes) -> TlogProof:
    """The proof that `data` is; its signature and hashes are not verified. Raises TlogProofError for any other form."""
    head, gap, checkpoint = data.partition(b"\n\n")
    if not gap or len(checkpoint) > MAX_NOTE:
        raise TlogProofError("there is no empty line with a checkpoint after it")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise TlogProofError("the lines before the checkpoint are not ASCII") from None
    if lines[0] != HEADER:
        raise TlogProofError(f"the first line is not {HEADER}")
    index = lines[1].removeprefix(_INDEX) if len(lines) > 1 and lines[1].startswith(_INDEX) else ""
    if not is_decimal(index) or int(index) > MAX_SIZE:
        raise TlogProofError("the second line is not index and a number")
    if len(lines) > 2 + MAX_HASHES:
        raise TlogProofError(f"more than {MAX_HASHES} hashes")
    return TlogProof(int(index), tuple(map(_hash, lines[2:])), checkpoint)


def _hash(line: str) -> bytes:
    try:
        digest = from_base64(line)
    except NoteError as error:
        raise TlogProofError(f"a hash line is {error}") from None
    if len(digest) != HASH_SIZE:
        raise TlogProofError("a hash is not 32 bytes long")
    return digest
