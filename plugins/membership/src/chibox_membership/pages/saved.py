"""Filters that a person keeps under a name, for themselves: on the list as links, kept until they are taken away."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.plugin import Form, Invalid, Refused, Unclean, Visit, clean, form, page, parse, words
from chibox_membership.listing import State, Wanted
from chibox_membership.pages import seeing

KIND: Final = "filter"
MOST: Final = 20
"""So many filters a person keeps."""
_LONGEST: Final = 60
_FIELDS: Final = ("q", "cell", "state")


class Saved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A filter with its name."""

    name: str
    q: str | None = None
    cell: str | None = None
    state: State | None = None


@page("/filters")
def filters(visit: Visit) -> Response[str]:
    """What is kept, each with a button to take it away."""
    seeing.scope(visit)
    with visit.reading("filters"):
        return visit.render(
            "membership/filters.html", frame=seeing.crumbs(visit, words("Saved filters")), kept=kept(visit)
        )


@page("/filters/new")
def ask_name(visit: Visit) -> Response[str]:
    """How the filter of the address is to be called."""
    return _ask(visit, Form.blank())


@form("/filters/new")
async def save(visit: Visit) -> Response[Any]:
    """The filter is kept; the list shows it by its name."""
    sent = await visit.request.form()
    seeing.scope(visit)
    wanted = seeing.asked(visit, Wanted)
    _demand_filter(wanted)
    asked = {field: getattr(wanted, field) for field in _FIELDS}
    try:
        found = parse(Saved, _Named(sent, asked)).value
        found = msgspec.structs.replace(found, name=_name(visit, found.name))
    except Refused as refusal:
        return _ask(visit, Form.refused(sent, refusal))
    visit.drafts.begin(KIND, found, days=None)
    return Redirect(_address(found), status_code=303)


@form("/filters/{draft:str}/drop")
async def drop(visit: Visit, draft: FromPath[str]) -> Response[Any]:
    """The filter is no longer kept; nothing else changes."""
    visit.drafts.drop(visit.drafts.get(draft, KIND))
    return Redirect("/membership/filters", status_code=303)


HANDLERS: Final = (filters, ask_name, save, drop)


def kept(visit: Visit) -> list[tuple[str, str, str]]:
    """The visitor's filters by name: id, name, address of the list."""
    found = [(draft.id, draft.state(Saved)) for draft in visit.drafts.all(KIND)]
    return [(key, one.name, _address(one)) for key, one in sorted(found, key=lambda pair: pair[1].name)]


def named(filters: list[tuple[str, str, str]], wanted: Wanted) -> str:
    """The name under which just this filter is kept; empty for one that is not."""
    here = _address(wanted)
    return next((name for _, name, address in filters if address == here), "")


def _address(one: Saved | Wanted) -> str:
    asked = [(field, value) for field in _FIELDS if (value := getattr(one, field))]
    return "/membership/" + (f"?{urlencode(asked)}" if asked else "")


def _name(visit: Visit, name: str) -> str:
    """The name, cleaned. Raises Invalid for one that is too long or another filter's."""
    try:
        name = clean(name)
    except Unclean as unclean:
        raise Invalid(unclean.words.msgid, fields={"name": unclean.words}, **unclean.words.params) from None
    wrong = None
    if len(name) > _LONGEST:
        wrong = words("At most {most} characters are kept; this has {count}.", most=_LONGEST, count=len(name))
    elif any(name == other for _, other, _ in kept(visit)):
        wrong = words("Another filter has this name already.")
    elif len(kept(visit)) >= MOST:
        wrong = words("At most {most} filters are kept. Take one away first.", most=MOST)
    if wrong is not None:
        raise Invalid(wrong.msgid, fields={"name": wrong}, **wrong.params)
    return name


def _demand_filter(wanted: Wanted) -> None:
    """Raises Refused for a list of everybody."""
    if not any(getattr(wanted, field) for field in _FIELDS):
        raise Refused("The list is not narrowed by anything: there is no filter to keep.")


def _ask(visit: Visit, asked: Form) -> Response[str]:
    from chibox_membership.pages.roll import filters_of  # noqa: PLC0415 - the list shows what is kept, this page what it is

    seeing.scope(visit)
    wanted = seeing.asked(visit, Wanted)
    _demand_filter(wanted)
    narrowed = [sentence for _, sentence in filters_of(visit, wanted)]
    with visit.reading("filters"):
        return visit.render(
            "membership/save_filter.html", frame=seeing.crumbs(visit, words("Save this filter")), form=asked,
            narrowed=narrowed, back=_address(wanted),
        )  # fmt: skip


class _Named:
    """The form's name with the filter of the address."""

    def __init__(self, sent: Any, asked: dict[str, Any]) -> None:
        self._sent, self._asked = sent, asked

    def items(self) -> Any:
        """Every name with its value."""
        return [*self._sent.items(), *((field, value) for field, value in self._asked.items() if value)]
