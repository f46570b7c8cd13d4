"""The command line: what it prints, with which state it ends, and how it speaks with a box that runs."""

import argparse
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.core.notes import plugins

from chibox.cli import COMMANDS, main
from chibox.console import CliCommand, Parser, Terminal, language_of
from chibox.errors import Refused, words
from chibox.identity.built_in import BuiltIn
from chibox.plugins import Plugins
from chibox.signing.mark import HighWater

FOUNDING = ("--name", "xa-sao-mai.lamson", "--committee", "Đảng bộ xã Sao Mai", "--above", "Đảng bộ tỉnh Lam Sơn")


class Said(NamedTuple):
    """How a command ended, and what it printed."""

    state: int
    out: str
    err: str


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> "Say":
    """Runs a command in this process, in English."""
    return Say(capsys)


class Say:
    """A call of the command line, in English unless `lang` says otherwise."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object, lang: str = "en") -> Said:
        """How it ended and what it printed."""
        state = main(["--lang", lang, *map(str, arguments)])
        captured = self._capsys.readouterr()
        return Said(state, captured.out, captured.err)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box of core alone, closed."""
    folder = tmp_path_factory.mktemp("cli") / "box"
    assert main(["init", str(folder), *FOUNDING]) == 0
    return folder


def test_help_is_quick_and_whole() -> None:
    """It lists every command without reading any of them, nor the web, nor the database."""
    script = """
        import sys
        from chibox.cli import COMMANDS, main
        assert main(["--lang", "en", "--help"]) == 0
        heavy = {"litestar", "piccolo", "granian", "chibox.box", "cryptography", "huey"} & set(sys.modules)
        assert not heavy, heavy
    """
    ended = subprocess.run(
        [sys.executable, "-c", re.sub("(?m)^ {8}", "", script)], check=True, capture_output=True, text=True
    )
    assert [line.split()[0] for line in ended.stdout.split("\n") if line.startswith("  ")][: len(COMMANDS)] == list(
        COMMANDS
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_help_of_its_own(say: Say, name: str) -> None:
    """In both languages, with a usage line and every option explained."""
    for lang, usage in (("en", "Usage: "), ("vi", "Cách dùng: ")):
        said = say(name, "--help", lang=lang)
        assert said.state == 0
        assert said.out.startswith(f"{usage}chibox {name}")
        assert "--lang" in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented_with_its_options(say: Say, name: str) -> None:
    """`docs/operate/cli.md` has a section for it, which names every option."""
    page = (Path(__file__).parents[2] / "docs/operate/cli.md").read_text()
    sections = {part.split(maxsplit=2)[1]: part for part in re.split(r"(?m)^### ", page)[1:]}
    options = set(re.findall(r"--[a-z][a-z-]*", say(name, "--help").out)) - {"--help", "--lang"}
    assert {option for option in options if option not in sections[name]} == set()


@pytest.mark.parametrize("arguments", [(), ("nosuch",), ("--nono",), ("key",), ("verify",), ("key", "a", "b")])
def test_what_cannot_be_understood_ends_with_2(say: Say, arguments: tuple[str, ...]) -> None:
    """And says how to learn more, beside the results."""
    said = say(*arguments)
    assert said.state == 2
    assert said.err or "Usage" in said.out


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "vi"),
        ([], {"LANG": "C.UTF-8"}, "vi"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "vi"),
        ([], {"LC_MESSAGES": "en_US", "LANG": "vi_VN"}, "en"),
        (["--lang", "en"], {"LANG": "vi_VN"}, "en"),
        (["verify", "x", "--lang=vi"], {"LANG": "en_US"}, "vi"),
        (["--lang"], {"LANG": "en_US"}, "vi"),
    ],
)
def test_the_language_is_vietnamese_unless_english_is_asked_for(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    """By `--lang` first, then by the environment as POSIX orders it."""
    assert language_of(arguments, environment) == language


def test_init_makes_a_box_once(say: Say, tmp_path: Path) -> None:
    """It prints the first administrator's link, which works once; a second call is refused and changes nothing."""
    said = say("init", tmp_path / "box", *FOUNDING, "--sign-in", "admin")
    assert said.state == 0
    token = re.findall(r"http://127\.0\.0\.1:8600/link/(\S+)", said.out)[0]
    accounts = BuiltIn.open(tmp_path / "box")
    accounts.choose_secret(token, "correct horse", "correct horse")
    accounts.close()
    before = (tmp_path / "box/box.db").read_bytes()
    again = say("init", tmp_path / "box", *FOUNDING)
    assert (again.state, again.out) == (1, "")
    assert "There is something in" in again.err
    assert (tmp_path / "box/box.db").read_bytes() == before
    wrong = say("init", tmp_path / "other", "--name", "Xã", "--committee", "x")
    assert (wrong.state, "name: " in wrong.err) == (1, True)
    assert not (tmp_path / "other").exists()


def test_a_link_is_for_somebody_whom_the_box_knows(say: Say, box: Path) -> None:
    """By sign-in or id; for nobody else."""
    assert "/link/" in say("link", "QUANTRI", "--box", box).out
    unknown = say("link", "nobody", "--box", box)
    assert (unknown.state, unknown.out) == (1, "")
    assert "Nobody signs in by the name nobody here" in unknown.err
    assert say("link", "", "--box", box).state == 1


def test_the_box_is_named_by_the_environment(say: Say, box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`CHIBOX_BOX` stands for `--box`."""
    monkeypatch.setenv("CHIBOX_BOX", str(box))
    assert say("link", "quantri").state == 0
    monkeypatch.setenv("CHIBOX_BOX", str(box.parent / "none"))
    assert "There is no box in" in say("link", "quantri").err


def test_a_log_travels_and_is_verified(say: Say, box: Path, tmp_path: Path) -> None:
    """Export, key, receipt and verification hang together; a checkpoint that was seen holds the log to it."""
    vkey, fingerprint = say("key", box).out.strip().split("\n")
    assert vkey.startswith("xa-sao-mai.lamson/log/1+")
    assert say("key", box, "--vkey").out == f"{vkey}\n"
    assert len(re.findall("[0-9a-f]{8}", fingerprint)) == 8
    log, receipt = tmp_path / "log", tmp_path / "receipt.zip"
    assert f"chibox verify {log} --key {vkey}" in say("export-log", box, log).out
    assert say("receipt", box, "0", receipt).state == 0
    assert say("receipt", box, "2/1", tmp_path / "act.zip", "--act").state == 0
    seen = log / "1/checkpoint"
    for arguments in (
        (log,), (box,), (log, "--key", vkey), (box, "--key", vkey, "--seen", seen, "--receipt", receipt),
        (log, "--seen", seen, "--receipt", tmp_path / "act.zip"), ("--receipt", receipt, "--key", vkey),
    ):  # fmt: skip
        said = say("verify", *arguments)
        assert (said.state, said.err) == (0, ""), said.out
        assert said.out.endswith("verified: no fault\n")
    assert HighWater(box / "mark").note == seen.read_bytes()


def test_verify_refuses_and_names_each_fault(say: Say, box: Path, tmp_path: Path) -> None:
    """State 1, a line for each finding, also as JSON; a wrong key, a wrong file, a changed byte."""
    log = tmp_path / "log"
    say("export-log", box, log)
    entries = next((log / "1/tile/entries").rglob("*.p/*"))
    data = bytearray(entries.read_bytes())
    data[20] ^= 1
    entries.write_bytes(data)
    said = say("verify", log)
    assert said.state == 1
    assert "1: entry 0: " in said.out
    found = json.loads(say("verify", log, "--json").out)
    assert found["ok"] is False
    assert "entry 0" in [one["where"] for one in found["findings"]]
    assert say("verify", log, "--key", "nonsense").state == 2
    assert say("verify", tmp_path / "nothing").state == 3
    assert say("verify", box, "--seen", tmp_path / "nothing").state == 2
    assert say("verify", log, lang="vi").out.strip().split("\n")[-1].startswith("CHƯA")


def test_a_receipt_is_written_once_and_only_for_what_is_there(say: Say, box: Path, tmp_path: Path) -> None:
    """An existing file stays; a number beyond the end, of another generation, or none at all is refused."""
    (tmp_path / "mine").write_text("mine")
    assert say("receipt", box, "0", tmp_path / "mine").state == 1
    assert (tmp_path / "mine").read_text() == "mine"
    for number in ("4711", "0/2", "x", "-1", "1/0"):
        said = say("receipt", box, number, tmp_path / "new")
        assert said.state in {1, 2}
        assert not (tmp_path / "new").exists()


def test_a_reader_gets_an_address_and_loses_it(say: Say, box: Path) -> None:
    """The address is printed once; the list names number, label and state; whoever is not there cannot be ended."""
    made = say("reader", box, "--label", "Tỉnh ủy", "--who", "parent", "--days", "30")
    assert made.state == 0
    assert re.search(r"^http://\S+/log/r[a-z0-9]{27}/1/$", made.out, re.MULTILINE)
    assert "1. Tỉnh ủy (parent): reads; made" in say("reader", box).out
    assert "1. Tỉnh ủy (parent): ended" in say("reader", box, "--end", 1).out
    assert say("reader", box, "--end", 9).state == 1
    assert say("reader", box, "--label", " ").state == 1


def test_a_box_that_is_none_is_told(say: Say, tmp_path: Path) -> None:
    """In words, with state 1, whatever is asked of it."""
    for arguments in (
        ("key", tmp_path),
        ("run", tmp_path),
        ("export-log", tmp_path, tmp_path / "x"),
        ("receipt", tmp_path, 1, "x"),
    ):
        said = say(*arguments)
        assert (said.state, "There is no box in" in said.err) == (1, True)


def test_demo_leaves_a_real_box_alone(say: Say, box: Path) -> None:
    """It serves practice boxes only."""
    said = say("demo", box)
    assert (said.state, "is no practice box" in said.err) == (1, True)


def test_plugins_are_listed_with_their_commands(say: Say) -> None:
    """Each installed one with its version."""
    said = say("plugins")
    assert said.state == 0
    assert re.search(r"^membership 26\.", said.out, re.MULTILINE)


def test_a_plugin_adds_a_command(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found by its name, has a help, gets its arguments, and its refusals are told like any other."""

    def arguments(parser: Parser) -> None:
        parser.takes("word", help=words("A word"))
        parser.takes_box()

    def run(asked: argparse.Namespace, terminal: Terminal) -> int:
        if asked.word == "no":
            raise Refused("Not {word}.", word=asked.word)
        terminal.show(f"{asked.word} {asked.box}")
        return 0

    with_command = plugins()
    with_command._declared["notes"]["cli"] = (CliCommand("note", words("Say a word"), arguments, run),)
    monkeypatch.setattr(Plugins, "discover", lambda *_: with_command)
    monkeypatch.setenv("CHIBOX_BOX", "some/box")
    assert say("note", "yes") == (0, "yes some/box\n", "")
    assert say("note", "no") == (1, "", "Not no.\n")
    assert say("note").state == 2
    assert "A word" in say("note", "--help").out
    assert "chibox note        Say a word" in say("plugins").out


def test_a_terminal_prints_what_its_encoding_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that has no Vietnamese letters shows question marks; nothing is raised."""
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    Terminal("vi").say(words("The box is closed."))
    narrow.seek(0)
    assert "?" in narrow.read()
