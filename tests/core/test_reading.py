"""Reading: rows, facts, entries and history, as commands decide on them and pages show them."""

import datetime as dt

import pytest
from tests.core.together import make
from tests.core.toys import Correct, Hide, Paint, Toy

from chibox.clock import GivenClock
from chibox.core_commands import Undo
from chibox.errors import NotFound, Refused
from chibox.organisation.rules import Rule, RuleBook
from chibox.testing.boxes import TODAY, Sandbox

HOUR = 3_600_000


def test_rows_are_found_by_key_and_by_query(made: Sandbox, clerk: str) -> None:
    """Whole rows of this box; conditions, orders and limits narrow them; `count` counts without reading them."""
    answer = made.ask(make(made, "c", "a", "b"), actor=clerk)
    with made.reading() as read:
        toy = read.table(Toy)
        assert (
            read.row(Toy, made.entry(answer.first).subject)
            == read.rows(Toy, read.select(Toy).where(toy.name == "c"))[0]
        )
        assert read.row(Toy, "0" * 32) is None
        some = read.rows(
            Toy, read.select(Toy).where(toy.name.is_in(["a", "b"])).order_by(toy.name, ascending=False).limit(1)
        )
        assert [row.name for row in some] == ["b"]
        assert (read.count(Toy), read.count(Toy, toy.name == "a", toy.unit == made.root)) == (3, 1)
        assert read.count(Toy, toy.name == "d") == 0


def test_rows_are_found_by_sql_of_ones_own(made: Sandbox, clerk: str) -> None:
    """A condition with its arguments, order and limit gives whole rows of this box; figures give columns of one's choice."""
    made.ask(make(made, "c", "a", "b"), actor=clerk)
    with made.reading() as read:
        assert [row.name for row in read.found(Toy, "name>=? ORDER BY name DESC LIMIT ?", ("b", 1))] == ["c"]
        assert read.found(Toy, "name='d'") == []
        assert read.found(Toy, "name=?", ("a",)) == read.rows(Toy, read.select(Toy).where(read.table(Toy).name == "a"))
        told = read.figures(Toy, "name>? AS late, count(*)", "unit=? GROUP BY 1 ORDER BY 1", (made.root,), ("a",))
        assert told == [(0, 1), (1, 2)]


def test_a_snapshot_stays_as_it_was(made: Sandbox, clerk: str) -> None:
    """What is committed while a page is made does not mix into it; its clock stands."""
    made.ask(make(made, "a"), actor=clerk)
    with made.reading() as read:
        before = (read.size, read.count(Toy), read.now)
        made.clock.at += HOUR
        made.ask(make(made, "b"), actor=clerk)
        assert (read.size, read.count(Toy), read.now) == before
    with made.reading() as read:
        assert read.count(Toy) == 2


def test_a_reader_cannot_write(made: Sandbox) -> None:
    """Nobody changes anything but by `perform`."""
    with made.reading() as read, pytest.raises(Exception, match="readonly"):
        read.connection.execute("DELETE FROM log_head")


def test_history_is_told_newest_day_first(made: Sandbox, clerk: str) -> None:
    """By the day that a record is about, then by the place in the log; opaque ones stand where they belong."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    early = made.ask(Paint(toy=toy, colour="red", day=TODAY - dt.timedelta(days=3)), actor=clerk)
    hidden = made.ask(Hide(toys=(toy,), place="attic"), actor=clerk)
    with made.reading() as read:
        told = [entry.position for entry in read.history(toy)]
        assert read.last(toy) == hidden.first
        assert read.last("0" * 32) is None
        assert read.act(hidden.act) == (hidden.first, hidden.last)
        assert read.act("0" * 32) is None
    assert told == [hidden.first, early.first - 1, early.first]


def test_an_entry_beyond_the_end_is_not_found(made: Sandbox) -> None:
    """Neither before the first nor behind the last."""
    with made.reading() as read:
        for position in (read.size, 10_000, -1):
            with pytest.raises(NotFound):
                read.entry(position)


def test_the_position_of_a_day_is_the_last_one_of_that_day(made: Sandbox, clerk: str) -> None:
    """By the wall clock in Viet Nam; sealed entries too, whose time in clear is cut to the hour."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    days = [TODAY + dt.timedelta(days=n) for n in range(3)]
    made.clock.at = GivenClock.on(days[1], 0).at - 1  # the last moment of the first day
    made.ask(Hide(toys=(toy,), place="attic"), actor=clerk)
    last = made.box.log.size - 1
    made.clock.at += 1
    made.ask(Hide(toys=(toy,), place="cellar"), actor=clerk)
    with made.reading() as read:
        assert [read.position_at(day) for day in days] == [last, last + 1, last + 1]
        assert read.position_at(TODAY - dt.timedelta(days=1)) is None


def test_facts_of_a_day_and_as_they_were_known(made: Sandbox, clerk: str) -> None:
    """Late facts count for their day and were not known before; a correction ends what it corrects, and only from then on."""
    answer = made.ask(make(made, "a", day=TODAY - dt.timedelta(days=9)), actor=clerk)
    toy = made.subject(answer)
    late = made.ask(Paint(toy=toy, colour="red", day=TODAY - dt.timedelta(days=5)), actor=clerk)
    right = made.ask(Correct(toy=toy, position=answer.first, name="A"), actor=clerk)

    def colour(day: int | None, known: int | None = None) -> str | None:
        with made.reading() as read:
            on = None if day is None else TODAY - dt.timedelta(days=day)
            facts = read.facts([toy], fields=("colour",), day=on, known=known)
        return facts[toy]["colour"].value if facts else None

    assert [colour(day) for day in (10, 9, 6, 5, 0)] == [None, "white", "white", "red", "red"]
    assert colour(5, known=late.first - 1) == "white"
    assert colour(None) == "red"
    with made.reading() as read:
        names = [
            read.facts([toy], fields=("name",), known=at)[toy]["name"].value for at in (right.first - 1, right.first)
        ]
    assert names == ["a", "A"]


def test_of_two_facts_of_one_day_the_later_record_counts(made: Sandbox, clerk: str) -> None:
    """Also when the earlier one was taken back and brought again since."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    red = made.ask(Paint(toy=toy, colour="red"), actor=clerk)
    undone = made.ask(Undo(act=red.act), actor=clerk)
    blue = made.ask(Paint(toy=toy, colour="blue"), actor=clerk)
    with made.reading() as read:
        assert read.facts([toy])[toy]["colour"].position == blue.first
    made.ask(Undo(act=blue.act), actor=clerk)
    made.ask(Undo(act=undone.act), actor=clerk)
    made.ask(Undo(act=made.entry(made.box.log.size - 2).act), actor=clerk)
    with made.reading() as read:
        fact = read.facts([toy])[toy]["colour"]
        row = read.row(Toy, toy)
    assert row is not None
    assert (fact.value, fact.position, row.colour) == ("blue", blue.first, "blue")


def test_facts_of_everybody_are_asked_at_once(made: Sandbox, clerk: str) -> None:
    """Without a list of subjects all of the box; with more subjects than one statement takes, all of them."""
    answer = made.ask(make(made, *(f"toy {n}" for n in range(1200))), actor=clerk)
    subjects = [made.box.engine.entry_at(p).subject for p in range(answer.first, answer.last + 1)]
    with made.reading() as read:
        every = read.facts(fields=("name",))
        assert read.facts(subjects, fields=("name",)) == {s: every[s] for s in subjects}
        assert read.facts([], fields=("name",)) == {}
        assert read.facts(subjects[:1], fields=()) == {}


def test_a_rule_is_the_one_of_its_day() -> None:
    """A rule ends on the day that another begins; without any the book refuses by name and day."""

    def rule(value: int, since: dt.date, until: dt.date | None) -> Rule:
        return Rule("notice", value, "208-QĐ/TW", "Ban Bí thư", since, since, until)

    book = RuleBook([rule(5, dt.date(2020, 1, 1), dt.date(2025, 7, 1)), rule(3, dt.date(2025, 7, 1), None)])
    assert [book.on("notice", day).value for day in (dt.date(2025, 6, 30), dt.date(2025, 7, 1), TODAY)] == [5, 3, 3]
    for name, day in (("notice", dt.date(2019, 12, 31)), ("other", TODAY)):
        with pytest.raises(Refused, match=name):
            book.on(name, day)


def test_who_was_touched_between_two_positions(made: Sandbox, clerk: str) -> None:
    """About whom entries stand behind the first up to the second, and of whom a retraction there took something back."""
    one, two = (made.subject(made.ask(make(made, name), actor=clerk)) for name in "ab")
    after = made.box.log.size - 1
    painted = made.ask(Paint(toy=one, colour="red", day=TODAY), actor=clerk)
    both = made.ask(make(made, "c", "d"), actor=clerk)
    until = made.box.log.size - 1
    made.ask(Undo(act=painted.act), actor=clerk)
    made.ask(Undo(act=both.act), actor=clerk)
    new = {made.entry(position).subject for position in range(both.first, both.last + 1)}
    with made.reading() as read:
        assert read.touched(after, until) == {one, *new}
        assert read.touched(until, read.size - 1) >= {one, *new}
        assert two not in read.touched(after, read.size - 1)
        assert read.touched(-1, after) >= {one, two}
