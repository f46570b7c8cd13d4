"""Sound logs and receipts are verified, and the report says what was read."""

import ast
import json
import sys
from pathlib import Path

import pytest
from tests.verify.make_log import Key, Log, by_stranger, lay_out, make

from chibox.records.verify import Paper, verify_log, verify_receipt

SIZES = [1, 2, 3, 255, 256, 257, 513]


@pytest.mark.parametrize("size", SIZES)
def test_a_sound_log_is_verified(tmp_path: Path, size: int) -> None:
    """With the key and without it, at sizes around the width of a tile; everything was read."""
    log = make(size)
    files = log.files()
    lay_out(tmp_path, files)
    for key in (log.key.vkey, None):
        report = verify_log(tmp_path, key=key)
        assert report.findings == []
        assert report.ok
        figures = report.figures[0]
        assert (figures.origin, figures.size, figures.entries) == (log.key.origin, size, size)
        assert figures.bundles == sum("entries" in name for name in files)
        assert figures.tiles == sum("tile/" in name for name in files) - figures.bundles
        assert figures.parts == sum(map(len, log.parts))
        assert figures.parts_not_given == 0
        assert figures.vkey == log.key.vkey
        assert figures.trust == ("given" if key else "own")


def test_the_report_says_when_nobody_gave_the_key(tmp_path: Path) -> None:
    """The founding entry's key is the log's own word, with its fingerprint to be compared."""
    log = make(3)
    lay_out(tmp_path, log.files())
    told = "\n".join(verify_log(tmp_path).lines())
    assert "it is the word of what was checked" in told
    assert verify_log(tmp_path).figures[0].fingerprint in told
    assert "verified: no fault" in told
    assert "it is the word" not in "\n".join(verify_log(tmp_path, key=log.key.vkey).lines())


def test_the_report_is_plain_values_too(tmp_path: Path) -> None:
    """As JSON it says the same."""
    log = make(3)
    lay_out(tmp_path, log.files())
    value = json.loads(json.dumps(verify_log(tmp_path).as_json()))
    assert value["ok"] is True
    assert value["findings"] == []
    assert value["logs"][0]["size"] == 3


def test_parts_that_are_not_given_are_counted(tmp_path: Path) -> None:
    """Withheld and erased parts are no fault: a whole part bundle may be absent, or give nothing."""
    log = make(10)
    total = sum(map(len, log.parts))
    for number in (3, 4, 7):
        log.parts[number].pop("body")
    files = log.files()
    figures = verify_log(lay_out(tmp_path / "some", files), key=log.key.vkey).figures[0]
    assert (figures.parts, figures.parts_not_given) == (total - 3, 3)
    without = {name: data for name, data in files.items() if "/part/" not in name}
    empty = {name: bytes(10) if "/part/" in name else data for name, data in files.items()}
    for place, chosen in (("none", without), ("empty", empty)):
        report = verify_log(lay_out(tmp_path / place, chosen), key=log.key.vkey)
        assert report.ok
        assert (report.figures[0].parts, report.figures[0].parts_not_given) == (0, total)


def test_a_log_whose_founding_body_is_gone_needs_the_key(tmp_path: Path) -> None:
    """Without it no signature can be checked, and that is a fault."""
    log = make(3)
    log.parts[0].clear()
    lay_out(tmp_path, log.files())
    assert verify_log(tmp_path, key=log.key.vkey).ok
    report = verify_log(tmp_path)
    assert [(one.where, "nobody gave the key" in str(one.what)) for one in report.findings] == [("checkpoint", True)]


@pytest.mark.parametrize("size", SIZES)
def test_a_log_has_grown_from_its_older_checkpoints(tmp_path: Path, size: int) -> None:
    """A checkpoint of any size up to today's is borne out, also one that witnesses have signed as well."""
    log = make(size)
    lay_out(tmp_path, log.files())
    witness = Key("province.example/w1", b"\x09" * 32)
    for old in {1, 2, size // 2, size - 1, size} & set(range(1, size + 1)):
        cosigned = log.note(old) + witness.line(log.text(old)).encode()
        for seen in (log.note(old), cosigned):
            for key in (log.key.vkey, None):
                assert verify_log(tmp_path, key=key, seen=[seen]).findings == []


def test_two_generations_are_verified_in_one_folder(tmp_path: Path) -> None:
    """The later goes on from the earlier under its own origin; a key of either stands for both."""
    first = make(7)
    second = first.next(5)
    assert second.entries[:5] == first.entries[:5]
    lay_out(tmp_path, first.files() | second.files())
    for key in (first.key.vkey, second.key.vkey, None):
        for seen in ([first.note(4)], [second.note(6)], [first.note(7), second.note()], []):
            report = verify_log(tmp_path, key=key, seen=seen)
            assert report.findings == []
            assert [(one.origin, one.size) for one in report.figures] == [(first.key.origin, 7), (second.key.origin, 6)]
            assert by_stranger(tmp_path, key, seen)[0] == 0


def act_of_three() -> Log:
    """A log whose positions 2 to 4 are one act, an opaque one at that."""
    log = make(2)
    for _ in range(3):
        log.add_sealed(act="ab" * 16)
    log.add("membership.admitted.1", {})
    return log


@pytest.mark.parametrize(
    ("positions", "given"), [([0], ["body"]), ([1], ["body", "photo"]), ([1], []), ([2, 3, 4], [])]
)
def test_a_sound_receipt_is_verified_alone_and_beside_its_log(
    tmp_path: Path, positions: list[int], given: list[str]
) -> None:
    """Of one record with and without parts, and of an act; with the key and at its own word."""
    log = act_of_three()
    receipt = log.receipt(positions, given)
    lay_out(tmp_path, log.files())
    for key in (log.key.vkey, None):
        alone = verify_receipt(receipt, key=key)
        assert alone.findings == []
        figures = alone.figures[0]
        stated = sum(len(log.parts[position]) for position in positions)
        assert (figures.entries, figures.parts, figures.parts_not_given) == (
            len(positions),
            len(given),
            stated - len(given),
        )
        assert figures.trust == ("given" if key else "own")
        beside = verify_log(tmp_path, key=key, receipt=receipt)
        assert beside.findings == []
        assert [one.log for one in beside.figures] == ["1", "receipt"]


def test_a_receipt_is_borne_out_by_the_log_that_has_grown(tmp_path: Path) -> None:
    """An old receipt stays good."""
    receipt = make(40).receipt([7], ["body"])
    log = make(300)
    lay_out(tmp_path, log.files())
    assert verify_log(tmp_path, receipt=receipt).findings == []


def test_the_single_file_is_short_and_shares_nothing() -> None:
    """A stranger reads it in an evening: under 400 lines, the standard library and one library for Ed25519, nothing of ours."""
    source = (Path(__file__).parents[2] / "docs/verify/verify.py").read_text()
    assert source.count("\n") < 400
    imported = {node.module or "" for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    imported |= {
        name.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import) for name in node.names
    }
    strange = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert strange == {"cryptography"}


@pytest.mark.parametrize("size", [*SIZES, 600])
def test_a_sound_log_is_verified_by_the_single_file(tmp_path: Path, size: int) -> None:
    """With the key and without it, beside older checkpoints and printed receipts."""
    log = make(size)
    lay_out(tmp_path, log.files())
    root = log.text(size).split("\n")[2]
    assert by_stranger(tmp_path, log.key.vkey, [log.note(1), log.note()], "--paper", str(size - 1), root[:10])[0] == 0
    state, said = by_stranger(tmp_path)
    assert (state, "the log's own word" in said, said.endswith("verified: no fault\n")) == (0, True, True)
    printed = " ".join(root[at : at + 4] for at in range(0, 44, 4))
    assert "44 of 44 signs" in by_stranger(tmp_path, None, (), "--paper", str(size - 1), printed)[1]
    assert verify_log(tmp_path, papers=[Paper(str(size - 1), printed)]).findings == []
    state, said = by_stranger(tmp_path, None, (), "--paper", str(size - 1), "A" * 10)
    assert (state, f"fork: at size {size}" in said) == (1, True)
    state, said = by_stranger(tmp_path, None, (), "--paper", str(size), root)
    assert (state, "fork or truncation" in said) == (1, True)


@pytest.mark.parametrize("number", ["1.100", "1,100", "1100", "1.100/1"])
def test_a_receipt_number_is_read_as_it_is_printed(tmp_path: Path, number: str) -> None:
    """With the points of Vietnamese, the commas of English, or without; with its generation or without."""
    log = make(1200)
    lay_out(tmp_path, log.files())
    root = log.text(1101).split("\n")[2]
    report = verify_log(tmp_path, papers=[Paper(number, root)])
    assert (report.findings, "whole up to 1101 entries" in "\n".join(report.lines())) == ([], True)
    assert by_stranger(tmp_path, None, (), "--paper", number, root)[0] == 0
