"""Who may do what: today's posts along today's tree, as one immutable picture in memory."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from chibox.errors import Forbidden
from chibox.identity.classes import ClassName
from chibox.identity.roles import Role
from chibox.identity.tables import Post, identity
from chibox.organisation.tables import Unit, organisation
from chibox.records.core import CORE_RECORDS

Need = tuple[str, str]  # permission, unit
SELF = "self"  # as a permission: the actor acts on the subject that is himself (the second member is that person)
_posts = identity.tables[Post]
_units = organisation.tables[Unit]
SHAPING: Final = frozenset(
    {
        kind
        for p in (organisation, identity)
        for kind, folds in p.folds.items()
        if any(f.table in (_posts, _units) for f in folds)
    }
    | {record.KIND.name for record in CORE_RECORDS}
)
"""The kinds after which posts or tree may be others."""


class Picture:
    """Posts and tree as they stand. Immutable: build another when any entry of those kinds was appended."""

    def __init__(self, units: Iterable[Unit], posts: Iterable[Post], roles: Mapping[str, Role]) -> None:
        self.units = {u.subject: u for u in units}
        self.roles = roles
        self.posts: dict[str, list[Post]] = {}
        for post in posts:
            self.posts.setdefault(post.person, []).append(post)
        self.root = next((u.subject for u in self.units.values() if u.parent is None), "")
        self._paths: dict[str, tuple[str, ...]] = {}
        self._known: tuple[dt.date, dict[tuple[str, str, str], Post | None]] = (dt.date.min, {})

    @classmethod
    def load(cls, connection: sqlite3.Connection, roles: Mapping[str, Role], box: int = 1) -> "Picture":
        """The picture as the rows of this box say."""
        units = [row for _, row in _units.all(connection, box).values()]
        return cls(units, [row for _, row in _posts.all(connection, box).values()], roles)

    def path(self, unit: str) -> tuple[str, ...]:
        """The unit and everything above it, up to the root.

        A tree must be made of any log: a unit whose way up comes round in a circle, or ends nowhere, stands under the root from
        there on, so that whoever administers the root can move it.
        """
        known = self._paths.get(unit)
        if known is None:
            path: list[str] = []
            at: str | None = unit
            while at in self.units and at not in path:
                path.append(at)
                at = self.units[at].parent
            if at is not None and path:
                path[path.index(at) + 1 if at in path else len(path) :] = [self.root]
            known = self._paths[unit] = tuple(path)
        return known

    def held(self, person: str, day: dt.date) -> list[Post]:
        """The posts that a person holds on `day`."""
        return [p for p in self.posts.get(person, ()) if p.holds(day) and p.role in self.roles]

    def post_for(self, person: str, permission: str, unit: str, day: dt.date) -> Post | None:
        """The post by which a person may do `permission` in `unit` today, or None."""
        answers = self._known
        if answers[0] != day:  # what was answered for another day is let go
            answers = self._known = (day, {})
        known, asked = answers[1], (person, permission, unit)
        if asked not in known:
            if unit not in self.units:
                return None
            path = self.path(unit)
            posts = (p for p in self.held(person, day) if p.unit in path and self.roles[p.role].permits(permission))
            known[asked] = next(posts, None)
        return known[asked]

    def check(self, person: str, needs: Collection[Need], day: dt.date) -> Post | None:
        """The post under which all needs are met (the first one's). Raises Forbidden when one is not, or none is stated."""
        first: Post | None = None
        if not needs:
            raise Forbidden("You hold no post that may do this here.")
        for permission, where in needs:
            if permission == SELF:
                if where != person:
                    raise Forbidden("Only the person concerned may do this.")
                continue
            post = self.post_for(person, permission, where, day)
            if post is None:
                raise Forbidden("You hold no post that may do this here.")
            first = first or post
        return first

    def scope(self, person: str, permission: str, day: dt.date) -> set[str]:
        """Every unit in which a person may do `permission` today."""
        return {unit for unit in self.units if self.post_for(person, permission, unit, day) is not None}

    def classes(self, person: str, permission: str, unit: str, day: dt.date) -> frozenset[ClassName]:
        """The classes of field that a person may see in `unit` by the posts that give `permission` there."""
        path = self.path(unit)
        found: set[ClassName] = set()
        for post in self.held(person, day):
            role = self.roles[post.role]
            if post.unit in path and unit in self.units and role.permits(permission) and not role.operator:
                found |= role.classes
        return frozenset(found)
