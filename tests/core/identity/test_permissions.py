"""Permissions: by today's posts, along today's tree, downwards only."""

import datetime as dt
import os
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.toys import Make, Toy

from chibox.core_commands import Appoint, CreateUnit, EndPost
from chibox.errors import Forbidden, NotFound, Refused
from chibox.identity.permissions import SELF, Picture
from chibox.identity.roles import ALL, CORE_ROLES, Role
from chibox.identity.tables import Post
from chibox.organisation.tables import Unit
from chibox.testing.boxes import TODAY, Sandbox

EXAMPLES = 1000 if os.environ.get("CHIBOX_LONG") else 60
UNITS, PEOPLE = 300, 12
ROLES = {
    r.name: r for r in (*CORE_ROLES, Role("drawer", "Drawer", frozenset({"toys.capture"}), frozenset({"contact"})))
}
PERMISSIONS = ("toys.capture", "toys.view", "toys.approve", "other.view", "core.administer", "core.operate")


class Town(NamedTuple):
    """A tree and its posts, as numbers: `parents[n]` is above unit n, 0 is the root."""

    parents: list[int]
    posts: list[tuple[int, str, int, dt.date, dt.date | None]]  # person, role, unit, since, until

    def picture(self) -> Picture:
        """The picture that the box would make of it."""
        units = [
            Unit(f"u{n}", f"Unit {n}", "cell", f"u{parent}" if n else None, TODAY)
            for n, parent in enumerate(self.parents)
        ]
        posts = [
            Post(f"post{n}", f"p{p}", role, f"u{u}", since, until)
            for n, (p, role, u, since, until) in enumerate(self.posts)
        ]
        return Picture(units, posts, ROLES)

    def below(self, unit: int) -> set[int]:
        """The unit and all under it, found from above: nothing here walks upwards."""
        found, ahead = {unit}, [unit]
        while ahead:
            at = ahead.pop()
            children = {n for n, parent in enumerate(self.parents) if n and parent == at} - found
            found |= children
            ahead += children
        return found

    def held(self, person: int) -> Iterator[tuple[Role, int]]:
        """Role and unit of the posts that a person holds today."""
        for who, role, unit, since, until in self.posts:
            if who == person and since <= TODAY and (until is None or until > TODAY) and role in ROLES:
                yield ROLES[role], unit


def grants(role: Role, permission: str) -> bool:
    """Whether a role gives a permission, by the rule's words."""
    area, _, scope = permission.partition(".")
    return permission in role.grants or (f"*.{scope}" in role.grants and area != "")


@st.composite
def towns(draw: st.DrawFn, *, circles: bool = False) -> Town:
    """Three hundred units, deep or flat, and posts anywhere, past, present and to come."""
    rng = draw(st.randoms(use_true_random=False))
    reach = draw(st.sampled_from((1, 2, 5, 40, UNITS)))  # 1: a chain three hundred deep
    parents = [0, *(rng.randrange(max(0, n - reach), n) for n in range(1, UNITS))]
    if circles:
        for _ in range(draw(st.integers(1, 8))):
            parents[rng.randrange(1, UNITS)] = rng.randrange(1, UNITS)
    posts = [_post(rng) for _ in range(draw(st.integers(0, 30)))]
    return Town(parents, posts)


def _post(rng: random.Random) -> tuple[int, str, int, dt.date, dt.date | None]:
    since = TODAY + dt.timedelta(days=rng.choice((-900, -1, 0, 1)))
    until = rng.choice((None, None, since + dt.timedelta(days=rng.choice((1, 2, 901)))))
    return rng.randrange(PEOPLE), rng.choice((*ROLES, "unknown")), rng.randrange(UNITS), since, until


@given(town=towns())
@settings(max_examples=EXAMPLES, deadline=None)
def test_nobody_may_anything_above_or_beside_their_subtree(town: Town) -> None:
    """For everybody and every permission: exactly the units under a post that is held today and gives it, and no other."""
    picture = town.picture()
    for person in range(PEOPLE):
        held = list(town.held(person))
        for permission in PERMISSIONS:
            may = {f"u{n}" for role, unit in held if grants(role, permission) for n in town.below(unit)}
            assert picture.scope(f"p{person}", permission, TODAY) == may
            for n in range(0, UNITS, 7):
                assert (picture.post_for(f"p{person}", permission, f"u{n}", TODAY) is not None) == (f"u{n}" in may)


@given(town=towns())
@settings(max_examples=EXAMPLES, deadline=None)
def test_nobody_sees_a_class_of_field_that_no_post_opens_there(town: Town) -> None:
    """Classes come from the posts that give the permission in that unit; an operator's post opens none, whatever it grants."""
    picture = town.picture()
    for person in range(PEOPLE):
        held = [(role, town.below(unit)) for role, unit in town.held(person)]
        for n in range(0, UNITS, 11):
            roles = [role for role, below in held if n in below and grants(role, "toys.view") and not role.operator]
            expected = frozenset(c for role in roles for c in role.classes)
            assert picture.classes(f"p{person}", "toys.view", f"u{n}", TODAY) == expected <= ALL


@given(town=towns(circles=True))
@settings(max_examples=EXAMPLES, deadline=None)
def test_circles_in_the_tree_neither_hang_nor_reach_beyond(town: Town) -> None:
    """Every way up ends at the root, goes by true parents until it does, and gives nobody more than the tree would."""
    picture = town.picture()
    for n in range(UNITS):
        path = picture.path(f"u{n}")
        assert len(set(path)) == len(path)
        assert path[-1] == picture.root == "u0"
        steps = [(int(a[1:]), int(b[1:])) for a, b in pairwise(path)]
        assert all(town.parents[a] == b for a, b in steps[:-1])
    for person in range(PEOPLE):
        may = {f"u{n}" for role, unit in town.held(person) if grants(role, "toys.view") for n in town.below(unit)}
        over_all = any(unit == 0 and grants(role, "toys.view") for role, unit in town.held(person))
        found = picture.scope(f"p{person}", "toys.view", TODAY)
        assert found == {f"u{n}" for n in range(UNITS)} if over_all else found <= may


def test_a_unit_whose_parent_is_gone_stands_under_the_root() -> None:
    """Whoever administers the root can give it another place."""
    units = [
        Unit("u0", "", "cell", None, TODAY),
        Unit("u1", "", "cell", "gone", TODAY),
        Unit("u2", "", "cell", "u1", TODAY),
    ]
    picture = Picture(units, [], ROLES)
    assert [picture.path(unit) for unit in ("u2", "u1", "u0", "gone")] == [
        ("u2", "u1", "u0"),
        ("u1", "u0"),
        ("u0",),
        (),
    ]


def test_a_post_is_answered_for_its_day() -> None:
    """What was answered yesterday is not answered today."""
    town = Town([0], [(0, "clerk", 0, TODAY, TODAY + dt.timedelta(days=1))])
    picture = town.picture()
    days = [TODAY + dt.timedelta(days=n) for n in (-1, 0, 1, 0)]
    assert [picture.post_for("p0", "toys.view", "u0", day) is not None for day in days] == [False, True, False, True]


def test_every_need_must_be_met() -> None:
    """All of them, in any order; no need stated is none met; an unknown unit is nobody's."""
    picture = Town([0, 0, 0], [(0, "clerk", 1, TODAY, None)]).picture()
    assert picture.check("p0", [("toys.capture", "u1")], TODAY) is not None
    for needs in (
        [("toys.capture", "u1"), ("toys.capture", "u2")],
        [("toys.approve", "u1")],
        [],
        [("toys.view", "u9")],
    ):
        with pytest.raises(Forbidden):
            picture.check("p0", needs, TODAY)


def test_everybody_may_act_on_themselves() -> None:
    """Without a post; on nobody else; and together with another need that one is asked too."""
    picture = Town([0], []).picture()
    assert picture.check("p1", [(SELF, "p1")], TODAY) is None
    for needs in ([(SELF, "p2")], [(SELF, "p1"), ("toys.view", "u0")]):
        with pytest.raises(Forbidden):
            picture.check("p1", needs, TODAY)


def test_in_a_box_nobody_writes_beside_their_cell(made: Sandbox) -> None:
    """Through the whole flow: a clerk of one cell makes no toy in another, nor in the committee, nor by a unit nobody knows."""
    one, two = made.unit("Chi bộ 1"), made.unit("Chi bộ 2")
    below = made.unit("Tổ 1", one)
    clerk = made.someone("clerk", one)
    for unit in (one, below):
        made.ask(Make(unit=unit, names=("a",)), actor=clerk)
    size = made.box.log.size
    for unit in (two, made.root, "0" * 32):
        with pytest.raises(Forbidden):
            made.ask(Make(unit=unit, names=("b",)), actor=clerk)
    for command in (CreateUnit(parent=one, name="Tổ 2", kind="cell", day=TODAY), _appoint(clerk, one)):
        with pytest.raises(Forbidden):
            made.ask(command, actor=clerk)
    assert made.box.log.size == size
    with made.reading() as read:
        assert read.count(Toy) == 2


def _appoint(person: str, unit: str) -> Appoint:
    return Appoint(person=person, role="clerk", unit=unit, day=TODAY)


def test_an_administrator_sees_no_persons_data(made: Sandbox) -> None:
    """IT appoints and operates; it captures nothing and no class of field is open to it."""
    picture = made.box.picture
    for permission in ("toys.view", "toys.capture", "toys.approve"):
        assert picture.scope(made.administrator, permission, TODAY) == set()
    assert picture.classes(made.administrator, "core.administer", made.root, TODAY) == frozenset()


def test_somebody_can_always_administer_the_box(made: Sandbox) -> None:
    """The last administrator's post is not ended; with a second one it may be; a post ends once, not before it began."""
    (post,) = made.box.picture.posts[made.administrator]
    with pytest.raises(Refused, match="Nobody else"):
        made.ask(EndPost(post=post.subject, day=TODAY))
    other = made.someone("administrator")
    with pytest.raises(Refused, match="before it began"):
        made.ask(EndPost(post=post.subject, day=TODAY - dt.timedelta(days=1)))
    made.ask(EndPost(post=post.subject, day=TODAY))
    with pytest.raises(Forbidden):
        made.unit("Chi bộ 1")
    with pytest.raises(Refused, match="Nothing would change"):
        made.ask(EndPost(post=post.subject, day=TODAY), actor=other)
    with pytest.raises(NotFound):
        made.ask(EndPost(post="0" * 32, day=TODAY), actor=other)
