"""The proof file of a receipt: one spelling, nothing unauthenticated."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.notes import to_base64
from chibox.records.proofs import MAX_SIZE
from chibox.records.tlog_proof import TlogProof, TlogProofError, encode, parse

NOTE = "demo.xa/log/1\n5\nroot\n\n— demo.xa/log/1 c2ln\n".encode()
HASH = bytes(range(32))
GOOD = encode(3, [HASH, HASH[::-1]], NOTE)


@given(st.integers(0, MAX_SIZE), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_a_proof_survives_its_file(position: int, hashes: list[bytes]) -> None:
    """Position, hashes and the checkpoint, byte for byte, are read back."""
    assert parse(encode(position, hashes, NOTE)) == TlogProof(position, tuple(hashes), NOTE)


def test_the_file_is_the_one_that_the_format_shows() -> None:
    """Header, index, hashes, empty line, checkpoint."""
    lines = ["c2sp.org/tlog-proof@v1", "index 3", to_base64(HASH), to_base64(HASH[::-1]), ""]
    assert "\n".join(lines).encode() + b"\n" + NOTE == GOOD


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: b"", "empty line"),
        (lambda data: data.replace(b"@v1", b"@v2"), "first line"),
        (lambda data: b" " + data, "first line"),
        (lambda data: data.replace(b"\nindex 3", b""), "second line"),
        (lambda data: data.replace(b"\nindex 3", b"\nextra eA==\nindex 3"), "second line"),
        (lambda data: data.replace(b"index 3", b"index 03"), "second line"),
        (lambda data: data.replace(b"index 3", b"index  3"), "second line"),
        (lambda data: data.replace(b"index 3", b"index -3"), "second line"),
        (lambda data: data.replace(b"index 3", b"index 9223372036854775808"), "second line"),
        (lambda data: data.replace(b"index 3", b"index 3\r"), "second line"),
        (lambda data: data.replace(b"index 3\n", b"index 3\nAAAA\n"), "32 bytes"),
        (lambda data: data.replace(b"index 3\n", b"index 3\n!\n"), "base64"),
        (lambda data: data.replace(b"HR4f\n", b"HR4f=\n").replace(b"Hh8=", b"Hh9="), "base64"),
        (lambda data: data.replace(b"index 3", "index 3\u2028".encode()), "ASCII"),
        (lambda data: encode(3, [HASH] * 64, NOTE), "more than 63"),
    ],
)
def test_each_broken_form_is_refused_by_name(damage: Callable[[bytes], bytes], reason: str) -> None:
    """`extra` lines too: nothing in a receipt goes unauthenticated."""
    data = damage(GOOD)
    assert data != GOOD
    with pytest.raises(TlogProofError, match=reason):
        parse(data)
