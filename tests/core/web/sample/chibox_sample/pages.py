"""The handlers of the sample, its frame, and a few that fail."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from litestar import Litestar, Response, get, post
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
    """A list, empty when something is searched for."""
    found = [] if request.query_params.get("q") else samples()["people"]
    return render(request, "sample/people.html", people=found, cells=CELLS, form=Form.blank())


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
    handlers = [people, act_on_people, new, add, sign_in, fail, done, machine]
    pages = Pages({"sample": "chibox_sample"}, frame)
    return Litestar(handlers, plugins=[Site(pages)], logging_config=None, openapi_config=None)
