"""Drafts: somebody's own, whole after every step, found by number and tag, gone without a trace when they are over."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import msgspec
import pytest

from chibox.clock import GivenClock
from chibox.drafts.draft import Draft
from chibox.drafts.drafts import DAY, Drafts
from chibox.drafts.file import NAME, DraftFile
from chibox.errors import Conflict, Invalid, NotFound
from chibox.testing.boxes import TODAY

LUA, YEN = "a" * 32, "b" * 32
SECRET = "Lò Thị Mẩy của bản Pá Khoang"


class Plan(msgspec.Struct, frozen=True):
    """A state."""

    name: str
    done: int = 0


class Line(msgspec.Struct, frozen=True):
    """An item."""

    text: str
    mends: dict[str, str] = {}


class Count(msgspec.Struct, frozen=True):
    """Another state, of a later version."""

    count: int


class Desk:
    """A file of drafts and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, GivenClock.on(TODAY)
        self.file = DraftFile.open(folder)

    def of(self, person: str = LUA, area: str = "guests", *, everybody: bool = False) -> Drafts:
        """The drafts of a person."""
        return Drafts(self.file, area, person, self.clock.now, everybody=everybody)

    def again(self) -> None:
        """Close the file and open it."""
        self.file.close()
        self.file = DraftFile.open(self.folder)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk without drafts."""
    made = Desk(tmp_path)
    yield made
    made.file.close()


def lines(count: int) -> list[tuple[int, str, Line]]:
    """Items, every tenth wrong."""
    return [(n, "wrong" if n % 10 == 0 else "new", Line(f"row {n}")) for n in range(count)]


def test_what_was_begun_is_found_after_a_restart(desk: Desk) -> None:
    """State, items and file of a draft are there after the file was opened again, with owner, kind and times."""
    begun = desk.of().begin("plan", Plan("spring"))
    desk.of().put(begun, lines(3))
    desk.of().keep(begun, b"x" * 600_000)
    desk.again()
    found = desk.of().get(begun.id, "plan")
    now = desk.clock.now()
    assert (found.kind, found.owner, found.made, found.until, found.revision) == ("plan", LUA, now, now + 30 * DAY, 0)
    assert found.state(Plan) == Plan("spring")
    assert desk.of().items(found, Line) == lines(3)
    assert desk.of().content(found) == b"x" * 600_000
    assert (desk.folder / NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("person", "area", "kind"), [(YEN, "guests", "plan"), (LUA, "other", "plan"), (LUA, "guests", "x")]
)
def test_anothers_draft_is_not_there(desk: Desk, person: str, area: str, kind: str) -> None:
    """Another person, another plugin, another kind: each method says that it is not there, and nothing changes."""
    begun = desk.of().begin("plan", Plan("spring"))
    desk.of().put(begun, lines(2))
    desk.of().keep(begun, b"file")
    theirs, asked = desk.of(person, area), msgspec.structs.replace(begun, kind=kind)
    for attempt in (
        lambda: theirs.get(begun.id, kind), lambda: theirs.save(asked, Plan("mine")), lambda: theirs.drop(asked),
        lambda: theirs.put(asked, lines(1)), lambda: theirs.items(asked, Line), lambda: theirs.item(asked, 0, Line),
        lambda: theirs.counts(asked), lambda: theirs.keep(asked, b""), lambda: theirs.content(asked),
        lambda: theirs.amend(asked, Line, [0], lambda _, tag, line: (tag, line)),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            attempt()
    assert theirs.all(kind) == []
    assert desk.of().get(begun.id, "plan") == begun
    assert (desk.of().items(begun, Line), desk.of().content(begun)) == (lines(2), b"file")


def test_a_task_has_everybodys_of_its_plugin(desk: Desk) -> None:
    """A task finds and changes the drafts of all people in its plugin, whose they stay, and none of another plugin."""
    mine, theirs = desk.of(LUA).begin("plan", Plan("a")), desk.of(YEN).begin("plan", Plan("b"))
    desk.of(LUA, "other").begin("plan", Plan("c"))
    task = desk.of("service", everybody=True)
    assert [draft.id for draft in task.all("plan")] == [theirs.id, mine.id]
    task.save(mine, Plan("a", done=5))
    found = desk.of(LUA).get(mine.id, "plan")
    assert (found.state(Plan).done, found.owner) == (5, LUA)


def test_of_two_savings_the_later_is_told(desk: Desk) -> None:
    """Who saves what another page has saved since is refused, with the first saving kept; who has read it again may."""
    begun = desk.of().begin("plan", Plan("spring"))
    saved = desk.of().save(begun, Plan("first"))
    with pytest.raises(Conflict):
        desk.of().save(begun, Plan("second"))
    assert (saved.revision, desk.of().get(begun.id, "plan").state(Plan)) == (1, Plan("first"))
    assert desk.of().save(saved, Plan("third")).revision == 2


def test_items_leave_the_revision(desk: Desk) -> None:
    """Items written by a task do not make a page's saving late; when anything changed is told."""
    begun = desk.of().begin("plan", Plan("spring"))
    desk.clock.at += 5
    desk.of().put(begun, lines(2))
    assert desk.of().get(begun.id, "plan").changed == begun.made + 5
    assert desk.of().save(begun, Plan("summer")).revision == 1


def test_a_draft_is_over_after_its_days(desk: Desk) -> None:
    """The draft of a day is there for a day though it was saved meanwhile, one without days for ever."""
    short, kept = desk.of().begin("plan", Plan("a"), days=1), desk.of().begin("plan", Plan("b"), days=None)
    desk.clock.at += DAY - 1
    short = desk.of().save(short, Plan("a", 1))
    assert len(desk.of().all("plan")) == 2
    desk.clock.at += 1
    with pytest.raises(NotFound):
        desk.of().save(short, Plan("a", 2))
    desk.clock.at += 4000 * DAY
    assert [draft.id for draft in desk.of().all("plan")] == [kept.id]


def test_what_was_dropped_or_purged_leaves_no_byte(desk: Desk) -> None:
    """After the purge nothing of a draft that was dropped or is over stands in the file or its journal; others stay."""
    over, dropped, stays = (
        desk.of().begin(kind, Plan(SECRET), days=days) for kind, days in (("a", 1), ("b", 9), ("c", 9))
    )
    for draft in (over, dropped):
        desk.of().put(draft, [(n, "new", Line(SECRET)) for n in range(100)])
        desk.of().keep(draft, SECRET.encode() * 50_000)
    desk.of().drop(dropped)
    desk.of().save(stays, Plan("nothing"))
    desk.clock.at += DAY
    assert desk.file.purge(desk.clock.now()) == 1
    there = b"".join(path.read_bytes() for path in desk.folder.glob(NAME + "*"))
    assert SECRET.encode() not in there
    assert desk.of().get(stays.id, "c").state(Plan) == Plan("nothing")


def test_items_are_found_by_tag_and_place(desk: Desk) -> None:
    """By number: all, of a tag, above a number, a page of them; counted by tag; one by its number."""
    draft, drafts = desk.of().begin("plan", Plan("spring")), desk.of()
    drafts.put(draft, reversed(lines(100)))
    assert drafts.counts(draft) == {"new": 90, "wrong": 10}
    assert [n for n, _, _ in drafts.items(draft, Line, tag="wrong", offset=2, limit=3)] == [20, 30, 40]
    assert [n for n, _, _ in drafts.items(draft, Line, after=97)] == [98, 99]
    assert drafts.items(draft, Line, tag="none") == []
    assert drafts.item(draft, 30, Line) == ("wrong", Line("row 30"))
    assert drafts.item(draft, 100, Line) is None
    drafts.put(draft, [(30, "new", Line("mended"))])
    assert drafts.item(draft, 30, Line) == ("new", Line("mended"))
    assert drafts.counts(draft) == {"new": 91, "wrong": 9}


def test_items_are_written_all_or_none(desk: Desk) -> None:
    """What cannot be written, or a change that raises, leaves every item as it was."""
    draft, drafts = desk.of().begin("plan", Plan("spring")), desk.of()
    drafts.put(draft, lines(3))

    def half() -> Iterator[tuple[int, str, Line]]:
        yield 0, "x", Line("other")
        raise ValueError

    def change(number: int, tag: str, line: Line) -> tuple[str, Line]:
        if number == 2:
            raise ValueError
        return "x", line

    with pytest.raises(ValueError):  # noqa: PT011 - its own
        drafts.put(draft, half())
    with pytest.raises(ValueError):  # noqa: PT011 - its own
        drafts.amend(draft, Line, [0, 1, 2], change)
    with pytest.raises(sqlite3.IntegrityError):
        drafts.put(draft, [(0, "x", Line("other")), (1, None, Line("other"))])  # type: ignore[list-item]
    assert drafts.items(draft, Line) == lines(3)


def test_amending_sees_what_was_written_meanwhile(desk: Desk) -> None:
    """A task that amends an item has the clerk's newest words in its hands; numbers without an item are passed over."""
    draft, drafts = desk.of().begin("plan", Plan("spring")), desk.of()
    drafts.put(draft, lines(2))
    drafts.put(draft, [(1, "new", Line("row 1", {"name": "Yên"}))])
    count = drafts.amend(draft, Line, [1, 7], lambda _n, _t, line: ("same", Line("tried", line.mends)))
    assert (count, drafts.item(draft, 1, Line)) == (1, ("same", Line("tried", {"name": "Yên"})))


def test_a_file_is_replaced_whole(desk: Desk) -> None:
    """A draft keeps one file: a shorter one after a longer one stands alone; an empty one is a file, none is not there."""
    draft, drafts = desk.of().begin("plan", Plan("spring")), desk.of()
    with pytest.raises(NotFound):
        drafts.content(draft)
    assert drafts.content(drafts.begin("plan", Plan("spring"), data=b"from the beginning")) == b"from the beginning"
    for data in (bytes(range(256)) * 3000, b"short", b""):
        drafts.keep(draft, data)
        assert drafts.content(draft) == data


def test_a_state_of_another_version_is_a_sentence(desk: Desk) -> None:
    """What cannot be read as the shape that the plugin has now is refused in words."""
    with pytest.raises(Invalid):
        desk.of().begin("plan", Plan("spring")).state(Count)


def test_a_transaction_that_broke_off_leaves_the_draft(desk: Desk) -> None:
    """A file copied in the middle of a writing, as a crash leaves it, opens with the draft as it was before."""
    draft = desk.of().begin("plan", Plan("before"))
    desk.of().put(draft, lines(5))
    left = desk.folder / "left"
    left.mkdir()
    with desk.file.store.writing() as run:
        run.execute("PRAGMA cache_size=1")
        run.execute("UPDATE draft SET state=?", (b"{}",))
        run.execute("DELETE FROM item")
        run.executemany("INSERT INTO item VALUES(1,?,'x',?)", [(n, bytes(5000)) for n in range(200)])
        for path in desk.folder.glob(NAME + "*"):
            (left / path.name).write_bytes(path.read_bytes())
    other = Desk(left)
    assert _whole(other, draft) == (Plan("before"), lines(5))
    other.file.close()


def _whole(desk: Desk, draft: Draft) -> tuple[Plan, list[tuple[int, str, Line]]]:
    found = desk.of().get(draft.id, "plan")
    return found.state(Plan), desk.of().items(found, Line)


def test_five_thousand_rows_are_written_in_under_a_second(desk: Desk) -> None:
    """5,000 items of 2 KB take one call of less than a second, on a busy machine too; a page of them a few milliseconds."""
    draft, drafts = desk.of().begin("plan", Plan("spring")), desk.of()
    rows = [(n, "wrong" if n % 33 == 0 else "new", Line("x" * 2000)) for n in range(5000)]
    began = perf_counter()
    drafts.put(draft, rows)
    written = perf_counter()
    page = drafts.items(draft, Line, tag="new", limit=25, offset=4000)
    assert len(page) == 25
    assert written - began < 1
    assert perf_counter() - written < 0.05
