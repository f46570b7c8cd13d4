"""Checking a receipt, for anybody: typed from paper or as a file; and the whole box, for who runs or sees it."""

import threading
from http import HTTPStatus
from typing import Any, Final

from anyio import to_thread
from litestar import Response
from litestar.datastructures import UploadFile
from litestar.exceptions import TooManyRequestsException
from litestar.response import Redirect

from chibox.checking import claims
from chibox.checking.claims import LONGEST, Verdict
from chibox.checking.files import Checked, check_file
from chibox.checking.whole import NAME
from chibox.errors import Away, Invalid, NotFound, words
from chibox.office import Office
from chibox.site.routes import form
from chibox.site.visit import Visit, visit_of
from chibox.site.who import OPEN, who_of
from chibox.web import formats, handlers
from chibox.web.filling import Form
from chibox.web.locale import current, gettext
from chibox.web.render import AnyRequest, render

LARGEST: Final = 16 << 20  # of a receipt file: an act of five thousand entries has ten
_AGREEING: Final = 6  # signs; with fewer it is another root, with more a sign was misread
_one_file: Final = threading.Lock()  # the box has other things to do


@handlers.page("/check", opt={OPEN: True}, sync_to_thread=True)
def check(request: AnyRequest) -> Response[str]:
    """The page; with `number` and `root`, as a code on paper has them, with the answer."""
    query = request.query_params
    number, root = query.get("number", ""), query.get("root", "")
    typed = Form.blank(number=number, root=as_on_paper(root))
    if not number and not root:
        return _show(request, typed)
    office = _keep_pace(request, "claims")
    try:
        claim = claims.read_claim(number, root)
    except Invalid as refusal:
        typed.errors = refusal.fields
        return _show(request, typed)
    with office.box.database.reading() as connection:
        verdict = claims.judge(connection, claim)
    return _show(request, typed, verdict=verdict)


@handlers.form("/check/receipt", opt={OPEN: True}, request_max_body_size=LARGEST)
async def check_receipt(request: AnyRequest) -> Response[str]:
    """What the log says to a receipt file; one is looked at after another."""
    office = _keep_pace(request, "files")
    sent = await request.form()
    chosen = next((one for one in sent.getall("file", []) if isinstance(one, UploadFile) and one.filename), None)
    if chosen is None:
        wrong = Form.blank()
        wrong.errors = {"file": words("Choose the file of the receipt")}
        return await to_thread.run_sync(lambda: _show(request, Form.blank(), file=wrong))
    checked = await to_thread.run_sync(_checked, office, await chosen.read())
    return await to_thread.run_sync(lambda: _show(request, Form.blank(), checked=checked))


@form("/check/whole")
async def check_whole(visit: Visit) -> Response[Any]:
    """Asks for a check of the whole box; the page shows how far it is, and what came of it."""
    _demand(visit)
    work = visit.office.work
    if work is None:
        raise Away("Background work does not run: the box cannot check itself now.")
    await to_thread.run_sync(visit.office.whole.ask)
    await to_thread.run_sync(work.hint, f"core.{NAME}")
    return Redirect("/check", status_code=303)


def _demand(visit: Visit) -> None:
    if not (visit.may("core.view") or visit.may("core.operate")):
        raise NotFound("There is no such page for this account.")


def _keep_pace(request: AnyRequest, what: str) -> Office:
    """Raises TooManyRequestsException for who asks too often; whoever is signed in asks as often as they like."""
    office: Office = request.app.state.office
    address = request.client.host if request.client else ""
    if who_of(request) is None and not office.paces[what].take(address, office.box.clock.now()):
        raise TooManyRequestsException(headers={"Retry-After": "60"})
    return office


def _checked(office: Office, data: bytes) -> Checked:
    with _one_file, office.box.database.reading() as connection:
        return check_file(connection, data)


def as_on_paper(root: str) -> str:
    """A root from a code as paper has it; what somebody typed stays as it is."""
    return formats.signs(root.translate(str.maketrans("-_", "+/"))) if len(root) == LONGEST - 1 else root


def shown_number(position: int, generation: int) -> str:
    """A receipt number as the reader's language writes it, of a generation that need not be the current one."""
    shown = formats.number(position, current())
    return shown if generation == 1 else f"{shown}/{generation}"


def _show(
    request: AnyRequest,
    typed: Form,
    *,
    verdict: Verdict | None = None,
    checked: Checked | None = None,
    file: Form | None = None,
) -> Response[str]:
    file = file or Form.blank()
    context: dict[str, Any] = {
        "typed": typed, "file": file, "verdict": verdict, "checked": checked, "shown": shown_number, "close": _AGREEING,
        "least": claims.LEAST, "now": None, "last": None, "may_check": False,
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if typed.stopped or file.stopped else HTTPStatus.OK
    if who_of(request) is None:
        return render(request, "core/check.html", status=status, **context)
    visit = visit_of(request)
    if visit.may("core.view") or visit.may("core.operate"):
        context["may_check"] = True
        context["now"], context["last"] = visit.office.whole.read()
    return visit.render("core/check.html", here=gettext("Check"), status=status, **context)


PAGES: Final[list[Any]] = [check, check_receipt, check_whole]
