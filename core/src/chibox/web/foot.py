"""The lines at the foot of every printed page: a style of its own, because only a style can number pages."""

import re
from typing import Final

from litestar import MediaType, Response

from chibox.errors import NotFound
from chibox.web import formats
from chibox.web.codes import check_address, drawn
from chibox.web.handlers import page
from chibox.web.locale import gettext
from chibox.web.render import AnyRequest

_NUMBER: Final = re.compile(r"[0-9.,]{1,24}(?:/[0-9]{1,9})?\Z")
_ROOT: Final = re.compile(r"(?:[A-Za-z0-9+/]{43}=)?\Z")
_AT: Final = re.compile(r"[0-9]{1,14}\Z")
_PAGE: Final = "\x00"
# Letters that look alike in print (l, I, 1, O, 0) are told apart by a typewriter's face. 9pt: 44 signs in groups take 12 cm.
_FACE: Final = '9pt/1.4 "Liberation Mono","Courier New",monospace'
_CODE: Final = "14mm"  # 1 mm below the text, and 5 mm above the edge, where most printers print nothing
_QUIET: Final = 1  # module; the margin around it is white as well


@page("/-/foot.css", media_type=MediaType.CSS, exclude_from_auth=True, sync_to_thread=False)
def foot(request: AnyRequest) -> Response[str]:
    """The style for a sheet: where the log stood, its root, a code that leads to the check of both, page x/y, when printed.

    All of it comes from the address, and the host by which the reader has reached the box. Raises NotFound for an address
    that no page of ours has: nothing else gets into a style. Without a root (the box gives none out) there is no code.
    """
    asked = request.query_params
    number, root, at = asked.get("number", ""), asked.get("root", ""), asked.get("at", "")
    if not (_NUMBER.match(number) and _ROOT.match(root) and _AT.match(at)):
        raise NotFound("There is no such page for this account.")
    said = gettext(
        "Log {number} · page {page} · printed {when}", number=number, page=_PAGE, when=formats.moment(int(at))
    )
    before, _, after = said.partition(_PAGE)
    line = f'{_quoted(before)} counter(page) "/" counter(pages) {_quoted(after)}'
    code = ""
    if root:
        line += f' "\\A " {_quoted(gettext("Root {root}", root=formats.signs(root)))}'
        picture = drawn(check_address(_base(request), _bare(number), root), border=_QUIET, size=_CODE)
        code = f'@bottom-right{{content:url("{picture}");vertical-align:top;padding-top:1mm}}'
    text = f"@bottom-left{{content:{line};white-space:pre;vertical-align:top;padding-top:3mm;font:{_FACE}}}"
    style = f"@page sheet{{{text}{code}}}\n"
    return Response(style, media_type=MediaType.CSS, headers={"Cache-Control": "private, max-age=3600"})


def _base(request: AnyRequest) -> str:
    https = request.url.scheme == "https" or request.app.state.get("https", False)
    return f"{'https' if https else 'http'}://{request.headers.get('host', '')}"


def _bare(number: str) -> str:
    return re.sub(r"[.,]", "", number)


def _quoted(text: str) -> str:
    """A text as a style has it: whatever is no letter, digit or blank by its number, which ends with a blank of its own."""
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\{ord(c):06x} " for c in text) + '"'
