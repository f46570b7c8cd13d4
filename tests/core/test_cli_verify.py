"""`chibox verify`: with which state it ends, what it prints for people and for programs, and how it tells how far it is."""

import json
from pathlib import Path

import pytest
from tests.verify.make_log import Key, Log, lay_out, make

from chibox.cli import main
from chibox.cli import verify as command

LOG = make(600)
ROOT = LOG.text(301).split("\n")[2]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A sound exported log, and beside it checkpoints that somebody kept."""
    lay_out(tmp_path, {"old": LOG.note(200), "older": LOG.note(100), "fork": fork().note(), "words": b"x"})
    return lay_out(tmp_path / "log", LOG.files())


def fork() -> Log:
    """Another log by the same key."""
    log = make(299)
    log.add("m.a.1", {})
    return log


def damaged(log: Path) -> None:
    """One tile changed."""
    (log / "1/tile/0/001").write_bytes(bytes(8192))


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        (["log"], 0),
        (["log", "--key", LOG.key.vkey, "--seen", "old", "--seen", "older"], 0),
        (["log", "--paper", "300", ROOT, "--paper", "300/1", ROOT[:10]], 0),
        (["log", "--seen", "old", "--seen", "fork"], 1),
        (["log", "--seen", "words"], 1),
        (["log", "--paper", "301", ROOT], 1),
        (["log", "--paper", "300/2", ROOT], 1),
        (["log", "--paper", "1.000", ROOT], 1),
        (["log", "--key", Key(LOG.key.origin, b"\x08" * 32).vkey], 1),
        (["log", "--key", "x"], 2),
        (["log", "--paper", "30O", ROOT], 2),
        (["log", "--paper", "300", ROOT[:9]], 2),
        (["log", "--paper", "300"], 2),
        (["log", "--seen", "nothing"], 2),
        (["log", "--receipt", "nothing"], 2),
        (["log", "--nono"], 2),
        (["ftp://box/1"], 2),
        ([], 2),
        (["nothing"], 3),
        (["log/1/tile"], 3),
        (["--receipt", "words"], 3),
        (["http://127.0.0.1:9/log/t/1/"], 3),
    ],
)
def test_its_state_says_whole_faults_misunderstood_or_unread(
    log: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], state: int
) -> None:
    """0, 1, 2 or 3, as the documentation has it."""
    monkeypatch.chdir(log.parent)
    assert main(["--lang", "en", "verify", *asked]) == state


def test_json_says_every_sentence_twice(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`what` in English whatever the language, `said` in the one that was asked for; place and position as values."""
    damaged(log)
    for language in ("vi", "en"):
        assert main(["--lang", language, "verify", str(log), "--json", "--seen", str(log.parent / "old")]) == 1
        found = json.loads(capsys.readouterr().out)
        (one,) = found["findings"]
        assert (one["log"], one["where"], one["at"], found["ok"]) == ("1", "tile/0/001", 256, False)
        assert one["what"].startswith("256 of its hashes are not those of the entries")
        assert found["since"][0]["what"].startswith("Whole up to the checkpoint of 200 entries")
        assert (one["said"] == one["what"], found["since"][0]["said"].startswith("Whole")) == (language == "en",) * 2
    assert one["said"] != ""


def test_how_far_it_is_stands_beside_the_results(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only when it is asked for, or on a terminal after two seconds; there the line is gone at the end."""
    assert main(["--lang", "en", "verify", str(log)]) == 0
    assert capsys.readouterr().err == ""
    assert main(["--lang", "en", "verify", str(log), "--progress"]) == 0
    assert capsys.readouterr().err == "42 %, 256 of 600 entries\n"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["--lang", "en", "verify", str(log)]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(command, "_PATIENCE", 0.0)
    monkeypatch.setattr(command, "_BETWEEN", 0.0)
    assert main(["--lang", "en", "verify", str(log)]) == 0
    assert capsys.readouterr().err.endswith("\r\x1b[K100 %, 600 of 600 entries\r\x1b[K")
