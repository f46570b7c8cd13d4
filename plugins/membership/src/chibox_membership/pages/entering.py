"""Adding a member by hand: every column of the national sheet, in groups."""

from typing import Any, Final

from litestar import Response

from chibox.plugin import Form, Taken, Visit, form, page, take, words
from chibox_membership.asking import Enter
from chibox_membership.labels import FIELDS
from chibox_membership.pages import fields, seeing

_LATER: Final = ("delete_requested",)  # nobody asks for the deletion of a member who is only just entered


@page("/enter")
def ask_entry(visit: Visit) -> Response[str]:
    """An empty form."""
    return _show(visit, visit.form())


@form("/enter")
async def enter(visit: Visit) -> Response[Any]:
    """The member enters the roll; the next page is the member's own."""
    return await take(
        visit,
        Enter,
        again=lambda asked: _show(visit, asked),
        to=lambda taken: f"/membership/{_entered(visit, taken)}",
        said=lambda taken: words("{name} was entered in the roll.", name=taken.command.full_name),
    )


HANDLERS: Final = (ask_entry, enter)


def _entered(visit: Visit, taken: Taken) -> str:
    with visit.reading("enter") as look:
        return look.entry(taken.answer.first).subject


def _show(visit: Visit, asked: Form) -> Response[str]:
    visit.demand(seeing.CAPTURE)
    with visit.reading("enter"):
        return visit.render(
            "membership/enter.html",
            frame=seeing.crumbs(visit, words("Add a member")),
            form=asked,
            sections=fields.sections(without=_LATER),
            cells=seeing.cells(visit, seeing.CAPTURE),
            labels=FIELDS,
        )
