"""The Merkle tree of RFC 6962 section 2.1: leaf and node hashes, and the right edge that grows leaf by leaf."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of the leaf that holds `entry`."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two hashes."""
    return sha256(b"\x01" + left + right).digest()


def fold_right(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees side by side, largest first: a lone right node is promoted, never doubled."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class Frontier:
    """The right edge of a growing tree: its size and the roots of its complete subtrees (peaks), largest first.

    Not safe for concurrent use. `snapshot` is cheap (at most 63 hashes) and immutable: take one before a batch, and
    build `Frontier(*snapshot)` to go back to it.
    """

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)
        if size < 0 or len(self._peaks) != size.bit_count() or any(len(peak) != HASH_SIZE for peak in self._peaks):
            raise ValueError(f"a tree of size {size} has one peak of 32 bytes for each bit of its size")

    def append(self, leaf: bytes, /) -> None:
        """Takes the hash of the next leaf. About one node hash each, amortised."""
        peaks = self._peaks
        size = self.size
        self.size = size + 1
        while size & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Takes the hashes of the next leaves, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of the tree as it stands; `EMPTY_ROOT` for none."""
        return fold_right(self._peaks)

    def snapshot(self) -> tuple[int, tuple[bytes, ...]]:
        """Size and peaks, as the constructor takes them."""
        return self.size, tuple(self._peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the given leaf hashes."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()
