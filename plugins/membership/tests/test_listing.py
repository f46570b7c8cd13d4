"""The search that SQL makes finds what the plain definition of the search finds, in its order, on every page of the list."""

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from chibox.text import search_key
from chibox_membership import listing
from chibox_membership.asking import Note, SetStatus
from chibox_membership.importing.command import ImportSheet
from chibox_membership.listing.asked import is_as_typed
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE, Member

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

TODAY, DUE = dt.date(2026, 11, 25), dt.date(2025, 11, 25)
FAMILIES = ("Nguyễn", "Trần", "Đặng", "Lò", "Vừ", "H’Nhuôn", "Y'Bhi", "Hoàng", "Đỗ", "Ksơr", "H'Ơ'Ban")
MIDDLES = ("Thị", "Văn", "A", "Thị Thu", "Êban", "Hữu", "")
GIVEN = ("An", "Ẩn", "Ánh", "Hương", "Hường", "Hướng", "Hoà", "Hòa", "Đễ", "De", "Ẵng", "Niê", "Huỳnh", "Quý", "An")
SOME = 200


def _rows(roll: "Roll", rng: random.Random) -> tuple[SheetRow, ...]:
    def name() -> str:
        return " ".join(part for part in (rng.choice(FAMILIES), rng.choice(MIDDLES), rng.choice(GIVEN)) if part)

    def day(first: int) -> dt.date:
        return dt.date(first, 1, 1) + dt.timedelta(days=rng.randrange(6000))

    official = [rng.random() < 0.5 for _ in range(SOME)]
    return tuple(
        SheetRow(
            row=8 + place, full_name=name(), other_name=rng.choice((None, None, name(), "Páo")), sex="male",
            cell=rng.choice(roll.cells), born_on=day(1950), ethnic_group="01", religion="00",
            personal_id=f"991068{place:06}", card_number=f"991068{place:06}" if official[place] else None,
            admitted_on=day(1988), official_on=day(2006) if official[place] else None, status="active",
        )
        for place in range(SOME)
    )  # fmt: skip


@pytest.fixture(scope="module")
def crowd(open_roll: type["Roll"], tmp_path_factory: pytest.TempPathFactory) -> Iterator["Roll"]:
    """A roll of generated names, some noted, some exempt, some gone."""
    roll, rng = open_roll(tmp_path_factory.mktemp("crowd") / "box"), random.Random(7)
    answer = roll.ask(ImportSheet(rows=_rows(roll, rng), as_of=roll.box.log.size - 1))
    for position in range(answer.first, answer.last + 1, 9):
        who = roll.entry(position).subject
        roll.ask(Note(member=who, day=TODAY, note="hẹn gặp"))
        roll.ask(SetStatus(member=who, day=TODAY, status="exempt"))
    for name in ("Lò Thị Hường", "Nguyễn Văn An"):
        roll.enter(full_name=name)  # official, and no card is recorded
    yield roll
    roll.box.close()


@pytest.fixture(scope="module")
def people(crowd: "Roll") -> list[Member]:
    """Every row of the roll."""
    with crowd.box.reading() as read:
        return read.rows(Member, read.select(Member))


def _scope(roll: "Roll", seen: int = 3, identity: int = 2) -> listing.Scope:
    return listing.Scope(frozenset(roll.cells[:seen]), frozenset(roll.cells[: min(seen, identity)]), tuple(roll.cells))


def _sought(q: str, member: Member, number: str) -> bool:
    """The search in plain words: each word begins a word of the name or stands behind an apostrophe; or digits of the number."""
    name = search_key(f"{member.full_name} / {member.other_name}" if member.other_name else member.full_name)
    words, digits = search_key(q).split(), "".join(q.split())
    by_name = bool(words) and all(re.search(rf"(?:^|[ ']){re.escape(word)}", name) for word in words)
    return by_name or bool(re.fullmatch("[0-9]{4,}", digits) and digits in number)


def _queries(rng: random.Random) -> Iterator[str]:
    """Words of names, whole and begun, with and without marks, in any order; digits; what nobody is called."""
    yield from (
        "a",
        "thi",
        "h'",
        "'",
        "’nhu",
        "ban",
        "ơ'ban",
        "/",
        "9910",
        "991068 000 01",
        "%",
        "_",
        "zz",
        "đ",
        "de dang",
        "A A",
    )
    for _ in range(120):
        words = [
            rng.choice(rng.choice((FAMILIES, GIVEN, ("Thị", "Thu", "Êban", "Páo")))) for _ in range(rng.randrange(1, 4))
        ]
        cut = [word[: rng.randrange(1, len(word) + 1)] if rng.random() < 0.5 else word for word in words]
        yield " ".join(word.lower() if rng.random() < 0.5 else word for word in cut)


@pytest.mark.parametrize(("seen", "identity"), [(3, 3), (3, 2), (2, 1), (1, 0)])
def test_sql_finds_what_the_definition_finds(crowd: "Roll", people: list[Member], seen: int, identity: int) -> None:
    """Whoever is found by the plain definition is found by SQL, nobody else; those with the typed marks first, then by name."""
    scope = _scope(crowd, seen, identity)
    here = [m for m in people if m.cell in scope.units and m.status not in GONE]
    hits = 0
    with crowd.box.reading() as read:
        for q in _queries(random.Random(seen)):
            number: Callable[[Member], str] = lambda m: m.personal_id if m.cell in scope.identity else ""  # noqa: E731
            wanted = [m for m in here if _sought(q, m, number(m))]
            wanted.sort(key=lambda m: (not is_as_typed(q, m.full_name), m.name_order, m.subject))
            found = listing.today(read, scope, listing.Wanted(q=q), DUE, SOME + 2)
            assert [m.subject for m in found.rows] == [m.subject for m in wanted], q
            assert (found.count, found.total) == (len(wanted), len(here)), q
            hits += bool(wanted)
    assert hits > 40


@pytest.mark.parametrize("sort", [None, *get_args(listing.Sort)])
@pytest.mark.parametrize("q", [None, "thị", "Hường"])
def test_pages_follow_one_another(crowd: "Roll", sort: Any, q: str | None) -> None:
    """Leafed through, every member stands on one page exactly, in the order of the whole; beyond the last stands the last."""
    scope = _scope(crowd)
    with crowd.box.reading() as read:
        whole = listing.today(read, scope, listing.Wanted(sort=sort, q=q), DUE, SOME + 2)
        seen: list[str] = []
        for page in itertools.count(1):
            found = listing.today(read, scope, listing.Wanted(sort=sort, q=q, page=page), DUE, 7)
            if found.page < page:
                break
            seen += [m.subject for m in found.rows]
        assert seen == [m.subject for m in whole.rows]
        assert len(set(seen)) == whole.count


@pytest.mark.parametrize("state", [None, *get_args(listing.State)])
def test_today_and_a_day_agree(crowd: "Roll", state: Any) -> None:
    """Rows and facts give the same list for today, whatever is asked and however it is sorted."""
    sorts: tuple[Any, ...] = (None, *get_args(listing.Sort))
    with crowd.box.reading() as read:
        for scope, q, sort in itertools.product((_scope(crowd), _scope(crowd, 1, 0)), (None, "Hường", "9910"), sorts):
            wanted = listing.Wanted(q=q, state=state, sort=sort, cell=crowd.cells[0] if q else None)
            rows = listing.today(read, scope, wanted, DUE, SOME + 2)
            facts = listing.on(read, scope, wanted, TODAY, DUE, None, SOME + 2)
            gone = state in GONE  # who has gone is no member on a day, but can be looked for today
            assert gone or [m.subject for m in rows.rows] == [m.subject for m in facts.rows], (q, sort)
            assert gone or (rows.count, rows.total) == (facts.count, facts.total)


def test_cells_stand_in_the_order_of_the_committee(crowd: "Roll") -> None:
    """Sorted by cell the order of the tree counts, within a cell the given names; turned round the names stay as they are."""
    scope = _scope(crowd)
    with crowd.box.reading() as read:
        rows = listing.today(read, scope, listing.Wanted(sort="cell"), DUE, SOME + 2).rows
        turned = listing.today(read, scope, listing.Wanted(sort="-cell"), DUE, SOME + 2).rows
    keys = [(crowd.cells.index(m.cell), m.name_order, m.subject) for m in rows]
    assert keys == sorted(keys)
    assert [m.subject for m in turned] == [m.subject for m in sorted(rows, key=lambda m: -crowd.cells.index(m.cell))]


def test_a_page_reads_no_more_rows_than_it_shows(crowd: "Roll") -> None:
    """Of the whole rows SQLite gives as many as stand on the page."""
    with crowd.box.reading() as read:
        asked: list[str] = []
        read.connection.set_trace_callback(asked.append)
        listing.today(read, _scope(crowd), listing.Wanted(q="thi", page=2), DUE, 25)
        read.connection.set_trace_callback(None)
        whole = [text for text in asked if "religion" in text]
        assert whole
        assert sum(len(read.connection.execute(text).fetchall()) for text in whole) == 25


def test_the_index_alone_answers_a_count(crowd: "Roll") -> None:
    """A search by name counts in its index; the wide rows stay unread."""
    with crowd.box.reading() as read:
        asked: list[str] = []
        read.connection.set_trace_callback(asked.append)
        listing.today(read, _scope(crowd), listing.Wanted(q="thi"), DUE, 25)
        read.connection.set_trace_callback(None)
        plans = [
            line[3]
            for text in asked
            if "count(*)" in text
            for line in read.connection.execute(f"EXPLAIN QUERY PLAN {text}")
        ]
    assert [plan for plan in plans if plan.startswith(("SEARCH", "SCAN")) and "COVERING" not in plan] == []


def test_an_empty_roll_is_a_list_of_nobody(tmp_path: Path, open_roll: type["Roll"]) -> None:
    """There is one page, and it is empty."""
    roll = open_roll(tmp_path / "empty")
    with roll.box.reading() as read:
        for wanted in (listing.Wanted(), listing.Wanted(q="an", page=4), listing.Wanted(sort="cell")):
            found = listing.today(read, _scope(roll), wanted, DUE)
            assert (list(found.rows), found.count, found.total, found.page) == ([], 0, 0, 1)
    roll.box.close()
