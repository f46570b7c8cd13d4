"""Checkpoints: three lines with one spelling each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.checkpoints import Checkpoint, CheckpointError, origin_of, split_origin
from chibox.records.merkle import EMPTY_ROOT
from chibox.records.notes import to_base64
from chibox.records.proofs import MAX_SIZE

ROOT = bytes(range(32))
B64 = to_base64(ROOT)


@given(st.integers(1, MAX_SIZE), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_survives_its_text(size: int, root: bytes) -> None:
    """Origin, size and root are read back from what is signed."""
    checkpoint = Checkpoint("demo.xa/log/1", size, root)
    assert checkpoint.text() == f"demo.xa/log/1\n{size}\n{to_base64(root)}\n"
    assert Checkpoint.parse(checkpoint.text()) == checkpoint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "three lines"),
        (f"o\n1\n{B64}", "three lines"),
        (f"o\n1\n{B64}\n\n", "three lines"),
        (f"o\n1\n{B64}\nextension\n", "three lines"),
        (f"\n1\n{B64}\n", "line 1"),
        (f"o\n\n{B64}\n", "line 2"),
        (f"o\n01\n{B64}\n", "line 2"),
        (f"o\n00\n{B64}\n", "line 2"),
        (f"o\n+1\n{B64}\n", "line 2"),
        (f"o\n-1\n{B64}\n", "line 2"),
        (f"o\n 1\n{B64}\n", "line 2"),
        (f"o\n1_0\n{B64}\n", "line 2"),
        (f"o\n\u0661\n{B64}\n", "line 2"),
        (f"o\n1.0\n{B64}\n", "line 2"),
        (f"o\n{MAX_SIZE + 1}\n{B64}\n", "line 2"),
        (f"o\n{10**30}\n{B64}\n", "line 2"),
        ("o\n1\n\n", "line 3"),
        (f"o\n1\n{B64[:-1]}\n", "line 3"),
        (f"o\n1\n{B64[:-2]}9=\n", "line 3: not the usual spelling"),
        (f"o\n1\n{B64} \n", "line 3"),
        (f"o\n1\n{to_base64(ROOT[:31])}\n", "line 3: the root is not 32"),
        (f"o\n0\n{B64}\n", "line 3: not the root of an empty log"),
    ],
)
def test_each_broken_line_is_named(text: str, reason: str) -> None:
    """Leading zeros, other digits, loose base64, extension lines, a missing last LF: each is refused with its line."""
    with pytest.raises(CheckpointError, match=reason):
        Checkpoint.parse(text)


def test_an_empty_log_has_the_root_of_nothing() -> None:
    """Size 0 goes with SHA-256 of the empty string."""
    assert Checkpoint.parse(Checkpoint("o", 0, EMPTY_ROOT).text()).size == 0


def test_marks_that_look_like_line_ends_stay_in_their_line() -> None:
    """U+2028, U+0085 and the like do not end a line: such an origin is just another origin."""
    origin = "demo\u2028xa\u0085/log/1"
    assert Checkpoint.parse(Checkpoint(origin, 1, ROOT).text()).origin == origin


def test_an_origin_is_name_and_generation() -> None:
    """The two are put together and taken apart in one way only."""
    assert origin_of("demo.xa", 12) == "demo.xa/log/12"
    assert split_origin("demo.xa/log/12") == ("demo.xa", 12)
    assert split_origin("demo.xa/log/1/log/2") == ("demo.xa/log/1", 2)
    for origin in (
        "",
        "demo.xa",
        "demo.xa/log/",
        "demo.xa/log/0",
        "demo.xa/log/01",
        "demo xa/log/1",
        "/log/1",
        "a\u2028b/log/1",
    ):
        with pytest.raises(CheckpointError, match="line 1"):
            split_origin(origin)
