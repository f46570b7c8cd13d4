"""Keys, checkpoints and older checkpoints that do not go with the log: each is refused by name."""

from pathlib import Path

import pytest
from tests.verify.make_log import Key, Log, lay_out, make, told

from chibox.records.verify import verify_log

SMALL = make(6)
FOREIGN = Key("example.com/log/1", b"\x08" * 32)
FORGER = Key(SMALL.key.origin, b"\x08" * 32)


def test_a_wrong_key_is_refused(tmp_path: Path) -> None:
    """Another key of the same name, a key of another log, and what is no key of a log at all."""
    lay_out(tmp_path, SMALL.files())
    assert (
        told(tmp_path, FORGER.vkey).split("\n")[4].startswith("key: --key: the key that was given is not one of those")
    )
    assert "the origin is not the one that was expected" in told(tmp_path, FOREIGN.vkey)
    for no_key in ("", "x", Key("demo.xa", b"\x01" * 32).vkey, SMALL.key.vkey[:-1], f"{SMALL.key.vkey}\n"):
        assert "key: --key: this is not the key of a log" in told(tmp_path, no_key)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (SMALL.key.note(SMALL.text() + "extension\n"), "a checkpoint has three lines"),
        (SMALL.key.note(SMALL.text().replace("\n6\n", "\n06\n")), "line 2"),
        (SMALL.key.note(SMALL.text().replace("=\n", "\n")), "line 3"),
        (FOREIGN.note(SMALL.text().replace(SMALL.key.origin, FOREIGN.origin)), "origin"),
        (SMALL.key.note(SMALL.text().replace(SMALL.key.origin, FOREIGN.origin)), "origin"),
        (SMALL.key.note(SMALL.text().replace("/log/1\n", "\n")), "origin"),
        (SMALL.key.note(SMALL.text(5)), "tile/entries/000.p/5: the entry bundle is missing"),
        (SMALL.key.note(SMALL.text().replace("\n6\n", "\n7\n")), "tile/entries/000.p/7: the entry bundle is missing"),
        (SMALL.key.note(SMALL.text().replace("\n6\n", f"\n{2**63 - 1}\n")), "reading stopped here: too many bundles"),
        (SMALL.key.note(SMALL.text().replace("\n6\n", "\n0\n")), "line 3: not the root of an empty log"),
        (Log().key.note(f"{SMALL.key.origin}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"), "the log is empty"),
        (
            SMALL.note() + FOREIGN.line(SMALL.text()).encode(),
            "a signature line by example.com/log/1, which nothing here",
        ),
        (SMALL.note() + SMALL.key.line("x\n").encode(), "signature of demo.xa-sao-mai.lamson/log/1 is wrong"),
        (SMALL.note().replace(b"\n", b"\r\n"), "control characters"),
        (SMALL.note()[:-1], "LF"),
    ],
)
def test_another_checkpoint_is_refused_whoever_signed_it(tmp_path: Path, note: bytes, words: str) -> None:
    """Extension lines, other spellings, foreign origins, other sizes, further lines; with the key and without it."""
    lay_out(tmp_path, SMALL.files() | {"1/checkpoint": note})
    for key in (SMALL.key.vkey, None):
        assert words in told(tmp_path, key)


def test_a_checkpoint_of_other_entries_is_told_with_both_roots(tmp_path: Path) -> None:
    """When neither entries nor tiles lead to the signed root, that is said, with the size."""
    fork = make(5)
    fork.add("membership.left.1", {})
    text = told(lay_out(tmp_path, SMALL.files() | {"1/checkpoint": fork.note()}), SMALL.key.vkey)
    ours, theirs = SMALL.text().split("\n")[2], fork.text().split("\n")[2]
    assert f"1: checkpoint: line 3: the root of size 6 is {ours}, but {theirs} was signed" in text


def test_a_cut_or_forked_log_is_refused_by_an_older_checkpoint(tmp_path: Path) -> None:
    """A shorter log, and another log under the same key, do not go with a checkpoint that was seen."""
    lay_out(tmp_path, SMALL.files())
    longer, fork = make(9), make(3)
    fork.add("membership.left.1", {})
    assert "seen: --seen: fork or truncation: it has 9 entries, the log here 6" in told(tmp_path, seen=longer.note())
    text = told(tmp_path, seen=fork.note())
    ours, theirs = SMALL.text(4).split("\n")[2], fork.text().split("\n")[2]
    assert f"seen: --seen: fork: at size 4 it has the root {theirs}, the log here {ours}" in text


def test_a_root_that_cannot_be_computed_bears_nothing_out(tmp_path: Path) -> None:
    """Without entries and without tiles there is nothing to hold an older checkpoint against, and that is said."""
    files = {name: data for name, data in SMALL.files().items() if "/tile/" not in name}
    text = told(lay_out(tmp_path, files), SMALL.key.vkey, seen=SMALL.note(3))
    assert "1: checkpoint: its root cannot be computed from what is here" in text
    assert "seen: --seen: the root of size 3 cannot be computed from what is here" in text


def test_a_checkpoint_that_was_not_signed_by_the_log_proves_nothing(tmp_path: Path) -> None:
    """Unsigned, of another key, of another log, of a generation that is not here, or unreadable: a fault, not a pass."""
    lay_out(tmp_path, SMALL.files())
    later = make(3, generation=2)
    for seen, words in (
        (FORGER.note(SMALL.text(3)), "the signature does not hold"),
        (
            FOREIGN.note(SMALL.text(3).replace(SMALL.key.origin, FOREIGN.origin)),
            "there is no log example.com/log/1 here",
        ),
        (later.note(), "there is no log demo.xa-sao-mai.lamson/log/2 here"),
        (b"", "--seen: the checkpoint cannot be read"),
        (SMALL.text().encode(), "--seen: the checkpoint cannot be read"),
    ):
        for key in (SMALL.key.vkey, None):
            assert words in told(tmp_path, key, seen=seen)


def test_generations_of_different_logs_do_not_go_together(tmp_path: Path) -> None:
    """They begin with one founding entry."""
    other = Log(generation=2)
    other.entries.clear()
    other.parts.clear()
    other.add("core.founded.1", {"name": "demo.xa-sao-mai.lamson", "key": "x"}, subject="ab" * 16)
    other.add("core.generation_opened.1", {"generation": 2, "size": 1, "root": other.text(1).split("\n")[2]})
    text = told(lay_out(tmp_path, SMALL.files() | other.files()), SMALL.key.vkey)
    assert "2: entry 0: the generations do not begin with one founding entry" in text


def test_very_many_faults_are_counted_and_not_all_kept(tmp_path: Path) -> None:
    """The first thousand are kept, and every one about a checkpoint; the others are a number."""
    log = make(1)
    for number in range(1200):
        log.add("m.a.1", {}, v=number + 2)
    lay_out(tmp_path, log.files())
    report = verify_log(tmp_path, key=log.key.vkey, seen=[FORGER.note(log.text())])
    assert (len(report.findings), report.more) == (1001, 200)
    assert report.findings[-1].where == "--seen"
    assert "further faults: 200" in report.lines()
    assert "NOT verified; faults: 1201" in report.lines()
