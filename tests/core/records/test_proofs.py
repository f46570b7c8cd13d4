"""Proofs against the recursive definition, the edges that libraries read differently, and damage."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chibox.records.merkle import EMPTY_ROOT, leaf_hash
from chibox.records.proofs import (
    MAX_HASHES,
    MAX_SIZE,
    ProofError,
    consistency_proof,
    inclusion_proof,
    read_from_tiles,
    verify_consistency,
    verify_inclusion,
)
from chibox.records.tiles import tiles_of

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]
OTHER = sha256(b"another").digest()
SIZES = [*range(1, 34), 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 599, 600]


@cache
def reference(start: int, end: int) -> bytes:
    """The hash of RFC 6962 over LEAVES from `start` up to `end`."""
    if end - start <= 1:
        return LEAVES[start] if end > start else EMPTY_ROOT
    half = 1 << (end - start - 1).bit_length() - 1
    return sha256(b"\x01" + reference(start, start + half) + reference(start + half, end)).digest()


def path(index: int, start: int, end: int) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if end - start == 1:
        return []
    half = start + (1 << (end - start - 1).bit_length() - 1)
    if index < half:
        return [*path(index, start, half), reference(half, end)]
    return [*path(index, half, end), reference(start, half)]


def subproof(old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2; `old` is a position."""
    if old == end:
        return [] if whole else [reference(start, end)]
    half = start + (1 << (end - start - 1).bit_length() - 1)
    if old <= half:
        return [*subproof(old, start, half, whole=whole), reference(half, end)]
    return [*subproof(old, half, end, whole=False), reference(start, half)]


def read(level: int, index: int) -> bytes:
    """The hash of a complete subtree."""
    return reference(index << level, (index + 1) << level)


@cache
def tile(level: int, n: int) -> bytes:
    """The hashes of a tile of the tree over all LEAVES, as far as it is filled."""
    width = {(t.level, t.n): t.width for t in tiles_of(len(LEAVES))}[level, n]
    step = 256**level
    first = n * 256
    return b"".join(reference(i * step, (i + 1) * step) for i in range(first, first + width))


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_proofs_are_those_of_the_definition_and_verify(size: int) -> None:
    """For every leaf of the tree; and no proof leads from another leaf, to another root, or from another place."""
    root = reference(0, size)
    for index in range(size):
        proof = inclusion_proof(index, size, read)
        assert proof == path(index, 0, size)
        verify_inclusion(LEAVES[index], index, size, proof, root)
        for leaf, place, other in (
            (OTHER, index, root),
            (LEAVES[index], index ^ 1, root),
            (LEAVES[index], index, OTHER),
        ):
            with pytest.raises(ProofError):
                verify_inclusion(leaf, place, size, proof, other)


@pytest.mark.parametrize("new", SIZES)
def test_consistency_proofs_are_those_of_the_definition_and_verify(new: int) -> None:
    """For every older size; and no proof fits another old or new root."""
    for old in range(1, new):
        proof = consistency_proof(old, new, read)
        assert proof == subproof(old, 0, new, whole=True)
        roots = reference(0, old), reference(0, new)
        verify_consistency(old, new, *roots, proof)
        for wrong in ((OTHER, roots[1]), (roots[0], OTHER), roots[::-1]):
            with pytest.raises(ProofError):
                verify_consistency(old, new, *wrong, proof)


@given(st.integers(1, 70_000), st.integers(1, 70_000))
def test_proofs_are_read_from_tiles(first: int, second: int) -> None:
    """The tiles of the tree, partial ones as far as they are filled, give every proof of every size below it."""
    old, new = sorted((first, second))
    from_tiles = read_from_tiles(tile)
    proof = inclusion_proof(old - 1, new, from_tiles)
    verify_inclusion(LEAVES[old - 1], old - 1, new, proof, reference(0, new))
    verify_consistency(old, new, reference(0, old), reference(0, new), consistency_proof(old, new, from_tiles))


def test_a_tile_that_is_too_short_is_named() -> None:
    """Asking for a hash that a tile does not hold is an error with its coordinates, never a wrong proof."""
    with pytest.raises(ProofError, match="tile 3 of level 0"):
        read_from_tiles(lambda _level, _n: b"\0" * 31)(0, 3 * 256)


@settings(deadline=None)  # a loaded machine is no fault of a proof
@given(st.integers(2, 600), st.data())
def test_every_damage_to_a_proof_is_refused(new: int, draw: st.DataObject) -> None:
    """A flipped bit, a dropped, doubled, swapped or added hash, and another size: none passes."""
    old = draw.draw(st.integers(1, new - 1))
    proof = consistency_proof(old, new, read)
    for damaged in damages(proof, draw):
        with pytest.raises(ProofError):
            verify_consistency(old, new, reference(0, old), reference(0, new), damaged)
    proof = inclusion_proof(old, new, read)
    for damaged in damages(proof, draw):
        with pytest.raises(ProofError):
            verify_inclusion(LEAVES[old], old, new, damaged, reference(0, new))


def damages(proof: list[bytes], draw: st.DataObject) -> list[list[bytes]]:
    """Proofs like `proof`, each damaged in one way."""
    at = draw.draw(st.integers(0, len(proof) - 1))
    bit = 1 << draw.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[at], "big") ^ bit).to_bytes(32, "big")
    found = [
        [*proof[:at], flipped, *proof[at + 1 :]],
        [*proof[:at], *proof[at + 1 :]],
        [*proof[:at], proof[at], *proof[at:]],
        [OTHER, *proof],
        [*proof, OTHER],
        [*proof[:at], proof[at][:-1], *proof[at + 1 :]],
        [],
    ]
    if len(set(proof)) > 1:
        found.append(proof[::-1])
    return found


ONE, TWO, THREE = (reference(0, size) for size in (1, 2, 3))


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof"),
    [
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, []),
        (0, 3, EMPTY_ROOT, THREE, []),
        (0, 3, EMPTY_ROOT, OTHER, []),
        (1, 1, ONE, ONE, []),
        (3, 3, THREE, THREE, []),
    ],
)
def test_an_empty_proof_is_enough_at_the_edges(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]
) -> None:
    """Nothing is a beginning of anything, and a tree of itself."""
    verify_consistency(old, new, old_root, new_root, proof)


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "proof", "reason"),
    [
        (0, 0, EMPTY_ROOT, OTHER, [], "empty tree"),
        (0, 0, OTHER, EMPTY_ROOT, [], "empty tree"),
        (0, 0, OTHER, OTHER, [], "empty tree"),
        (0, 3, OTHER, THREE, [], "empty tree"),
        (0, 0, EMPTY_ROOT, EMPTY_ROOT, [OTHER], "to spare"),
        (0, 3, EMPTY_ROOT, THREE, [OTHER], "to spare"),
        (3, 3, THREE, THREE, [OTHER], "to spare"),
        (3, 3, THREE, OTHER, [], "two roots"),
        (3, 2, THREE, TWO, [], "larger"),
        (-1, 2, THREE, TWO, [], "larger"),
        (1, MAX_SIZE + 1, ONE, TWO, [OTHER], "larger"),
        (2, 3, TWO, THREE, [], "lacks"),
        (2, 3, TWO, TWO, [], "lacks"),
        (1, 2, ONE[:31], TWO, [LEAVES[1]], "32 bytes"),
        (1, 2, ONE, TWO + b"\0", [LEAVES[1]], "32 bytes"),
        (1, 2, ONE, TWO, [LEAVES[1][:31]], "32 bytes"),
        (1, 2, ONE, TWO, [OTHER] * (MAX_HASHES + 1), "more than 63"),
    ],
)
def test_each_case_at_the_edge_is_refused_by_name(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes], reason: str
) -> None:
    """The edge table of the format: sizes, roots of empty trees, hashes too many, too few, too long, too short."""
    with pytest.raises(ProofError, match=reason):
        verify_consistency(old, new, old_root, new_root, proof)


@pytest.mark.parametrize(
    ("index", "size", "proof", "reason"),
    [
        (0, 0, [], "not in the tree"),
        (3, 3, [], "not in the tree"),
        (-1, 3, [], "not in the tree"),
        (0, MAX_SIZE + 1, [], "not in the tree"),
        (0, 3, [OTHER] * (MAX_HASHES + 1), "more than 63"),
        (0, 3, [b""], "32 bytes"),
        (0, 3, [], "lacks"),
        (0, 1, [OTHER], "to spare"),
    ],
)
def test_each_broken_inclusion_proof_is_refused_by_name(index: int, size: int, proof: list[bytes], reason: str) -> None:
    """An index beyond the tree and hashes of the wrong number or length fail before anything is hashed."""
    with pytest.raises(ProofError, match=reason):
        verify_inclusion(LEAVES[0], index, size, proof, ONE)


def test_the_largest_tree_has_proofs_of_at_most_63_hashes() -> None:
    """The cap on hashes refuses no honest proof: of inclusion up to 2**63-1 leaves, of consistency up to 2**62."""
    for index in (0, 2, MAX_SIZE // 2, MAX_SIZE - 1):
        assert len(inclusion_proof(index, MAX_SIZE, lambda _level, _index: OTHER)) <= MAX_HASHES
    for old in (1, 3, 2**61 - 1, 2**61 + 1, 2**62 - 1):
        assert len(consistency_proof(old, 2**62, lambda _level, _index: OTHER)) <= MAX_HASHES


def test_no_proof_is_made_for_what_is_not_there() -> None:
    """A leaf beyond the tree, and an old tree larger than the new one, have no proof."""
    with pytest.raises(ProofError, match="not in the tree"):
        inclusion_proof(3, 3, read)
    with pytest.raises(ProofError, match="larger"):
        consistency_proof(4, 3, read)
    assert consistency_proof(0, 3, read) == consistency_proof(3, 3, read) == []
