"""What may have happened to the members of a roll before a sheet comes: drawn at random, told in commands."""

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hypothesis import strategies as st

from chibox.commands import Command
from chibox.errors import Refused
from chibox_membership.asking import Change, Correct, Leave, Move, SetStatus

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

PEOPLE: Final = 6
_TODAY: Final = dt.date(2026, 11, 25)
_FIRST: Final = dt.date(1995, 1, 1)
_NAMES: Final = ("Lò Thị Ón", "Vừ A Páo", "H’Nhuôn Êban Niê", "Đỗ Thị Bẩy")
_HOMES: Final = ("thôn Đông", "thôn Đoài", "bản Pá Khoang")


class Happening(NamedTuple):
    """Something that a clerk records of the member in that place: which command, on which day, with what."""

    who: int
    what: str
    day: dt.date
    values: dict[str, Any]
    undone: bool


_WHAT: Final = st.one_of(
    st.tuples(
        st.just("change"),
        st.fixed_dictionaries(
            {},
            optional={
                "full_name": st.sampled_from(_NAMES),
                "other_name": st.sampled_from((*_NAMES, "")),
                "residence_detail": st.sampled_from((*_HOMES, "")),
                "religion": st.sampled_from(("00", "01")),
            },
        ),
    ),
    st.tuples(
        st.just("correct"),
        st.fixed_dictionaries(
            {},
            optional={
                "born_on": st.dates(dt.date(1950, 1, 1), dt.date(1968, 12, 31)),
                "admitted_on": st.dates(dt.date(1987, 1, 1), dt.date(1988, 1, 1)),
                "full_name": st.sampled_from(_NAMES),
            },
        ),
    ),
    st.tuples(st.just("move"), st.fixed_dictionaries({"cell": st.integers(0, 2)})),
    st.tuples(
        st.just("state"),
        st.fixed_dictionaries({"status": st.sampled_from(("active", "exempt", "interrupted", "suspended"))}),
    ),
    st.tuples(
        st.just("leave"), st.fixed_dictionaries({"status": st.sampled_from(("transferred", "left_party", "deceased"))})
    ),
)


def happenings(people: int = PEOPLE, *, most: int = 14) -> st.SearchStrategy[list[Happening]]:
    """Some things that happened to so many people, in the order in which they are recorded."""
    one = st.builds(
        lambda who, what, day, undone: Happening(who, what[0], day, what[1], undone),
        st.integers(0, people - 1),
        _WHAT,
        st.dates(_FIRST, _TODAY),
        st.sampled_from((False, False, False, True)),
    )
    return st.lists(one, max_size=most)


def live(roll: "Roll", told: list[Happening]) -> list[str]:
    """Enter some people and record what is told, as far as the rules take it. Returns their ids."""
    people = [
        roll.enter(full_name=f"Giàng Thị {name}", cell=roll.cells[place % 3])
        for place, name in enumerate(("Sềnh", "Mỷ", "Dợ", "Chía", "Pà", "Xua"))
    ]
    happen(roll, people, told)
    return people


def happen(roll: "Roll", people: list[str], told: list[Happening]) -> None:
    """Record what is told of these people, as far as the rules take it; some of it is taken back at once."""
    for one in told:
        with suppress(Refused):
            answer = roll.ask(_command(roll, people[one.who], one))
            if one.undone:
                roll.undo(answer)


def _command(roll: "Roll", member: str, told: Happening) -> Command:
    values = told.values
    if told.what == "change":
        return Change(member=member, day=told.day, **values)
    if told.what == "correct":
        return Correct(member=member, ground="original_file", paper="Lý lịch gốc", **values)
    if told.what == "move":
        return Move(member=member, day=told.day, cell=roll.cells[values["cell"]])
    if told.what == "state":
        return SetStatus(member=member, day=told.day, **values)
    return Leave(member=member, day=told.day, **values)
