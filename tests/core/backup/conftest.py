"""A box with toys in several bundles, its sealed sheet, and a backup of it, made once; whoever changes something takes a copy."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.core.together import make
from tests.core.toys import Hide, Toy, toy_plugins

from chibox.backup import recovery
from chibox.backup.making import make as make_sheet
from chibox.backup.sheet import Secrets, Sheet
from chibox.backup.taking import Taken, take
from chibox.office import Office
from chibox.testing.boxes import sandbox

NAME = "xa-sao-mai.lam-son"
PLANTED = "Planted Name Of Nobody"


class Saved(NamedTuple):
    """A closed box, its sheet, and a backup of it that nothing has touched."""

    folder: Path
    sheet: Sheet
    taken: Taken

    @property
    def opening(self) -> Secrets:
        """What is on the sheet."""
        return Secrets(recovery.identity(self.sheet.identity), bytes.fromhex(self.sheet.seed))


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """314 entries: a full bundle and a tail, opaque entries among them; an account, somebody signed in, a draft."""
    place = tmp_path_factory.mktemp("saved")
    with sandbox(place / "box", toy_plugins(), name=NAME) as made:
        clerk = made.someone("clerk")
        made.ask(make(made, *(f"toy {n}" for n in range(300)), PLANTED), actor=clerk)
        with made.reading() as read:
            toys = tuple(row.subject for row in read.rows(Toy, read.select(Toy)))[:2]
        made.ask(Hide(toys=toys, place=f"under the bed of {PLANTED}"), actor=clerk)
        with closing(Office(made.box)) as office:
            office.accounts.one_time_link(clerk)
            office.sessions.begin(clerk, "work", made.clock.now(), kept=False)
            office.access.write(time=made.clock.now(), person=clerk, purpose="work", page="/", subjects=[made.root])
        (made.folder / "chibox.toml").write_text('help_name = "An"\n')
        clock = made.clock
    sheet = make_sheet(place / "box", None, language="vi", plugins=toy_plugins(), clock=clock)
    (place / "backups").mkdir()
    return Saved(place / "box", sheet, take(place / "box", place / "backups", plugins=toy_plugins(), clock=clock))


@pytest.fixture
def copy(saved: Saved, tmp_path: Path) -> Saved:
    """A copy of the box to change."""
    shutil.copytree(saved.folder, tmp_path / "box")
    return saved._replace(folder=tmp_path / "box")


def rows(path: Path) -> dict[str, list[Any]]:
    """Every row of every table of a database, and what the tables are."""
    with closing(sqlite3.connect(path)) as connection:
        schema = connection.execute(
            "SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()
        found: dict[str, list[Any]] = {"schema": schema}
        for name, kind, _ in schema:
            if kind == "table":
                found[name] = sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
        return found


def nothing_beside(folder: Path) -> list[str]:
    """What stands beside the box's folder, or half of it."""
    return sorted(path.name for path in folder.parent.iterdir())
