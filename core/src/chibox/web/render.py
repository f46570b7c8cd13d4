"""From a template and its facts to a page: the Jinja environment of core and every plugin, and `render`."""

import datetime as dt
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from litestar import MediaType, Request, Response

from chibox.web import formats, locale, phrases, static
from chibox.web.page import Page

AnyRequest = Request[Any, Any, Any]
TEXT_SIZES: Final = ("100", "125", "150")
TIME_TRAVEL: Final = ("day", "known")  # every link of a page of the past stays there

_address: ContextVar[tuple[str, tuple[tuple[str, str], ...]]] = ContextVar("address", default=("/", ()))


class Pages:
    """The templates of the installed packages and the frame around them; one for each application."""

    def __init__(self, plugins: Mapping[str, str], frame: Callable[[AnyRequest], Page]) -> None:
        """`plugins`: name of a plugin to its package; its templates are "name/file.html"."""
        locale.load(["chibox", *plugins.values()])
        self.frame = frame
        self.environment = _environment(plugins)

    def html(self, request: AnyRequest, template: str, page: Page, context: Mapping[str, Any]) -> str:
        """The page as text. Raises what Jinja raises: a name that is not there is an error, never an empty place."""
        token = _address.set((request.url.path, tuple(request.query_params.items())))
        try:
            return self.environment.get_template(template).render(
                page=page, lang=locale.current(), text_size=text_size(request), **context
            )
        finally:
            _address.reset(token)


def render(
    request: AnyRequest,
    template: str,
    /,
    *,
    status: int = 200,
    frame: Mapping[str, Any] | None = None,
    **context: Any,
) -> Response[str]:
    """The page as an answer. `frame` changes fields of the `Page` around it, such as crumbs, bands, current.

    A form that has to be mended is answered with 422.
    """
    pages: Pages = request.app.state.pages
    page = pages.frame(request)
    if frame:
        page = msgspec.structs.replace(page, **frame)
    text = pages.html(request, template, page, context)
    return Response(text, status_code=status, media_type=MediaType.HTML)


def text_size(request: AnyRequest) -> str:
    """100, 125 or 150: the reader's own choice, kept in a cookie."""
    chosen = request.cookies.get("text", "")
    return chosen if chosen in TEXT_SIZES else TEXT_SIZES[0]


def url(path: str = "", /, **changes: Any) -> str:
    """The address of this page with its query changed (None takes a name out); of another page with the day kept."""
    here, query = _address.get()
    kept = [(name, value) for name, value in query if name not in changes and (not path or name in TIME_TRAVEL)]
    added = [(name, _text(value)) for name, value in changes.items() if value is not None]
    asked = urlencode([*kept, *added])
    return (path or here) + (f"?{asked}" if asked else "")


def query_fields(*without: str) -> list[tuple[str, str]]:
    """The query of this page, for the hidden fields of a form that changes a part of it."""
    return [(name, value) for name, value in _address.get()[1] if name not in without]


def _text(value: Any) -> str:
    return formats.date(value) if isinstance(value, dt.date) else str(value)


def _environment(plugins: Mapping[str, str]) -> Environment:
    own = {name: package for name, package in plugins.items() if files(package).joinpath("templates").is_dir()}
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("chibox.web"),
                PrefixLoader({name: PackageLoader(package) for name, package in own.items()}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        _=locale.gettext, gettext=locale.gettext, ngettext=locale.ngettext, url=url, static=static.url,
        query_fields=query_fields, pair=phrases.pair,
    )  # fmt: skip
    environment.filters.update(
        date=formats.date, time=formats.time, moment=formats.moment, groups=formats.groups, mask=formats.mask,
        signs=formats.signs,
        number=phrases.number, words=locale.translate, tail=locale.sentence_tail, dated=phrases.dated,
        in_words=phrases.date_in_words, lawful_date=phrases.lawful_date, person=phrases.person_name,
    )  # fmt: skip
    return environment
