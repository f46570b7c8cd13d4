"""Logs that a writer gone wrong has signed: roots and signatures hold, and what the format forbids is named all the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.verify.make_log import Log, lay_out, make, told

from chibox.records.verify import verify_log

Files = dict[str, bytes]


def resigned(change: Callable[[Log], None], size: int = 8) -> tuple[Log, Files]:
    """A log that was wrong when the right key signed it."""
    log = make(size)
    change(log)
    return log, log.files()


def double_entry(log: Log) -> None:
    """The last entry once more."""
    log.entries.append(log.entries[-1])
    log.parts.append(log.parts[-1])


def swap_parts(log: Log) -> None:
    """The parts of two records exchanged."""
    log.parts[1], log.parts[4] = log.parts[4], log.parts[1]


def swap_names(log: Log) -> None:
    """Two parts of one record exchanged."""
    log.parts[1]["body"], log.parts[1]["photo"] = log.parts[1]["photo"], log.parts[1]["body"]


def change_salt(log: Log) -> None:
    """Another salt."""
    log.parts[3]["body"] = (bytes(32), log.parts[3]["body"][1])


def invent_part(log: Log) -> None:
    """A part that the entry does not know."""
    log.parts[3]["minutes"] = log.parts[3]["body"]


def state_body(body: bytes) -> Callable[[Log], None]:
    """A body of another form, rightly committed to."""
    return lambda log: log.add("membership.admitted.1", {}, body=body)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (double_entry, ["entry 8: the record id has been used before"]),
        (
            swap_parts,
            [
                "entry 1, part body: it is the part body of entry 4",
                "entry 4, part body: it is the part body of entry 1",
            ],
        ),
        (
            swap_names,
            ["entry 1, part body: it is the part photo of entry 1", "entry 1, part photo: it is the part body"],
        ),
        (change_salt, ["entry 3, part body: salt"]),
        (invent_part, ["entry 3, part minutes: the entry commits to no such part"]),
        (lambda log: log.add("m.a.1", {}, time=1), ["entry 8: the time is before"]),
        (
            lambda log: log.add("core.founded.1", {"name": "x", "key": "y"}),
            ["entry 8: the founding entry stands first"],
        ),
        (lambda log: log.entries.__setitem__(0, log.entries[1]), ["entry 0: the founding entry stands first"]),
        (lambda log: [log.add("m.a.1", {}, act=act * 32) for act in "aba"], ["entry 10: the entries of its act"]),
        (lambda log: log.add("m.a.1", {}, v=2), ["entry 8: the envelope breaks the format: the version"]),
        (lambda log: log.add("m.a.1", {}, extra=1), ["entry 8: the envelope breaks the format"]),
        (lambda log: log.add("m.a.1", {}, refs=["x"]), ["entry 8: the envelope breaks the format: a ref"]),
        (lambda log: log.entries.append(b"") or log.parts.append({}), ["entry 8: the envelope breaks the format"]),
        (lambda log: log.add_sealed(refs=[f"r{0:032x}"]), ["a sealed entry has refs"]),
        (lambda log: log.add_sealed(files={"photo": b"x"}), ["a sealed entry has other parts"]),
        (lambda log: log.add_sealed(time=1), ["not cut to the hour"]),
        (lambda log: log.add_sealed(by="ab" * 16), ["entry 8: sealed entries have different boxes"]),
        *(
            (
                lambda log, hidden=hidden: log.add_sealed(hidden=hidden),
                ["entry 8, part body: the context of a sealed body"],
            )
            for hidden in (
                {"kind": "core.sealed.1"},
                {"kind": "x"},
                {"time": 0},
                {"time": "0"},
                {"time": True},
                {"refs": None},
                {"refs": ["x"]},
                {"by": "x"},
                {"subject": None},
                {"unit": 1},
            )
        ),
        (state_body(b'{"c":{},"f":{}} '), ["part body: the body is not in canonical form"]),
        (
            state_body(b'{"c":{},"f":{"a":1.5}}'),
            ["part body: the body is not in canonical form: a value of type float"],
        ),
        (state_body(b'{"c":{},"f":{"a":1,"a":1}}'), ["part body: the body is not in canonical form"]),
        (state_body(b'{"c":{},"f":{},"g":{}}'), ["part body: the body is not an object of context and fields"]),
        (state_body(b'{"c":{}}'), ["part body: the body is not an object of context and fields"]),
        (state_body(b'{"c":{},"f":[]}'), ["part body: the body is not an object of context and fields"]),
        (state_body(b"[]"), ["part body: the body is not an object of context and fields"]),
        (state_body('{"c":{},"f":{"a":"e\u0301"}}'.encode()), ["part body: the text of the body is not in NFC"]),
        (
            state_body(b'{"c":{},"f":{"a":"' + b"x" * 2**20 + b'"}}'),
            ["part body: the body is not in canonical form: longer"],
        ),
    ],
)
def test_what_the_format_forbids_is_refused_though_it_was_signed(
    tmp_path: Path, change: Callable[[Log], None], words: list[str]
) -> None:
    """A writer gone wrong: signature, root and tiles are right, and the fault is named all the same, and nothing else."""
    log, files = resigned(change)
    report = verify_log(lay_out(tmp_path, files), key=log.key.vkey)
    text = "\n".join(report.lines())
    for word in words:
        assert word in text
    assert {one.where.partition(":")[0] for one in report.findings}.isdisjoint({"checkpoint", "tile"})


@pytest.mark.parametrize(
    "fields", [{}, {"name": "demo.xa", "key": "x"}, {"name": 1, "key": 2}, {"name": "a b", "key": ""}]
)
def test_a_founding_entry_that_founds_nothing_is_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    """It states the name and the key of the log in their one spelling."""
    log = Log()
    log.entries.clear()
    log.parts.clear()
    log.add("core.founded.1", fields)
    lay_out(tmp_path, log.files())
    for key in (log.key.vkey, None):
        assert "entry 0, part body: the founding body does not state" in told(tmp_path, key)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("m.a.1", b'{"c":{},"f":{}}'),
        ("core.founded.1", b'{"c":{},"f":[]}'),
        ("core.founded.1", b"[]"),
        ("core.founded.1", b"{} "),
    ],
)
def test_a_first_entry_of_another_form_gives_no_key(tmp_path: Path, kind: str, body: bytes) -> None:
    """Then nothing can be believed without the key, and with it the entry is refused."""
    log = Log()
    log.entries.clear()
    log.parts.clear()
    log.add(kind, {}, body=body)
    lay_out(tmp_path, log.files())
    assert "nobody gave the key" in told(tmp_path)
    assert "1: entry 0" in told(tmp_path, log.key.vkey)


def test_a_log_under_a_key_that_anyone_has_is_refused(tmp_path: Path) -> None:
    """A founding entry that states a point of low order vouches for nothing."""
    log = Log()
    log.entries.clear()
    log.parts.clear()
    log.add("core.founded.1", {"name": "demo.xa-sao-mai.lamson", "key": "A" * 43 + "="})
    text = told(lay_out(tmp_path, log.files()))
    assert "the founding body does not state" in text
    assert "nobody gave the key" in text
