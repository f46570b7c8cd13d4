"""The handlers of the sample, its frame, and a few that fail."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from litestar import Litestar, Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from chibox.errors import Away, Forbidden, Invalid, NotFound, Refused, words
from chibox.web.components import samples
from chibox.web.filling import Form
from chibox.web.forms import NEEDED, parse
from chibox.web.handlers import form, page
from chibox.web.page import Act, Band, Crumb, NavEntry, Page
from chibox.web.render import AnyRequest, Pages, render
from chibox.web.site import Site

ACT = "a" * 32
TODAY = dt.date(2026, 12, 3)
CELLS = [("dong", "thôn Đông"), ("pk", "Pá Khoang")]
PLANTED = "Lò Văn Kín"
LOOKS: dict[str, int] = {}


class Add(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A command with a field of each common kind."""

    name: Annotated[str, msgspec.Meta(min_length=2, max_length=80, extra={NEEDED: words("State the full name")})]
    born: dt.date
    kind: Literal["official", "probationary"]
    seen_paper: bool = False


def frame(_request: AnyRequest) -> Page:
    """The frame of a clerk's page."""
    return Page(
        unit="Đảng bộ xã Sao Mai",
        person="Nguyễn Thị Lụa",
        post="Ban Xây dựng Đảng",
        nav=(
            NavEntry("due", "Việc cần làm", "/", count=7),
            NavEntry("people", "Đảng viên", "/people"),
            NavEntry("health", "Tình trạng hộp", "/-/health", "box"),
            NavEntry("shelf", "Tủ sách", "/shelf", "box", broken=True),
        ),
        current="people",
        crumbs=(Crumb("Đảng bộ tỉnh Lam Sơn", "/up"), Crumb("Đảng bộ xã Sao Mai", "/"), Crumb("Đảng viên")),
        links=(Act("Ai đã xem hồ sơ của tôi", "/mine"),),
        today=TODAY,
        helper="đồng chí Hà Thị Yên, hạt nhân số",
        phone="0987000111",
        sign_out="/sign-out",
        version="26.12",
    )


@page("/people", sync_to_thread=False)
def people(request: AnyRequest) -> Response[str]:
    """A list, narrowed by a part of a name."""
    asked = request.query_params.get("q", "").casefold()
    found = [one for one in samples()["people"] if asked in one["name"].casefold()]
    query = {name: [request.query_params.get(name, "")] for name in ("q", "where")}
    return render(request, "sample/people.html", people=found, cells=CELLS, form=Form(query))


@page("/job", sync_to_thread=False)
def job(request: AnyRequest) -> Response[str]:
    """A job that is a step further each time one looks; its name is in the address."""
    name = request.query_params.get("name", "")
    LOOKS[name] = LOOKS.get(name, 0) + 1
    return render(request, "sample/job.html", done=LOOKS[name], total=4)


@page("/sheet", sync_to_thread=False)
def sheet(request: AnyRequest) -> Response[str]:
    """Asks for a file."""
    return render(request, "sample/sheet.html", form=Form.blank(), took="")


@form("/sheet")
async def take_sheet(request: AnyRequest) -> Response[str]:
    """Says what came: the name of a file, or the number of an upload; refuses when nothing did, or on the wish to look only."""
    sent = await request.form()
    file, number = sent.get("sheet"), sent.get("sheet_upload")
    took = f"{file.filename} {len(await file.read())}" if isinstance(file, UploadFile) and file.filename else number
    if sent.get("do") == "look" or not took:
        refusal = Invalid("What was sent cannot be taken yet", fields={"sheet": words("Choose a file")})
        return render(request, "sample/sheet.html", status=422, form=Form.refused(sent, refusal), took="")
    return render(request, "sample/sheet.html", form=Form.blank(), took=took)


@form("/people", sync_to_thread=False)
def act_on_people(request: AnyRequest) -> Response[str]:
    """Refuses every act on several people."""
    raise Refused("Nobody is picked")


@page("/people/new", sync_to_thread=False)
def new(request: AnyRequest) -> Response[str]:
    """An empty form."""
    return render(request, "sample/new.html", form=Form.blank(ACT))


@form("/people/new")
async def add(request: AnyRequest) -> Response[Any]:
    """Takes the form, or shows it again."""
    sent = await request.form()
    try:
        filled = parse(Add, sent)
    except Invalid as refusal:
        return render(request, "sample/new.html", status=422, form=Form.refused(sent, refusal))
    return Redirect(f"/people?added={filled.value.born.isoformat()}&act={filled.act}", status_code=303)


@page("/sign-in", sync_to_thread=False)
def sign_in(request: AnyRequest) -> Response[str]:
    """The page before the box."""
    bare = {"nav": (), "person": "", "sign_out": "", "demo": True}
    return render(request, "sample/sign_in.html", frame=bare, form=Form.blank())


@get(["/fail/{how:str}", "/api/fail/{how:str}"], sync_to_thread=False)
def fail(request: AnyRequest) -> None:
    """Fails in the way that the address says."""
    how = request.path_params["how"]
    errors: dict[str, Exception] = {
        "refused": Refused("Only {n} members remain", n=1),
        "invalid": Invalid("What was sent cannot be taken yet", fields={"born": words("This has to be filled in")}),
        "forbidden": Forbidden("This is done by the secretary"),
        "missing": NotFound("There is no such person"),
        "away": Away("The box is catching up"),
        "teapot": HTTPException(status_code=418),
        "unexpected": RuntimeError(PLANTED),
    }
    raise errors[how]


@page("/done", sync_to_thread=False)
def done(request: AnyRequest) -> Response[str]:
    """A page with the band of an act that can be taken back."""
    undo = Band("ok", "Đã nhập 176 dòng.", "Biên nhận 48.390.", Act("Hoàn tác", "/people", "post", {"_act": ACT}))
    return render(request, "sample/people.html", frame={"bands": (undo,)}, people=[], cells=CELLS, form=Form.blank())


@post("/machine", machine=True, sync_to_thread=False)
def machine() -> None:
    """Called by another box."""


def application() -> Litestar:
    """A site with the sample as its only plugin."""
    handlers = [people, act_on_people, job, sheet, take_sheet, new, add, sign_in, fail, done, machine]
    pages = Pages({"sample": "chibox_sample"}, frame)
    return Litestar(handlers, plugins=[Site(pages)], logging_config=None, openapi_config=None)
