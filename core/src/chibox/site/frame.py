"""The frame of every page: whose box, who visits, where they may go, what has just happened, how the box is."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request

from chibox import __version__
from chibox.office import Office
from chibox.site.dues import Dues
from chibox.site.said import band
from chibox.site.visit import Visit, visit_of
from chibox.site.who import who_of
from chibox.web import formats
from chibox.web.locale import gettext
from chibox.web.page import Act, Band, NavEntry, Page

AnyRequest = Request[Any, Any, Any]
_PLACES: Final = ("work", "box")
_HOME: Final = "/"


class Frame:
    """Makes the `Page` around what a handler renders."""

    def __init__(self, office: Office, dues: Dues) -> None:
        self._office, self._dues = office, dues
        entries = [(name, entry) for name, some in office.box.plugins.each("nav") for entry in some]
        self._nav = sorted(entries, key=lambda e: (_PLACES.index(e[1].place), e[1].weight, e[1].word))

    def __call__(self, request: AnyRequest) -> Page:
        """The frame for whoever asks; a bare one for nobody."""
        box, settings = self._office.box, self._office.box.settings
        root = box.picture.units.get(box.picture.root)
        bare = Page(
            unit=root.name if root else box.name, demo=self._office.is_demo, helper=settings.help_name,
            phone=settings.help_phone, version=__version__, bands=self._state(),
        )  # fmt: skip
        if who_of(request) is None:
            return bare
        visit = visit_of(request)
        with visit.glancing() as looking:
            person = looking.names([visit.person]).get(visit.person, "")
            counts = self._dues.counts(visit, looking)
        told = band(visit)
        return Page(
            unit=bare.unit, demo=bare.demo, helper=bare.helper, phone=bare.phone, version=bare.version, person=person,
            post=", ".join(dict.fromkeys(gettext(box.roles[post.role].label) for post in visit.posts)),
            nav=tuple(self._entries(visit, counts)), current=self._current(request.url.path),
            bands=(*bare.bands, *self._stopped(visit.area), *((told,) if told else ())), sign_out="/sign-out", today=visit.today,
            links=(Act(gettext("My settings"), "/settings"), Act(gettext("Who has read my file"), "/seen")),
        )  # fmt: skip

    def _state(self) -> tuple[Band, ...]:
        """What everyone has to know on every page: that the box takes nothing new."""
        stopped = self._office.box.stopped
        if stopped is None:
            return ()
        strong = gettext("Since {since} the box takes nothing new.", since=formats.moment(stopped.since))
        text = gettext("{why} Reading and printing work. Nothing that had a receipt number is lost.", why=stopped.words)
        return (Band("bad", strong, text, Act(gettext("What happens now"), "/signing")),)

    def _stopped(self, area: str) -> tuple[Band, ...]:
        """What the pages of a plugin have to say when a table of its has stopped."""
        if not any(projection.plugin == area for projection in self._office.box.engine.stopped):
            return ()
        strong = gettext("The tables behind this page have stopped.")
        return (Band("bad", strong, gettext("It shows what was there before; the log has all of it.")),)

    def _entries(self, visit: Visit, counts: Mapping[str, int]) -> list[NavEntry]:
        """The first page counts all that is due, the first line of a plugin what is due there."""
        open_ = [(name, e) for name, e in self._nav if e.permission is None or visit.may(e.permission)]
        first = dict(reversed(open_))
        found = []
        for name, entry in open_:
            count = (
                sum(counts.values()) if entry.address == _HOME else counts.get(name, 0) if entry is first[name] else 0
            )
            found.append(NavEntry(entry.address, gettext(entry.word), entry.address, entry.place, count))
        if visit.may("core.operate"):
            broken = self._office.box.plugins.broken
            found += [NavEntry(one.name, one.name, "/plugins", "box", broken=True) for one in broken]
        return found

    def _current(self, path: str) -> str:
        """The entry whose address the path begins with, the longest."""
        path = path.rstrip("/")  # litestar takes the last slash away; an entry may have it
        fitting = [e.address for _, e in self._nav if f"{path}/".startswith(e.address.rstrip("/") + "/")]
        return max((a for a in fitting if a != "/" or not path), key=len, default="")
