"""Inclusion and consistency proofs (RFC 6962 and RFC 9162, section 2.1), made and verified; paths run from below."""

from collections.abc import Callable, Sequence
from typing import Final

from chibox.records.merkle import EMPTY_ROOT, HASH_SIZE, fold_right, node_hash
from chibox.records.tiles import WIDTH

MAX_SIZE: Final = 2**63 - 1
MAX_HASHES: Final = 63
_TILE_BITS: Final = 8

Read = Callable[[int, int], bytes]
"""(level, index) -> the hash of the complete subtree over the 2**level leaves from index * 2**level on."""


class ProofError(ValueError):
    """The proof does not prove it, or nothing can be proven of such sizes; the text says why."""


def inclusion_proof(index: int, size: int, read: Read) -> list[bytes]:
    """The hashes that prove leaf `index` in the tree of `size` leaves. Raises ProofError unless 0 <= index < size."""
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofError("the index is not in the tree")
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_hash(middle, end, read))
            end = middle
        else:
            path.append(range_hash(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: Read) -> list[bytes]:
    """The hashes that prove the tree of `new` leaves to begin with the one of `old`; ProofError unless old <= new."""
    if not 0 <= old <= new <= MAX_SIZE:
        raise ProofError("the old size is larger than the new one")
    if old in (0, new):
        return []
    start, end = 0, new
    path: list[bytes] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end, read))
            end = middle
        else:
            path.append(range_hash(start, middle, read))
            start = middle
    if start:  # a whole old tree on the left edge is known to the verifier: its root is implied
        path.append(range_hash(start, end, read))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError unless `proof` leads from the leaf hash at `index` to the root of the tree of `size` leaves."""
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofError("the index is not in the tree")
    _check_hashes([leaf, root], proof)
    node, last = index, size - 1
    found = leaf
    for step in proof:
        if last == 0:
            raise ProofError("the proof has hashes to spare")
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            found = node_hash(found, step)
        node >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof lacks hashes")
    if found != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofError unless `proof` shows that the tree of `new` leaves begins with the one of `old` leaves.

    An empty old tree is a beginning of any tree, without proof; equal sizes need equal roots, without proof.
    """
    if not 0 <= old <= new <= MAX_SIZE:
        raise ProofError("the old size is larger than the new one")
    _check_hashes([old_root, new_root], proof)
    if (old == 0 and old_root != EMPTY_ROOT) or (new == 0 and new_root != EMPTY_ROOT):
        raise ProofError("the root of an empty tree is another")
    if old in (0, new):
        if proof:
            raise ProofError("the proof has hashes to spare")
        if old == new and old_root != new_root:
            raise ProofError("two roots of one size")
        return
    if not proof:
        raise ProofError("the proof lacks hashes")
    _verify_growth(old, new, old_root, new_root, proof)


def _verify_growth(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """RFC 9162 section 2.1.4.2 for 0 < old < new."""
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    steps = iter([old_root, *proof] if node == 0 else proof)
    left = both = next(steps)
    for step in steps:
        if last == 0:
            raise ProofError("the proof has hashes to spare")
        if node & 1 or node == last:
            left = node_hash(step, left)
            both = node_hash(step, both)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            both = node_hash(both, step)
        node >>= 1
        last >>= 1
    if last:
        raise ProofError("the proof lacks hashes")
    if left != old_root:
        raise ProofError("the proof leads to another old root")
    if both != new_root:
        raise ProofError("the proof leads to another new root")


def read_from_tiles(tile: Callable[[int, int], bytes]) -> Read:
    """A `Read` over `tile(level, n)`, which gives the hashes of that tile in a row, full or as far as it is filled.

    The answer raises ProofError where the tile is too short to hold what was asked for.
    """

    def read(level: int, index: int) -> bytes:
        tile_level, inner = divmod(level, _TILE_BITS)
        n, first = divmod(index << inner, WIDTH)
        wanted = tile(tile_level, n)[first * HASH_SIZE : (first + (1 << inner)) * HASH_SIZE]
        if len(wanted) != HASH_SIZE << inner:
            raise ProofError(f"tile {n} of level {tile_level} is too short")
        hashes = [wanted[at : at + HASH_SIZE] for at in range(0, len(wanted), HASH_SIZE)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    return read


def _check_hashes(ends: Sequence[bytes], proof: Sequence[bytes]) -> None:
    if len(proof) > MAX_HASHES:
        raise ProofError(f"more than {MAX_HASHES} hashes")
    if any(len(item) != HASH_SIZE for item in (*ends, *proof)):
        raise ProofError("a hash is not 32 bytes long")


def _split(width: int) -> int:
    """The largest power of two below `width`, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1


def range_hash(start: int, end: int, read: Read) -> bytes:
    """The hash over the leaves from `start` to `end`; `start` is a multiple of a power of two not below the width."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(read(level, start >> level))
        start += 1 << level
    return fold_right(peaks)
