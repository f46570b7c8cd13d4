"""The evidence pack of a person: for whoever may know of them, and for the person themself."""

from typing import Any, Final

from litestar import Response
from litestar.params import FromPath

from chibox.errors import NotFound
from chibox.evidence.pack import may_have, pack
from chibox.site.routes import page
from chibox.site.visit import Visit

ZIP: Final = "application/zip"


@page("/evidence/{subject:str}")
def about(visit: Visit, subject: FromPath[str]) -> Response[str]:
    """What is in the pack, how it is checked, and the button."""
    with visit.reading("evidence") as look:
        if not may_have(look, subject):
            raise NotFound("Nothing is held about this person that this account may see.")
        look.show([subject])
        name = look.names([subject]).get(subject, "")
        mine = subject == visit.person
        return visit.render(
            "core/evidence.html", here=visit.say("Evidence pack"), subject=subject, name=name, mine=mine
        )


@page("/evidence/{subject:str}/pack")
def download(visit: Visit, subject: FromPath[str]) -> Response[bytes]:
    """The pack. Whoever is in it with content was read by it."""
    head = visit.office.box.publish()
    with visit.reading("evidence") as look:
        made = pack(look, head, subject)
        look.show(made.subjects | {subject})
        headers = {"Content-Disposition": f'attachment; filename="chung-cu-{head.size - 1}.zip"'}
        return Response(made.data, media_type=ZIP, headers=headers)


PAGES: Final[list[Any]] = [about, download]
