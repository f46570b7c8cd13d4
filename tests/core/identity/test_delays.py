"""Delays: asked by one, agreed by another, never by or for the one concerned; and what is read by them is told afterwards."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chibox.clock import GivenClock
from chibox.commands import Answer
from chibox.core_commands import Appoint
from chibox.errors import Conflict, Forbidden, NotFound, Refused
from chibox.identity.access import Later
from chibox.identity.delaying import AgreeDelay, DelayReadings, EndDelay
from chibox.identity.delays import Delay
from chibox.identity.service import service_of
from chibox.office import Office
from chibox.site.visit import Visit
from chibox.site.who import Who
from chibox.testing.boxes import TODAY, Sandbox, sandbox

YEN = "b" * 32
UNTIL = TODAY + dt.timedelta(days=60)


class Case:
    """A box with a clerk who asks, a secretary who agrees, and an inspector who reads."""

    def __init__(self, made: Sandbox) -> None:
        self.made = made
        self.clerk, self.secretary = made.someone("clerk"), made.someone("committee_secretary")
        self.reader = made.someone("committee_secretary")

    def ask(self, actor: str = "", **more: Any) -> Answer:
        """The clerk asks for the inspector."""
        fields = {"person": YEN, "reader": self.reader, "reason": "inspection", "until": UNTIL, **more}
        return self.made.ask(DelayReadings(**fields), actor=actor or self.clerk)

    def agree(self, delay: str, actor: str = "") -> Answer:
        """The secretary agrees."""
        return self.made.ask(AgreeDelay(asked=delay), actor=actor or self.secretary)

    def running(self, **more: Any) -> str:
        """A delay that runs."""
        delay = self.made.subject(self.ask(**more))
        self.agree(delay)
        return delay

    def delay(self, delay: str) -> Delay:
        """Its row."""
        with self.made.reading() as read:
            found = read.row(Delay, delay)
        assert found is not None
        return found

    def on(self, day: dt.date) -> None:
        """The clock goes to that day."""
        self.made.clock.at = GivenClock.on(day).at


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """Three people, in a box of core alone."""
    with sandbox(tmp_path / "box", clock=GivenClock.on(TODAY)) as made:
        yield Case(made)


def test_two_people_make_a_delay(case: Case) -> None:
    """Asked it does not run; agreed it does, until its last day; the log has sealed entries only, the rule is named."""
    answer = case.ask()
    delay = case.made.subject(answer)
    assert not case.delay(delay).runs(TODAY)
    case.agree(delay)
    found = case.delay(delay)
    assert (found.person, found.reader, found.asked_by, found.agreed_by) == (
        YEN,
        case.reader,
        case.clerk,
        case.secretary,
    )
    assert [found.runs(day) for day in (TODAY, UNTIL, UNTIL + dt.timedelta(days=1))] == [True, True, False]
    envelope = case.made.box.log.entry(answer.first)
    assert b"core.sealed.1" in envelope
    assert not any(word.encode() in envelope for word in (YEN, case.reader, case.clerk, delay))
    assert case.made.entry(answer.first).context["rules"][0]["name"] == "core.inspection_delay_days"


@pytest.mark.parametrize("who", ["clerk", "reader", "service", "concerned"])
def test_the_second_person_is_another(case: Case, who: str) -> None:
    """Not who asked, not who reads, not the box, and never whoever it is about, who is told that there is none."""
    concerned = case.made.someone("committee_secretary")
    clerk = case.made.someone("clerk")
    case.made.ask(Appoint(person=clerk, role="committee_secretary", unit=case.made.root, day=TODAY))
    delay = case.made.subject(case.ask(actor=clerk, person=concerned))
    actors = {
        "clerk": clerk,
        "reader": case.reader,
        "service": service_of(case.made.box.picture),
        "concerned": concerned,
    }
    with pytest.raises({"service": Forbidden, "concerned": NotFound}.get(who, Refused)):
        case.agree(delay, actors[who])
    assert case.delay(delay).agreed_by is None


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"until": TODAY + dt.timedelta(days=180)}, None),
        ({"until": TODAY}, None),
        ({"until": TODAY + dt.timedelta(days=181)}, Refused),
        ({"until": TODAY - dt.timedelta(days=1)}, Refused),
        ({"reader": "c" * 32}, Refused),
        ({"reader": YEN}, Refused),
    ],
)
def test_what_may_be_asked(case: Case, more: dict[str, Any], error: type[Exception] | None) -> None:
    """From today to 180 days ahead, for a reader whom the box knows, who is somebody else."""
    if error is None:
        case.ask(**more)
    else:
        with pytest.raises(error):
            case.ask(**more)


def test_who_may_ask(case: Case) -> None:
    """Who records in the whole committee; neither the box, nor an operator, nor whoever the readings are about."""
    for actor in (service_of(case.made.box.picture), case.made.someone("operator"), case.secretary):
        with pytest.raises(Forbidden):
            case.ask(actor=actor)
    with pytest.raises(Refused):
        case.ask(person=case.clerk)


def test_one_delay_at_a_time(case: Case) -> None:
    """For the same person and reader a second one waits until the first is over; a form that is behind is told."""
    delay = case.made.subject(case.ask())
    with pytest.raises(Refused):
        case.ask()
    case.agree(delay)
    with pytest.raises(Refused):
        case.agree(delay, case.made.someone("committee_secretary"))
    with pytest.raises(Conflict):
        case.made.ask(EndDelay(delay=delay), actor=case.clerk, seen=0)
    case.made.ask(EndDelay(delay=delay), actor=case.clerk)
    case.on(TODAY + dt.timedelta(days=1))
    assert not case.delay(delay).runs(TODAY + dt.timedelta(days=1))
    case.ask()


def test_who_has_to_do_with_it_may_end_it(case: Case) -> None:
    """Who reads or agreed may; others find none; once it is over nobody does."""
    delay = case.running()
    with pytest.raises(NotFound):
        case.made.ask(EndDelay(delay=delay), actor=case.made.someone("clerk"))
    case.made.ask(EndDelay(delay=delay), actor=case.reader)
    assert case.delay(delay).last == TODAY
    with pytest.raises(Refused):
        case.made.ask(EndDelay(delay=delay), actor=case.secretary)


class _NoRequest:
    """A request that nobody asks anything of."""

    scope: dict[str, object] = {}  # noqa: RUF012 - read only
    query_params: dict[str, str] = {}  # noqa: RUF012


def _visit(office: Office, person: str) -> Visit:
    return Visit(_NoRequest(), office, Who(person, "x"))  # type: ignore[arg-type]


def _told(office: Office, to: str) -> list[bool]:
    """Whether each reading about the person is told to somebody; True: as one that was told later."""
    visit = _visit(office, to)
    with visit.reading("seen") as look:
        return [one.late for one in look.readings(YEN, to=to) if one.page == "core.member"]


@given(
    st.integers(0, 180),
    st.one_of(st.none(), st.integers(0, 180)),
    st.lists(st.integers(0, 200), min_size=1, max_size=6),
)
@settings(max_examples=25, deadline=None)
def test_never_before_the_day_after_and_always_from_then_on(
    tmp_path_factory: pytest.TempPathFactory, last: int, ended: int | None, looked: list[int]
) -> None:
    """Ended early or not: the person, and who asked, are told from the day after on; the reader and who agreed at once."""
    with (
        sandbox(tmp_path_factory.mktemp("delay") / "box", clock=GivenClock.on(TODAY)) as made,
        closing(Office(made.box)) as office,
    ):
        case = Case(made)
        delay = case.running(until=TODAY + dt.timedelta(days=last))
        office.access.write(time=made.clock.now(), person=case.reader, purpose="inspection", page="core.member",
                            subjects={YEN}, later=Later(delay, TODAY + dt.timedelta(days=last)))  # fmt: skip
        over = last
        for day in sorted({*looked, *(() if ended is None else (ended,))}):
            case.on(TODAY + dt.timedelta(days=day))
            if day == ended and day < over:
                made.ask(EndDelay(delay=delay), actor=case.clerk)
                over = day
            expected = [True] if day > over else []
            assert [_told(office, to) for to in (YEN, case.clerk)] == [expected] * 2
            assert [_told(office, to) for to in (case.reader, case.secretary)] == [[True]] * 2
