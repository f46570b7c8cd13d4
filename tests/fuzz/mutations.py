"""Bytes that are nearly right: what a fault, a bad program or somebody with a plan makes of good ones."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

from hypothesis import strategies as st

NUMBERS: Final = (b"0", b"00", b"-1", b"1_0", b"9223372036854775808", b"9" * 40, b"1e3", "٣".encode(), b" 1", b"+1")
PIECES: Final = (
    b"\n", b"\r\n", b"\n\n", b"\0", b"\xff", b" ", b"=", b"\xe2\x80\x94 ", b"\xe2\x80\xa8", b"{", b"}", b'"', b",", b"[]",
    b'"v":1', b"null", b"\xef\xbb\xbf", b"\x00\x00", b"\xff\xff", b"\xff\xff\xff\xff",
)  # fmt: skip


def flip(data: bytes, rng: random.Random) -> bytes:
    """One bit."""
    if not data:
        return b"\0"
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def cut(data: bytes, rng: random.Random) -> bytes:
    """A stretch is gone."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 40) :]


def end(data: bytes, rng: random.Random) -> bytes:
    """It ends early."""
    return data[: rng.randrange(len(data) + 1)]


def double(data: bytes, rng: random.Random) -> bytes:
    """A stretch stands twice."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at : at + rng.randrange(1, 80)] + data[at:]


def insert(data: bytes, rng: random.Random) -> bytes:
    """Something that means something is put in."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def number(data: bytes, rng: random.Random) -> bytes:
    """A decimal number is another, or spelt otherwise."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return insert(data, rng)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(NUMBERS) + data[match.end() :]


def length(data: bytes, rng: random.Random) -> bytes:
    """Two or four bytes that may be a length are as large as can be, or nothing."""
    at, width = rng.randrange(len(data) + 1), rng.choice((1, 2, 4))
    return data[:at] + rng.choice((b"\xff", b"\0")) * width + data[at + width :]


def lines(data: bytes, rng: random.Random) -> bytes:
    """Two lines change places, or one is gone, or stands twice."""
    some = data.split(b"\n")
    one, other = rng.randrange(len(some)), rng.randrange(len(some))
    what = rng.randrange(3)
    if what == 0:
        some[one], some[other] = some[other], some[one]
    elif what == 1:
        del some[one]
    else:
        some.insert(other, some[one])
    return b"\n".join(some)


WAYS: Final[Sequence[Callable[[bytes, random.Random], bytes]]] = (
    flip, cut, end, double, insert, number, length, lines,
)  # fmt: skip


def mutated(good: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Good bytes after one to four changes, two of them joined, nothing good at all, or the good bytes themselves."""

    def changed(seed: int) -> bytes:
        rng = random.Random(seed)
        data = rng.choice(good)
        if rng.random() < 0.2:
            other = rng.choice(good)
            data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]
        for _ in range(rng.randrange(1, 5)):
            data = rng.choice(WAYS)(data, rng)
        return data

    return st.one_of(st.integers(0, 2**64).map(changed), st.binary(max_size=300), st.sampled_from(list(good)))
