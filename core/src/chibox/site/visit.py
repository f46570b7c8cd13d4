"""A visit: one request of one signed-in person, and the only door by which a page reads, changes and shows anything."""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar import Request, Response

from chibox.clock import day as day_at
from chibox.drafts.draft import File
from chibox.drafts.drafts import Drafts
from chibox.drafts.uploads import Uploads
from chibox.errors import Invalid, NotFound
from chibox.identity import purposes
from chibox.identity.access import Later
from chibox.identity.accounts import NotSignedIn
from chibox.identity.classes import ClassName
from chibox.identity.delays import delays_of
from chibox.identity.tables import Post
from chibox.office import Office
from chibox.site.looking import Looking
from chibox.site.sent import sent_file
from chibox.site.who import Who, who_of
from chibox.web import typed
from chibox.web.filling import Form
from chibox.web.forms import parse
from chibox.web.locale import current, gettext
from chibox.web.page import Crumb
from chibox.web.render import render

T = TypeVar("T", bound=msgspec.Struct)
CORE: Final = "core"


class AsOn(msgspec.Struct, frozen=True):
    """The day that a page is asked for (None: today); `known`: only what had been recorded by the end of that day."""

    day: dt.date | None = None
    known: bool = False


class Visit:
    """Who visits, by which posts, today; everything a page does goes through here. Posts are those of its beginning."""

    def __init__(self, request: Request[Any, Any, Any], office: Office, who: Who) -> None:
        self.request, self.office, self.who = request, office, who
        self.person = who.person
        self.picture = office.box.picture
        self.now = office.box.clock.now()
        self.today = day_at(self.now)
        self.posts: Sequence[Post] = self.picture.held(who.person, self.today)
        self._looking: Looking | None = None
        self.area = area_of(request)
        self.drafts = Drafts(office.drafts, self.area, self.person, office.box.clock.now)
        self.uploads = Uploads(office.drafts, self.person, office.box.clock.now)

    @property
    def sees_people(self) -> bool:
        """Whether any post opens data about others: none of IT does, and without a post one sees oneself only."""
        return any(not self.picture.roles[post.role].operator for post in self.posts)

    @property
    def purpose(self) -> str:
        """For what the visitor reads: as chosen, or as usual for their posts.

        `inspection` counts for the persons for whom they read by a delay; about anybody else they read for the usual purpose.
        """
        return self._chosen or self.usual_purpose

    @property
    def usual_purpose(self) -> str:
        """The purpose that goes with the visitor's posts."""
        return purposes.usual(post.role for post in self.posts)

    @property
    def _chosen(self) -> str | None:
        return None if self.who.session is None else self.who.session.purpose

    def may(self, permission: str, unit: str | None = None) -> bool:
        """Whether a post of the visitor gives `<area>.<scope>` in `unit`, or somewhere."""
        if unit is None:
            return any(self.picture.roles[post.role].permits(permission) for post in self.posts)
        return self.picture.post_for(self.person, permission, unit, self.today) is not None

    def demand(self, permission: str, unit: str | None = None) -> None:
        """Raises NotFound where the visitor may not: what is not theirs is not there for them."""
        if not self.may(permission, unit):
            raise NotFound("There is no such page for this account.")

    def units(self, permission: str) -> set[str]:
        """Every unit in which the visitor may: nobody sees above or beside their part of the tree."""
        return self.picture.scope(self.person, permission, self.today)

    @cached_property
    def own_units(self) -> frozenset[str]:
        """Every unit at or below one in which the visitor holds a post, whatever it is."""
        held = {post.unit for post in self.posts}
        return frozenset(unit for unit in self.picture.units if held.intersection(self.picture.path(unit)))

    def classes(self, unit: str, permission: str = "") -> frozenset[ClassName]:
        """The classes of field that the visitor may see in `unit`."""
        return self.picture.classes(self.person, permission or f"{self.area}.view", unit, self.today)

    @contextmanager
    def reading(self, page: str, *, purpose: str = "", field: str | None = None) -> Iterator[Looking]:
        """A snapshot to show a page from; who was shown stands in the access log when the block ends, however it ends.

        Render inside the block. `field`: the masked value that the visitor asked for. When the access log cannot be
        written, this raises, and the page is not sent.
        """
        if self._looking is not None:
            raise RuntimeError("a page reads in one block: a second snapshot inside it might wait for ever")
        with self.office.box.database.reading() as connection:
            looking = self._looking = Looking(connection, self)
            purpose = purpose or self.purpose
            if purpose == purposes.INSPECTION:
                for delay in delays_of(looking, self.person):
                    looking.tell_later(delay.person, Later(delay.subject, delay.until))
            try:
                yield looking
            finally:
                self._looking = None
                self._note(looking, page, purpose, field)

    def _note(self, looking: Looking, page: str, purpose: str, field: str | None) -> None:
        """One line of the access log; one more for each delay by which some of those who were shown are told later."""
        at_once = self.usual_purpose if purpose == purposes.INSPECTION else purpose
        for later, subjects in looking.told_when().items():
            self.office.access.write(
                time=self.now, person=self.person, purpose=at_once if later is None else purposes.INSPECTION,
                page=f"{self.area}.{page}", subjects=subjects, field=field, later=later,
            )  # fmt: skip

    @contextmanager
    def glancing(self) -> Iterator[Looking]:
        """The snapshot that is open, or one of its own that may show nobody: for the frame of the page."""
        if self._looking is not None:
            yield self._looking
            return
        with self.office.box.database.reading() as connection:
            yield Looking(connection, self, noted=False)

    def new_act(self) -> str:
        """A fresh id for the act of a form."""
        return os.urandom(16).hex()

    def form(self, looking: Looking | None = None, subject: str | None = None, **values: Any) -> Form:
        """A form to show, with its act; with the last position of `subject`, when its command is about one."""
        seen = None if looking is None or subject is None else looking.last(subject)
        return Form.blank(self.new_act(), seen, **values)

    async def file(self, name: str) -> File | None:
        """What the form's file field `name` sent, with the form or before it by pieces; None when nothing was chosen.

        It can be asked again, beside `take` too. Raises Invalid, naming the field, when the file has not come whole or
        was sent more than a day ago.
        """
        return await sent_file(self.request, self.uploads, name)

    def query(self, shape: type[T], *beside: str) -> T:
        """The query of the address as a Struct, read as a form is. Raises Invalid."""
        return parse(shape, self.request.query_params, beside=("day", "known", *beside)).value

    def as_on(self) -> AsOn:
        """The day that the address asks for. Raises Invalid for one that cannot be read, NotFound for one to come."""
        text = self.request.query_params.get("day", "").strip()
        if not text:
            return AsOn()
        asked = typed.date(text)
        if asked > self.today:
            raise Invalid("This day has not come yet.")
        return AsOn(asked, bool(self.request.query_params.get("known")))

    def render(
        self,
        template: str,
        /,
        *,
        here: str = "",
        via: Sequence[Crumb] = (),
        unit: str | None = None,
        status: int = 0,
        **context: Any,
    ) -> Response[str]:
        """The page as an answer. `here` ends the path: party organisations down to `unit` (none: the box's own), pages `via`.

        A `form` in the context that has to be mended makes the status 422.
        """
        form = context.get("form")
        stopped = isinstance(form, Form) and form.stopped
        path = self.crumbs(unit)
        crumbs = (*path, *via, Crumb(here)) if here else (*path[:-1], Crumb(path[-1].label))
        frame = {"crumbs": crumbs, **context.pop("frame", {})}
        return render(
            self.request,
            template,
            status=status or (422 if stopped else 200),
            frame=frame,
            visit=self,
            unit=unit,
            **context,
        )

    def crumbs(self, unit: str | None = None) -> tuple[Crumb, ...]:
        """The path from the top to `unit`; a step leads somewhere when it is open to the visitor."""
        path = [u for u in reversed(self.picture.path(unit or self.picture.root)) if u in self.picture.units]
        above = [Crumb(self.office.above)] if self.office.above else []
        steps = [Crumb(self.picture.units[u].name, f"/units/{u}" if u in self.own_units else "") for u in path]
        return (*above, *steps)

    @property
    def language(self) -> str:
        """The language in which the visitor reads: vi or en."""
        return current()

    def say(self, msgid: str, /, **params: Any) -> str:
        """The sentence in the visitor's language."""
        return gettext(msgid, **params)


def area_of(request: Request[Any, Any, Any]) -> str:
    """The plugin whose page it is; core's own for an address that is no page."""
    handler = cast("dict[str, Any]", request.scope).get("route_handler")
    return CORE if handler is None else str(handler.opt.get("area", CORE))


def visit_of(request: Request[Any, Any, Any]) -> Visit:
    """The visit of this request, one for all who ask for it. Raises NotSignedIn when nobody asks."""
    known = request.state.get("visit")
    if known is None:
        who = who_of(request)
        if who is None:
            raise NotSignedIn("Not signed in")
        known = request.state["visit"] = Visit(request, request.app.state.office, who)
    return cast("Visit", known)
