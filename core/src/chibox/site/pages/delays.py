"""Reading for an inspection: asked by one person, agreed by another; what is read by it the person read is told later."""

import datetime as dt
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.commands import Command
from chibox.errors import Away, Forbidden, Invalid, NotFound, Refused, Words, words
from chibox.identity.access import Later
from chibox.identity.delaying import AGREE, ASK, AgreeDelay, DelayReadings, EndDelay, parties, to_agree
from chibox.identity.delays import MOST_DAYS, Delay
from chibox.identity.service import ROLE
from chibox.identity.tables import Person
from chibox.site.asking import ask
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.text import name_order
from chibox.web.filling import Form
from chibox.web.forms import parse
from chibox.web.page import Crumb

REASONS: Final[dict[str, Words]] = {
    "inspection": words("Inspection when there are signs of violation"),
    "supervision": words("Supervision"),
    "denunciation": words("Settling a denunciation"),
    "discipline_complaint": words("Settling a complaint about discipline"),
}
_DONE: Final[dict[str, Words]] = {
    "asked": words("Asked. A second person has to agree before it counts."),
    "agreed": words("Agreed. The reader can now choose this purpose under “My settings”."),
    "ended": words("Ended. What it held back is told from tomorrow on."),
}


class Shown(msgspec.Struct, frozen=True):
    """A delay as the page shows it. `form`: by which the visitor may agree or end it, None: neither."""

    delay: Delay
    person: str
    reader: str
    asked_by: str
    agreed_by: str
    reason: Words
    may_agree: bool
    form: Form | None


@page("/delays")
def delays(visit: Visit) -> Response[str]:
    """Those that wait for the visitor as the second person, and those that they have to do with; never one about themselves."""
    return _show(visit)


@page("/delays/new/{person:str}")
def new(visit: Visit, person: FromPath[str]) -> Response[str]:
    """Asks for whom, why, until when."""
    return _new(visit, person, visit.form(reader=visit.person, reason="inspection"))


@form("/delays/new/{person:str}")
async def asking(visit: Visit, person: FromPath[str]) -> Response[Any]:
    """The first of the two."""
    again = lambda filled: _new(visit, person, filled)  # noqa: E731 - shown again by whichever thread
    return await _take(visit, DelayReadings, {"person": person}, "asked", again)


@form("/delays/{delay:str}/agree")
async def agreeing(visit: Visit, delay: FromPath[str]) -> Response[Any]:
    """The second of the two."""
    return await _take(visit, AgreeDelay, {"asked": delay}, "agreed", lambda filled: _show(visit, filled))


@form("/delays/{delay:str}/end")
async def ending(visit: Visit, delay: FromPath[str]) -> Response[Any]:
    """Before its day."""
    return await _take(visit, EndDelay, {"delay": delay}, "ended", lambda filled: _show(visit, filled))


async def _take(visit: Visit, shape: type[Command], given: dict[str, str], done: str, again: Any) -> Response[Any]:
    """Ask the box, and go to the list; nothing here can be taken back, so no page offers it."""
    sent = await visit.request.form()
    whole = {**{name: value for name, value in sent.items() if name not in given}, **given}
    try:
        filled = parse(shape, whole)
        if filled.act is None:
            raise Invalid("The number of this page cannot be read; open the page again")
        await ask(visit, filled.value, filled.act, seen=filled.seen)
    except (Forbidden, NotFound):
        raise
    except (Refused, Away) as refusal:
        refused = Form.refused(sent, refusal)
        answer: Response[str] = await to_thread.run_sync(lambda: again(refused))
        return answer
    return Redirect("/delays", query_params={"done": done}, status_code=303)


def _show(visit: Visit, form: Form | None = None) -> Response[str]:
    with visit.reading("delays") as look:
        if not any(visit.may(permission, visit.picture.root) for permission in (ASK, AGREE)) and not _own(visit, look):
            raise NotFound("There is no such page for this account.")
        found = _found(visit, look)
        names = look.names({id_ for one in found for id_ in (one.person, *parties(one))})
        for one in found:
            look.tell_later(one.person, Later(one.subject, one.until))
        if visit.sees_people:
            look.show(one.person for one in found)
        done = _DONE.get(visit.request.query_params.get("done", ""))
        return visit.render(
            "core/delays.html", here=visit.say("Reading for an inspection"), done=done, form=form or Form.blank(),
            waiting=[_shown(visit, look, one, names) for one in found if one.waits(visit.today)],
            running=[_shown(visit, look, one, names) for one in found if one.runs(visit.today)],
            over=[_shown(visit, look, one, names) for one in found if one.last < visit.today],
        )  # fmt: skip


def _own(visit: Visit, look: Looking) -> list[Delay]:
    mine = look.found(Delay, "(reader=? OR asked_by=? OR agreed_by=?)", (visit.person,) * 3)
    return [one for one in mine if one.person != visit.person]


def _found(visit: Visit, look: Looking) -> list[Delay]:
    found = {one.subject: one for one in _own(visit, look)}
    if visit.may(AGREE, visit.picture.root):
        found |= {one.subject: one for one in to_agree(look, visit.person)}
    return sorted(found.values(), key=lambda one: (one.last, one.subject), reverse=True)


def _shown(visit: Visit, look: Looking, one: Delay, names: dict[str, str]) -> Shown:
    may_agree = (
        one.waits(visit.today)
        and visit.may(AGREE, visit.picture.root)
        and visit.person not in (one.asked_by, one.reader, one.person)
    )
    may_end = one.last > visit.today and visit.person in parties(one)
    form = visit.form(look, one.subject) if may_agree or may_end else None
    return Shown(
        one, names.get(one.person, one.person), names.get(one.reader, ""), names.get(one.asked_by, ""),
        names.get(one.agreed_by or "", ""), REASONS.get(one.reason, words("another reason")), may_agree, form,
    )  # fmt: skip


def _new(visit: Visit, person: str, form: Form) -> Response[str]:
    visit.demand(ASK, visit.picture.root)
    with visit.reading("delays") as look:
        name = look.names([person]).get(person)
        if name is None or person == visit.person:
            raise NotFound("There is no such person.")
        latest = visit.today + dt.timedelta(days=look.rule(MOST_DAYS).value)
        look.tell_later(person, Later(None, latest))
        look.show([person])
        rows = [row for row in look.rows(Person, look.select(Person)) if row.subject != person and _reads(visit, row)]
        names = look.names({row.subject for row in rows})
        readers = [
            (row.subject, names[row.subject]) for row in sorted(rows, key=lambda r: name_order(names[r.subject]))
        ]
        return visit.render(
            "core/delay_new.html", here=visit.say("Read for an inspection"), form=form, name=name, person=person,
            via=(Crumb(visit.say("Reading for an inspection"), "/delays"),), readers=readers, latest=latest,
            reasons=[(reason, visit.say(said.msgid)) for reason, said in REASONS.items()],
        )  # fmt: skip


def _reads(visit: Visit, row: Person) -> bool:
    """Whether somebody holds a post by which people are read."""
    posts = visit.picture.held(row.subject, visit.today)
    return any(post.role != ROLE and not visit.picture.roles[post.role].operator for post in posts)


PAGES: Final[list[Any]] = [delays, new, asking, agreeing, ending]
