"""What stands around the content of every page: whose box, who is signed in, where to go, what has just happened."""

import datetime as dt
from typing import Literal

import msgspec


class Crumb(msgspec.Struct, frozen=True):
    """A step on the path of party organisations that leads to the page; without an address: the page itself."""

    label: str
    href: str = ""


class NavEntry(msgspec.Struct, frozen=True):
    """A place to go: the plugin's work, or the box itself. `broken`: its plugin does not run."""

    key: str
    label: str
    href: str
    place: Literal["work", "box"] = "work"
    count: int = 0
    broken: bool = False


class Act(msgspec.Struct, frozen=True):
    """A link (`get`) or a form of one button (`post`), with its hidden fields."""

    label: str
    href: str
    method: Literal["get", "post"] = "get"
    fields: dict[str, str] = {}


class Band(msgspec.Struct, frozen=True):
    """A line above the page: what happened, or the state of the whole box. It does not disappear by itself."""

    kind: Literal["info", "ok", "wait", "bad"]
    strong: str
    text: str = ""
    act: Act | None = None


class Page(msgspec.Struct, frozen=True):
    """The frame of a page. `shape`: a desk has the side menu, a plain page has none, a big one is for members."""

    unit: str = "chibox"
    person: str = ""
    post: str = ""
    nav: tuple[NavEntry, ...] = ()
    current: str = ""
    crumbs: tuple[Crumb, ...] = ()
    bands: tuple[Band, ...] = ()
    links: tuple[Act, ...] = ()
    demo: bool = False
    today: dt.date | None = None
    helper: str = ""
    phone: str = ""
    sign_out: str = ""
    home: str = "/"
    version: str = ""
    shape: Literal["desk", "plain", "big"] = "desk"
