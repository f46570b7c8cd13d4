"""Generations and keys: a log that goes on rightly is whole, and one that does not is refused, by ours and by the single file."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.verify.make_log import NAME, Key, Log, by_stranger, lay_out, make, told

from chibox.records.verify import verify_log

NEXT = b"\x09" * 32
OTHER = Key(f"{NAME}/log/1", b"\x0a" * 32)
Files = dict[str, bytes]


def rotated() -> Log:
    """Six entries, a key announced at 6, two more, the first key retired at 9, one more."""
    log = make(6)
    log.announce(NEXT)
    log.add("m.a.1", {})
    log.add("m.a.1", {})
    log.retire()
    log.add("m.a.1", {})
    return log


def test_keys_that_follow_each_other_are_verified_at_every_size(tmp_path: Path) -> None:
    """Before, during and after the overlap; the first key vouches for the second; without a key it is the log's own word."""
    log = rotated()
    second = log.eras[-1][1][0]
    for size in range(1, len(log.entries) + 1):
        some = rotated()
        some.entries, some.parts = some.entries[:size], some.parts[:size]
        folder = lay_out(tmp_path / str(size), some.files())
        assert verify_log(folder, seen=[some.note()]).findings == []
        assert by_stranger(folder, None, [some.note()])[0] == 0
    lay_out(tmp_path / "all", log.files())
    old = [log.note(size) for size in (3, 6, 7, 9, 10)]
    for key, trust in ((log.key.vkey, "vouched"), (second.vkey, "given"), (None, "own")):
        report = verify_log(tmp_path / "all", key=key, seen=old)
        assert (report.findings, report.figures[0].trust) == ([], trust)
        assert by_stranger(tmp_path / "all", key, old)[0] == 0
    assert "vouches for this one" in "\n".join(verify_log(tmp_path / "all", key=log.key.vkey).lines())


def test_a_number_may_be_passed_over_and_a_generation_may_not_be_missing(tmp_path: Path) -> None:
    """Generation 5 goes on from 1 when it says so; one that says it goes on from 3 is refused without that one."""
    log = make(6)
    five = log.next(4, number=5)
    for key in (log.key.vkey, five.key.vkey):
        folder = lay_out(tmp_path / key[-3:].replace("/", "_"), log.files() | five.files())
        assert verify_log(folder, key=key).findings == []
        assert by_stranger(folder, key, [])[0] == 0
    for stated, said in (
        (3, "generation 3, from which this one goes on, is not here"),
        (5, "from which generation"),
        (0, "from which"),
    ):
        wrong = log.next(4, number=5, before=stated)
        assert said in told(lay_out(tmp_path / f"wrong {stated}", log.files() | wrong.files()), log.key.vkey)


def test_a_checkpoint_given_up_by_a_key_of_a_lost_end_is_told(tmp_path: Path) -> None:
    """Nothing here can verify it: that is said, and is no fault."""
    log = make(7)
    lay_out(tmp_path, log.files() | log.next(5, orphans=[Log(seed=NEXT).note()]).files())
    report = verify_log(tmp_path, key=log.key.vkey)
    assert report.findings == []
    assert "bears a key that nothing here states" in "\n".join(report.lines())


def test_a_receipt_of_the_overlap_is_verified_by_either_key(tmp_path: Path) -> None:
    """Alone with the first key, and beside the log: both lines then count."""
    log = make(6)
    second = log.announce(NEXT)
    lay_out(tmp_path, log.files())
    assert verify_log(tmp_path, key=second.vkey, receipt=log.receipt([1])).findings == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda log: log.eras.append((0, [log.key])),
            "1: checkpoint: the signature does not hold: no signature by the key",
        ),
        (
            lambda log: log.eras.append((0, [log.key, *log.eras[-1][1]])),
            "checkpoint: a signature line by the key that entry 9 retired",
        ),
        (lambda log: log.eras.append((0, [*log.eras[-1][1], OTHER])), "which nothing here can check"),
        (
            lambda log: log.announce(b"\x0a" * 32) and log.eras.append((0, [log.eras[-1][1][0]])),
            "checkpoint: the signature does not hold: no line by the key",
        ),
        (
            lambda log: log.announce(b"\x0a" * 32) and log.eras.append((0, log.eras[-1][1][::-1])),
            "not in the order of the keys",
        ),
        (
            lambda log: [log.announce(bytes([10 + n]) * 32) for n in range(2)],
            "entry 12: it announces a key while another one is announced",
        ),
        (lambda log: log.add("core.key_announced.1", {"key": "x"}), "entry 11: it does not state a public key"),
        (
            lambda log: log.add("core.key_retired.1", {"key": "x", "note": ""}),
            "entry 11: it retires a key that no announced one",
        ),
        (
            lambda log: (log.announce(b"\x0a" * 32), log.retire(note=log.note(9).decode())),
            "entry 12: the last checkpoint by both keys, which it states, does not hold",
        ),
        (
            lambda log: (log.announce(b"\x0a" * 32), log.retire(note=Log().note().decode())),
            "entry 12: the last checkpoint by both keys",
        ),
        (
            lambda log: (log.announce(b"\x0a" * 32), log.retire(note=1)),
            "entry 12: it does not state the last checkpoint",
        ),
    ],
)
def test_keys_that_do_not_follow_each_other_are_refused(
    tmp_path: Path, change: Callable[[Log], Any], words: str
) -> None:
    """A retired key's line, a missing one, a foreign one, another order, an act that its own words do not bear out."""
    log = rotated()
    change(log)
    assert words in told(lay_out(tmp_path, log.files()))


def two(shared: int = 5, **stated: Any) -> Files:
    """Two generations: seven entries, then six of which five are shared."""
    first = make(7)
    return first.files() | first.next(shared, **stated).files()


def forked() -> Files:
    """The second generation goes on from other entries than the first has."""
    other = make(4)
    other.add("m.a.1", {})
    return make(7).files() | other.next(5).files()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (two(generation=3), "2: entry 5: it opens another generation"),
        (two(size=4), "2: entry 5: it says that the generation begins at another place"),
        (two(root="A" * 43 + "="), "2: entry 5: the root that it states is not that of the 5 entries below it"),
        (two(key="x"), "2: entry 5: it does not state a public key"),
        (forked(), "2: log: its first 5 entries are not those of generation 1"),
        (
            make(4).files() | make(7).next(5).files(),
            "1: checkpoint: it has 4 entries, and the generation after it goes on from 5",
        ),
        (make(7).next(5).files(), "2: log: generation 1, from which this one goes on, is not here"),
        (make(7).files() | make(9, generation=2).files(), "2: log: no entry opens this generation"),
        (
            make(7).next(5, orphans=[make(8).note().replace(b"\n8\n", b"\n9\n")]).files() | make(7).files(),
            "2: entry 5: a checkpoint that it gives up was not signed",
        ),
    ],
)
def test_a_generation_that_does_not_fit_is_refused(tmp_path: Path, files: Files, words: str) -> None:
    """Another number, place, root or key than it states; entries of another log; a generation that is cut or missing."""
    if "gives up" in words:  # the single file does not look at what was given up
        assert words in "\n".join(verify_log(lay_out(tmp_path, files)).lines())
    else:
        assert words in told(lay_out(tmp_path, files))


def test_a_generation_with_a_new_key_is_the_word_of_the_log(tmp_path: Path) -> None:
    """The report says for which generation the key was given, and for which it is the log's own word."""
    first = make(7)
    second = first.next(5, seed=NEXT)
    lay_out(tmp_path, first.files() | second.files())
    for key, trusts in ((first.key.vkey, ["given", "own"]), (second.key.vkey, ["own", "given"])):
        report = verify_log(tmp_path, key=key)
        assert (report.findings, [one.trust for one in report.figures]) == ([], trusts)


def test_a_checkpoint_that_was_given_up_in_the_open_is_told_and_no_fault(tmp_path: Path) -> None:
    """A box restored from a backup lost its last entries: whoever saw them is told where that is recorded."""
    lost = make(9)
    first = make(7)
    lay_out(tmp_path, first.files() | first.next(7, orphans=[lost.note()]).files())
    for seen in (lost.note(), lost.note(8)):
        report = verify_log(tmp_path, seen=[seen])
        assert report.findings == []
        assert "was given up in the open: entry 7 of generation 2 says so" in "\n".join(report.lines())
    assert "fork or truncation" in "\n".join(verify_log(tmp_path, seen=[make(10).note()]).lines())


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 9), st.text(max_size=4), st.just("A" * 43 + "="), st.just([]), st.just({})
)
STATED = st.dictionaries(st.sampled_from(["key", "note", "generation", "size", "root", "orphans", "name"]), ODD)
KIND = st.sampled_from(["generation_opened", "key_announced", "key_retired", "founded"])


@settings(max_examples=60, deadline=None)
@given(kind=KIND, stated=STATED)
def test_whatever_such_an_entry_states_both_verifiers_come_to_one_verdict(kind: str, stated: dict[str, Any]) -> None:
    """Values of any type in the place of any other: nothing raises, and nobody takes what the other one refuses."""
    log = make(3)
    log.add(f"core.{kind}.1", stated)
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), log.files())
        assert verify_log(Path(folder)).ok == (by_stranger(Path(folder))[0] == 0)
