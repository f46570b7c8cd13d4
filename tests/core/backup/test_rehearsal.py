"""A rehearsal restores for real, looks at what it got, and leaves nothing but the note of it."""

import tempfile
from pathlib import Path

import pytest
from tests.core.backup.conftest import Saved, rows
from tests.core.toys import toy_plugins

from chibox.backup import care
from chibox.backup.rehearsing import rehearse
from chibox.backup.sheet import Secrets
from chibox.errors import NotFound, Refused
from chibox.testing.boxes import plugins_of


def test_a_good_backup_is_told_and_noted(copy: Saved) -> None:
    """The restored box was verified as any box is; the scratch folder is empty again; the box itself was not touched."""
    before = rows(copy.folder / "box.db")
    found = rehearse(copy.taken.path, copy.opening, box=copy.folder, plugins=toy_plugins())
    assert (found.good, found.size, found.report.findings) == (True, copy.taken.size, [])
    noted = care.read(copy.folder).rehearsal
    assert noted is not None
    assert (noted.good, noted.entries, noted.file) == (True, copy.taken.size, str(copy.taken.path))
    assert list((copy.folder / ".rehearsal").iterdir()) == []
    assert rows(copy.folder / "box.db") == before
    assert care.read(copy.folder).backup == care.Backed(
        copy.taken.made, str(copy.taken.path), copy.taken.bytes, copy.taken.size
    )


def test_a_bad_one_is_told_and_noted(copy: Saved, tmp_path: Path) -> None:
    """A damaged file, a wrong sheet, tables that no plugin here has folded: each is a failed rehearsal."""
    (tmp_path / "b").write_bytes(copy.taken.path.read_bytes()[:-1])
    with pytest.raises(Refused, match="damaged"):
        rehearse(tmp_path / "b", copy.opening, box=copy.folder)
    noted = care.read(copy.folder).rehearsal
    assert noted is not None
    assert not noted.good
    assert list((copy.folder / ".rehearsal").iterdir()) == []
    found = rehearse(copy.taken.path, copy.opening, box=copy.folder, plugins=plugins_of())
    assert not found.good
    assert care.read(copy.folder).rehearsal != noted


def test_without_a_box_nothing_is_noted(copy: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On another machine: the scratch folder is among temporary files, nobody else's, and gone afterwards."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert rehearse(copy.taken.path, copy.opening, plugins=toy_plugins()).good
    assert list((tmp_path / "temporary").iterdir()) == []
    with pytest.raises(NotFound):
        rehearse(copy.taken.path, Secrets(copy.opening.identity, None), box=tmp_path)
