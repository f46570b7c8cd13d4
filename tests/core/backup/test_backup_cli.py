"""`chibox backup`, `restore` and `sheet`, as a person at a terminal meets them."""

import io
import sys
from pathlib import Path

import pytest
from tests.core.backup.conftest import NAME

from chibox.cli import main
from chibox.testing.boxes import sandbox

EN = ("--lang", "en")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A box without plugins but the installed ones."""
    with sandbox(tmp_path / "box", name=NAME):
        pass
    (tmp_path / "box" / "chibox.toml").write_text("plugins = []\n")
    (tmp_path / "stick").mkdir()
    return tmp_path / "box"


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """The state in which it ended, and all that it said."""
    state = main([*EN, *map(str, arguments)])
    said = capsys.readouterr()
    return state, said.out + said.err


def test_from_the_sheet_to_the_restored_box(box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command says what comes next; a second one over the same place is refused in words."""
    state, said = asked(capsys, "backup", box, tmp_path / "stick")
    assert (state, "chibox sheet" in said) == (1, True)
    sheet = tmp_path / "sheet.html"
    state, said = asked(capsys, "sheet", box, "--out", sheet)
    assert (state, "--check" in said) == (0, True)
    assert asked(capsys, "sheet", box)[0] == 1
    state, said = asked(capsys, "backup", box, tmp_path / "stick", "--keep", "1")
    assert (state, "3 entries stand in" in said) == (0, True)
    (file,) = (tmp_path / "stick").iterdir()
    state, said = asked(capsys, "restore", file, tmp_path / "new", "--sheet", sheet)
    assert (state, "two people" in said) == (0, True)
    assert asked(capsys, "restore", file, tmp_path / "new", "--sheet", sheet)[0] == 1
    state, said = asked(capsys, "restore", file, "--rehearse", "--sheet", sheet, "--box", box)
    assert (state, "The rehearsal succeeded: 3 entries" in said) == (0, True)
    assert asked(capsys, "restore", file)[0] == 2
    assert asked(capsys, "verify", tmp_path / "new")[0] == 0


def test_a_typed_sheet_is_checked(
    box: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines as text on the terminal; typed back they are right; a wrong one is named, and nothing else is said of it."""
    state, shown = asked(capsys, "sheet", box, "--text")
    assert (state, "not shown again" in shown) == (0, True)
    lines = [line for line in shown.splitlines() if line[:1] in {"R", "K"} and line[1:2].isdigit()]
    assert len(lines) == 8
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    state, said = asked(capsys, "sheet", box, "--check")
    assert (state, "The log key is right." in said) == (0, True)
    lines[1] = lines[1][:6] + ("2" if lines[1][6] != "2" else "3") + lines[1][7:]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    assert asked(capsys, "sheet", box, "--check") == (1, "Line R2: a sign in it is wrong.\n")


def test_the_sheet_is_read_from_the_input(
    box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --sheet the lines come from the input; wrong ones are named, and nothing is restored."""
    _, shown = asked(capsys, "sheet", box, "--text")
    asked(capsys, "backup", box, tmp_path / "stick")
    (file,) = (tmp_path / "stick").iterdir()
    lines = [line for line in shown.splitlines() if line[:1] == "R" and line[1:2].isdigit()]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*lines[:3], lines[3][:-1]])))
    state, said = asked(capsys, "restore", file, tmp_path / "new")
    assert (state, "Line R4 of the sheet" in said, (tmp_path / "new").exists()) == (1, True, False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    state, said = asked(capsys, "restore", file, tmp_path / "new")
    assert (state, "no log key" in said) == (0, True)


def test_a_person_types_line_by_line(
    box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal each line is asked for until it is right, unseen; K1 left empty: the box stands without its log key."""
    _, shown = asked(capsys, "sheet", box, "--text")
    asked(capsys, "backup", box, tmp_path / "stick")
    (file,) = (tmp_path / "stick").iterdir()
    lines = [line for line in shown.splitlines() if line[:1] == "R" and line[1:2].isdigit()]
    typed = iter([lines[0], "wrong", *lines[1:], ""])
    prompts: list[str] = []
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)

    def types(prompt: str) -> str:
        prompts.append(prompt)
        return next(typed)

    monkeypatch.setattr("getpass.getpass", types)
    state, said = asked(capsys, "restore", file, tmp_path / "new")
    assert (state, prompts) == (0, ["R1: ", "R2: ", "R2: ", "R3: ", "R4: ", "K1: "])
    assert "Line R2: it has 5 signs and ought to have 21." in said
    monkeypatch.setattr("getpass.getpass", lambda _: "wrong")
    assert asked(capsys, "restore", file, tmp_path / "other")[0] == 1


def test_a_plain_backup_says_so(box: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence; how many to keep has to be a number above nothing."""
    state, said = asked(capsys, "backup", box, tmp_path / "stick", "--plain")
    assert (state, "not encrypted" in said) == (0, True)
    for wrong in ("0", "many"):
        assert asked(capsys, "backup", box, tmp_path / "stick", "--keep", wrong)[0] == 2
    assert len(list((tmp_path / "stick").iterdir())) == 1
