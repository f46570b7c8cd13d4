"""The line at the foot of every printed page: a style of its own, because only a style can number pages."""

import re
from typing import Final

from litestar import MediaType, Response

from chibox.errors import NotFound
from chibox.web import formats
from chibox.web.handlers import page
from chibox.web.locale import gettext
from chibox.web.render import AnyRequest

_NUMBER: Final = re.compile(r"[0-9.,]{1,24}(?:/[0-9]{1,9})?\Z")
_CODE: Final = re.compile(r"[A-Za-z0-9+/]{1,44}\Z")
_AT: Final = re.compile(r"[0-9]{1,14}\Z")
_PAGE: Final = "\x00"
_FACE: Final = '10pt "Times New Roman","Liberation Serif",serif'


@page("/-/foot.css", media_type=MediaType.CSS, exclude_from_auth=True, sync_to_thread=False)
def foot(request: AnyRequest) -> Response[str]:
    """The style for a sheet: where the log stood, page x/y, when it was printed. All of it comes from the address.

    Raises NotFound for an address that no page of ours has: nothing else gets into a style.
    """
    asked = request.query_params
    number, code, at = asked.get("number", ""), asked.get("code", ""), asked.get("at", "")
    if not (_NUMBER.match(number) and _CODE.match(code) and _AT.match(at)):
        raise NotFound("There is no such page for this account.")
    said = gettext(
        "Log {number} · {code} · page {page} · printed {when}",
        number=number, code=code, page=_PAGE, when=formats.moment(int(at)),
    )  # fmt: skip
    before, _, after = said.partition(_PAGE)
    line = f'{_quoted(before)} counter(page) "/" counter(pages) {_quoted(after)}'
    style = f"@page sheet{{@bottom-left{{content:{line};white-space:pre;font:{_FACE}}}}}\n"
    return Response(style, media_type=MediaType.CSS, headers={"Cache-Control": "private, max-age=3600"})


def _quoted(text: str) -> str:
    """A text as a style has it: whatever is no letter, digit or blank by its number, which ends with a blank of its own."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in text) + '"'
