"""A sound box, and changed copies of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.notes import Correct, Count, Whisper, filled, plugins
from tests.core.verifying.changes import Change, copied

from chibox.core_commands import Undo
from chibox.database import connect
from chibox.records.verify.report import Report
from chibox.verifying import verify_box


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed box of three hundred notes, with a correction, counts, an undo, whispers; nothing in it is changed."""
    folder = tmp_path_factory.mktemp("sound") / "box"
    with filled(folder, 300) as made:
        note = made.subject(made.first + 2)
        with made.box.reading() as read:
            rid = read.entry(made.first + 2).rid
        made.do(Correct(unit=made.root, note=note, rid=rid, title="corrected"))
        made.do(Count(unit=made.root, note=note, count=2))
        made.do(Count(unit=made.root, note=note, count=3), act="ab" * 16)
        made.do(Undo(act="ab" * 16))
        made.do(Whisper(unit=made.root, words=("một", "hai", "ba")))
        made.box.publish()
    return folder


@pytest.fixture
def changed(sound: Path, tmp_path: Path) -> Callable[[Change], Report]:
    """Changes a copy of the sound box, and verifies it."""

    def change(how: Change) -> Report:
        folder = copied(sound, tmp_path / f"copy{len(list(tmp_path.iterdir()))}")
        connection = connect(folder / "box.db", write=True)
        how(connection)
        connection.close()
        return verify_box(folder, plugins=plugins())

    return change
