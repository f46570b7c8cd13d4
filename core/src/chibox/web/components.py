"""The page that shows every component in every state: what authors of pages copy from, and what reviewers look at."""

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from litestar import Response

from chibox.errors import Words, words
from chibox.hooks import Sum
from chibox.organisation.working_days import rules, working_days
from chibox.web.filling import Form
from chibox.web.handlers import page
from chibox.web.page import Act, Band, Crumb
from chibox.web.render import AnyRequest, render
from chibox.web.sent import Sent

_DUE = dt.date(2026, 12, 4)
_ACT = "0123456789abcdef0123456789abcdef"


@cache
def samples() -> dict[str, Any]:
    """The invented people and sentences of the page."""
    return tomllib.loads(files("chibox.web").joinpath("samples.toml").read_text("utf-8"))


def stopped() -> Form:
    """A form with faults of two kinds and what was typed."""
    form = Form(dict(samples()["form"]), _ACT, 4711)
    form.errors = {
        "born": words("Month {month} of {year} has only {days} days", month="2", year="1968", days=29),
        "ground": words("This has to be filled in"),
        "reason": words("Choose one from the list"),
    }
    return form


def bands() -> list[Band]:
    """One band of each kind, the green one with its undo."""
    return [
        Band(one["kind"], one["strong"], one["text"], Act(one["act"], "#") if "act" in one else None)
        for one in samples()["bands"]
    ]


def day_sum() -> Sum:
    """How a day of the page is found: thirty working days, a holiday among them."""
    counted = working_days().after(dt.date(2026, 10, 22), 30)
    return Sum(Words(samples()["t"]["sum_start"], {}), counted=counted, rule=rules()[0])


@page("/-/components", sync_to_thread=False)
def components_page(request: AnyRequest) -> Response[str]:
    """Every component in every state, with invented data; nothing on it acts."""
    known = samples()
    return render(
        request,
        "components_page.html",
        frame={"crumbs": (Crumb(known["t"]["title"]),)},
        blank=Form(dict(known["form"]), _ACT),
        stopped=stopped(),
        bands=bands(),
        undo=Act(known["undo"]["act"], "/-/components", "post", {"_act": _ACT}),
        day=dt.date(2025, 12, 31),
        unsent=Sent("/-/components", (("_act", _ACT), *known["unsent"].items()), files=True),
        sum=day_sum(),
        day_due=_DUE,
        named=known["chapters"],
        chapters=known["chapters"].items(),
        **{name: value for name, value in known.items() if name not in {"form", "bands", "undo", "unsent", "chapters"}},
        undone=known["undo"],
    )
