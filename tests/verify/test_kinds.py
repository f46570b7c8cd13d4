"""Every kind of damage, once: the first sentence says what it is and where, the last since when; the single file refuses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.verify.make_log import NAME, Key, Log, by_stranger, lay_out, make

from chibox.records.verify import verify_log

Files = dict[str, bytes]
Damage = Callable[[Files], Files]
LOG = make(600)
GOOD = LOG.files()
OLD = make(552)
FOREIGN = Key("example.com/log/1", b"\x08" * 32)
ENTRIES = "1/tile/entries/001"


def put(name: str, data: bytes) -> Damage:
    """Other bytes for a file."""
    return lambda files: files | {name: data}


def drop(name: str) -> Damage:
    """A file dropped."""
    return lambda files: {other: data for other, data in files.items() if other != name}


def swap(one: str, other: str) -> Damage:
    """Two files exchanged."""
    return lambda files: files | {one: files[other], other: files[one]}


def flip(name: str, inside: bytes, letter: bytes) -> Damage:
    """Some bytes of a file exchanged for as many others."""
    data = GOOD[name]
    assert data.count(inside) == 1
    return put(name, data.replace(inside, letter))


def entries(*positions: int) -> bytes:
    """A bundle of these entries."""
    return b"".join(len(LOG.entries[at]).to_bytes(2, "big") + LOG.entries[at] for at in positions)


def rewritten(change: Callable[[Log], object]) -> Damage:
    """The whole log as the right key would sign it after a change."""
    log = make(600)
    change(log)
    return lambda _: log.files()


def exchanged(log: Log) -> None:
    """The parts of two records."""
    log.parts[301], log.parts[304] = log.parts[304], log.parts[301]


def salted(log: Log) -> None:
    """Another salt."""
    log.parts[301]["body"] = (bytes(32), log.parts[301]["body"][1])


def forked(log: Log) -> None:
    """Another entry in place of one."""
    other = make(301)
    other.add("membership.left.1", {})
    log.entries[301], log.parts[301] = other.entries[301], other.parts[301]


def retired(log: Log) -> None:
    """A key that was retired goes on signing."""
    log.announce(b"\x09" * 32)
    log.retire()
    log.eras.append((0, [log.key, *log.eras[-1][1]]))


def text(*lines: str) -> bytes:
    """A checkpoint of these lines, signed by the right key."""
    return LOG.key.note("".join(f"{line}\n" for line in lines))


ROOT = LOG.text().split("\n")[2]
SUBJECT = LOG.entries[301].partition(b'"subject":"')[2][:32]

KINDS: dict[str, tuple[Damage, str]] = {
    "a byte of an entry": (
        flip(ENTRIES, SUBJECT, b"0" * 32),
        "1: entry 301: it was changed: tile/0/001, which leads to the signed root, has another hash",
    ),
    "a byte of a part": (
        flip("1/part/001", LOG.parts[301]["body"][1], LOG.parts[301]["body"][1].replace(b"301", b"310")),
        "1: entry 301, part body: salt and content do not answer to the commitment of the entry",
    ),
    "a byte of a tile": (
        put("1/tile/0/001", GOOD["1/tile/0/001"][:-1] + bytes([GOOD["1/tile/0/001"][-1] ^ 1])),
        "1: tile/0/001: hash 255 is not that of entry 511",
    ),
    "a byte of a signature": (
        put(
            "1/checkpoint",
            GOOD["1/checkpoint"][:-40] + GOOD["1/checkpoint"][-40:-20].swapcase() + GOOD["1/checkpoint"][-20:],
        ),
        "1: checkpoint: the signature does not hold",
    ),
    "a cut end": (
        lambda files: {n: d for n, d in files.items() if ".p/" not in n or "tile/1" in n},
        "1: checkpoint: the end is cut off: it speaks of 600 entries, and 512 are here",
    ),
    "an older end under the checkpoint": (
        lambda files: OLD.files() | {"1/checkpoint": files["1/checkpoint"]},
        "1: checkpoint: the end is cut off: it speaks of 600 entries, and 552 are here",
    ),
    "a cut file": (
        put(ENTRIES, GOOD[ENTRIES][:-1]),
        f"{ENTRIES.replace('/', ': ', 1)}: the entries cannot be read: the bundle ends early",
    ),
    "swapped bundles": (
        swap("1/tile/entries/000", ENTRIES),
        "1: tile/entries/000: in its place stands the bundle tile/entries/001",
    ),
    "a doubled bundle": (
        put("1/tile/entries/000", GOOD[ENTRIES]),
        "1: tile/entries/000: in its place stands the bundle tile/entries/001",
    ),
    "a dropped bundle": (drop(ENTRIES), "1: tile/entries/001: the entry bundle is missing"),
    "swapped tiles": (swap("1/tile/0/000", "1/tile/0/001"), "1: tile/0/000: in its place stands the tile tile/0/001"),
    "a dropped tile": (drop("1/tile/0/001"), "1: tile/0/001: the tile is missing"),
    "a dropped partial tile": (drop("1/tile/1/000.p/2"), "1: tile/1/000.p/2: the tile is missing"),
    "the partial tile of an earlier size": (
        put("1/tile/0/002.p/40", GOOD["1/tile/0/002.p/88"][: 40 * 32]),
        "1: tile/0/002.p/40: not a part of this log",
    ),
    "a doubled entry": (
        put(ENTRIES, entries(*range(256, 302), *range(301, 511))),
        "1: entry 302: from here to entry 511 stand the entries that were signed as entries 301 to 510",
    ),
    "an entry too many": (
        put(ENTRIES, GOOD[ENTRIES] + entries(301)),
        "1: tile/entries/001: the entries cannot be read: bytes after the last entry",
    ),
    "reordered entries": (
        put(ENTRIES, entries(*range(256, 301), 302, 301, *range(303, 512))),
        "1: entry 301: in its place stands the entry that was signed as entry 302",
    ),
    "an older checkpoint": (
        put("1/checkpoint", LOG.note(552)),
        "1: checkpoint: it is older than what lies here: it speaks of 552 entries, and there are 600",
    ),
    "a checkpoint of another root": (
        put("1/checkpoint", text(LOG.key.origin, "600", "A" * 43 + "=")),
        f"1: checkpoint: line 3: the root of size 600 is {ROOT}, but {'A' * 43}= was signed",
    ),
    "an extension line": (
        put("1/checkpoint", text(LOG.key.origin, "600", ROOT, "more")),
        "1: checkpoint: the checkpoint cannot be read: a checkpoint has three lines: origin, size, root",
    ),
    "a foreign origin": (
        put("1/checkpoint", FOREIGN.note(LOG.text().replace(LOG.key.origin, FOREIGN.origin))),
        f"1: checkpoint: the origin is not the one that was expected: the origin {FOREIGN.origin} is not of the log {NAME}",
    ),
    "parts of two records exchanged": (
        rewritten(exchanged),
        "1: entry 301, part body: it is the part body of entry 304: exchanged",
    ),
    "another salt": (rewritten(salted), "1: entry 301, part body: salt and content do not answer to the commitment"),
    "swapped part bundles": (
        swap("1/part/000", "1/part/001"),
        "1: part/000: none of its parts answers to these entries",
    ),
    "a retired key": (rewritten(retired), "1: checkpoint: a signature line by the key that entry 601 retired"),
    "a generation that does not fit": (
        lambda files: files | make(300).next(299, root=ROOT).files(),
        "2: entry 299: the root that it states is not that of the 299 entries below it",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_its_first_sentence_says_what_it_is_and_where(tmp_path: Path, name: str) -> None:
    """One kind of damage, one sentence in front; told to be newer than a checkpoint that was seen before it."""
    damage, sentence = KINDS[name]
    lay_out(tmp_path, damage(GOOD))
    report = verify_log(tmp_path)
    (first, *_) = report.findings
    assert f"{first.log}: {first.where}: {first.what}".startswith(sentence)
    assert by_stranger(tmp_path)[0] == 1
    assert len(report.findings) < 10
    if report.figures:
        assert "Nobody gave an older checkpoint" in str(report.since[0])
    seen = verify_log(tmp_path, seen=[LOG.note(200)])
    (again, *_) = [one for one in seen.findings if one.log != "seen"]
    assert again == first
    assert by_stranger(tmp_path, None, [LOG.note(200)])[0] == 1


@pytest.mark.parametrize(
    ("name", "sizes", "since"),
    [
        (
            "a byte of an entry",
            [200, 300],
            "Whole up to the checkpoint of 300 entries, seen before; the faults are newer.",
        ),
        (
            "a byte of an entry",
            [200, 400],
            "Whole up to the checkpoint of 200 entries, seen before; the faults are newer.",
        ),
        (
            "a byte of an entry",
            [400],
            "Already at the checkpoint of 400 entries, seen before, it is not whole any more.",
        ),
        ("a byte of a part", [400], "Its first 400 entries are those that were seen before; what is wrong"),
        ("a byte of a part", [200], "Whole up to the checkpoint of 200 entries, seen before; the faults are newer."),
        ("a dropped bundle", [256], "Whole up to the checkpoint of 256 entries, seen before; the faults are newer."),
    ],
)
def test_since_when_it_is_so_is_told_from_older_checkpoints(
    tmp_path: Path, name: str, sizes: list[int], since: str
) -> None:
    """The largest that still holds counts; one that the entries do not bear out any more says that the change is older."""
    lay_out(tmp_path, KINDS[name][0](GOOD))
    report = verify_log(tmp_path, seen=[LOG.note(size) for size in sizes])
    assert [str(one).startswith(since) for one in report.since] == [True], report.lines()


def test_a_fork_by_the_right_key_is_told_between_two_checkpoints(tmp_path: Path) -> None:
    """A log that was written anew is whole by itself; whoever kept a checkpoint from after the change sees it, and from where."""
    lay_out(tmp_path, rewritten(forked)(GOOD))
    assert verify_log(tmp_path, key=LOG.key.vkey).ok
    report = verify_log(tmp_path, key=LOG.key.vkey, seen=[LOG.note(size) for size in (100, 301, 302, 600)])
    assert [one.where for one in report.findings] == ["--seen 3", "--seen 4"]
    assert str(report.findings[0].what).startswith("fork: at size 302 it has the root ")
    whole = "Whole up to the checkpoint of 301 entries, seen before; no longer at the one of 302 entries."
    assert [str(one) for one in report.since] == [whole]
    assert by_stranger(tmp_path, LOG.key.vkey, [LOG.note(302)])[0] == 1
