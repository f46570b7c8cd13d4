"""The Merkle tree against the recursive definition of RFC 6962."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash, root_of

LEAVES = [leaf_hash(n.to_bytes(2, "big")) for n in range(601)]


def reference(leaves: list[bytes]) -> bytes:
    """The definition, word for word: split at the largest power of two below the number of leaves."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + reference(leaves[:half]) + reference(leaves[half:])).digest()


def test_the_frontier_has_the_root_of_the_definition_at_every_size() -> None:
    """Sizes 0 to 600, leaf by leaf."""
    frontier = Frontier()
    for size in range(601):
        assert frontier.size == size
        assert frontier.root() == reference(LEAVES[:size])
        frontier.append(LEAVES[size])


def test_leaf_and_node_hashes_cannot_be_taken_for_each_other() -> None:
    """A leaf that holds two hashes is not the node above them."""
    left, right = LEAVES[:2]
    assert leaf_hash(b"") == sha256(b"\x00").digest()
    assert node_hash(left, right) == sha256(b"\x01" + left + right).digest()
    assert leaf_hash(left + right) != node_hash(left, right)


@given(st.integers(0, 600), st.integers(0, 600))
def test_a_frontier_goes_back_to_its_snapshot_and_on_from_there(first: int, second: int) -> None:
    """What is built from a snapshot grows like the original; the snapshot does not see later leaves."""
    early, late = sorted((first, second))
    frontier = Frontier()
    frontier.extend(LEAVES[:early])
    snapshot = frontier.snapshot()
    frontier.extend(LEAVES[early:late])
    again = Frontier(*snapshot)
    assert again.root() == root_of(LEAVES[:early])
    again.extend(LEAVES[early:late])
    assert again.snapshot() == frontier.snapshot()
    assert again.root() == frontier.root() == root_of(LEAVES[:late])


def test_a_frontier_holds_one_peak_for_each_bit_of_its_size() -> None:
    """A size with the wrong number of peaks, or a peak that is no hash, is refused."""
    for size, peaks in ((1, ()), (0, (LEAVES[0],)), (3, (LEAVES[0],)), (1, (b"short",)), (-1, (LEAVES[0],))):
        with pytest.raises(ValueError, match="peak"):
            Frontier(size, peaks)
    assert Frontier().root() == EMPTY_ROOT


def test_a_lone_right_node_is_promoted_never_doubled() -> None:
    """The root over three leaves pairs the third as it is."""
    one, two, three = LEAVES[:3]
    assert root_of([one, two, three]) == node_hash(node_hash(one, two), three)
    assert root_of([one, two, three]) != root_of([one, two, three, three])
