"""Pictures of guests that somebody has sent and not filed yet."""

from litestar import Response
from litestar.params import FromPath
from msgspec import Struct

from chibox.plugin import Visit, form, page


class Picture(Struct, frozen=True):
    """A file on the desk."""

    name: str


@page("/picture")
def ask_picture(visit: Visit) -> Response[str]:
    """Asks for a file."""
    with visit.reading("picture"):
        return visit.render("guests/picture.html", here="Picture", form=visit.form())


@form("/picture", request_max_body_size=21 << 20)
async def picture(visit: Visit) -> Response[str]:
    """A file, asked for twice, as a draft."""
    await visit.file("picture")
    file = await visit.file("picture")
    if file is None:
        return Response("nothing", media_type="text/plain")
    draft = visit.drafts.begin("picture", Picture(name=file.name))
    visit.drafts.keep(draft, file.data)
    return Response(draft.id, media_type="text/plain")


@page("/picture/{draft:str}")
def show_picture(visit: Visit, draft: FromPath[str]) -> Response[bytes]:
    """The file of a draft."""
    return Response(visit.drafts.content(visit.drafts.get(draft, "picture")), media_type="application/octet-stream")


HANDLERS = (ask_picture, picture, show_picture)
