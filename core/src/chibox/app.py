"""The web application of one box: core's pages, each plugin's pages below its name, the API of every command, the schema."""

import logging
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from chibox import __version__
from chibox.identity.accounts import NotSignedIn
from chibox.office import Office
from chibox.plugins import CORE, Broken, Plugins
from chibox.site import api
from chibox.site.dues import Dues
from chibox.site.frame import Frame
from chibox.site.measure import Measure
from chibox.site.pages import PAGES
from chibox.site.pages.sign_in import door
from chibox.site.pages.unsent import address, put_aside
from chibox.site.served import SERVED
from chibox.site.uploads import UPLOADS
from chibox.site.visit import visit_of
from chibox.site.who import OPEN, Identify, signed_in
from chibox.web import errors
from chibox.web.filling import Form
from chibox.web.guard import language_of
from chibox.web.locale import speaking
from chibox.web.render import Pages
from chibox.web.site import Site

log = logging.getLogger(__name__)
AnyRequest = Request[Any, Any, Any]
_SITE: Final = "chibox.site"


def application(office: Office) -> Litestar:
    """The application of `office`. A plugin whose pages cannot be mounted is named among the broken ones, and left out."""
    plugins = office.box.plugins
    mounted = [router for name, pages in plugins.each("pages") if (router := _mounted(plugins, name, pages))]
    packages = {CORE: _SITE, **{name: plugins.package(name) for name in plugins.names if name != CORE}}
    dues = Dues()
    pages = Pages(packages, Frame(office, dues))
    app = Litestar(
        [*PAGES, *SERVED, UPLOADS, *mounted, *_static(packages), *api.routers(office)],
        dependencies={"visit": Provide(visit_of, sync_to_thread=False)},
        guards=[put_aside, signed_in],
        middleware=[Identify(office), Measure(office)],
        exception_handlers={NotSignedIn: _to_the_door},
        plugins=[Site(pages)],
        openapi_config=_schema(),
        logging_config=None,
    )
    app.state.office, app.state.dues, app.state.https = office, dues, office.box.settings.https
    return app


def _mounted(plugins: Plugins, name: str, handlers: Any) -> Router | None:
    """The pages and static files of a plugin below its name; tried in an application of their own first."""
    try:
        router = Router(f"/{name}", route_handlers=list(handlers), tags=[name], opt={"area": name})
        Litestar([router], dependencies={"visit": Provide(visit_of, sync_to_thread=False)}, logging_config=None,
                 openapi_config=None)  # fmt: skip
    except Exception as error:
        log.exception("the pages of %s cannot be mounted", name)
        plugins.broken.append(Broken(name, f"pages: {type(error).__name__}: {error}"))
        return None
    return router


def _static(packages: Mapping[str, str]) -> list[Router]:
    """The files in `static/` of each plugin's package, at `/static/<plugin>/…`: pictures and forms to fill in, no styles."""
    folders = {name: files(package).joinpath("static") for name, package in packages.items() if name != CORE}
    return [
        create_static_files_router(
            path=f"/static/{name}", directories=[str(folder)], name=f"static-{name}", opt={OPEN: True},
            include_in_schema=False, cache_control=CacheControlHeader(max_age=3600, public=True),
        )
        for name, folder in folders.items()
        if folder.is_dir()
    ]  # fmt: skip


def _to_the_door(request: AnyRequest, error: NotSignedIn) -> Response[Any]:
    """A person who opens a page is sent to sign in, and comes back to it; what was written meanwhile waits behind the door."""
    if request.method in {"GET", "HEAD"} and not errors.wants_json(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return Redirect("/sign-in", query_params={"back": request.url.path + query}, status_code=303)
    if kept := address(request):
        with speaking(language_of(request)):
            return door(request, Form.blank(back=kept), error.status)
    return errors.answer(request, error)


def _schema() -> OpenAPIConfig:
    """The description of the API as data, for anybody: no page that would load scripts from elsewhere."""
    return OpenAPIConfig(
        title="chibox",
        version=__version__,
        openapi_router=Router("/schema", route_handlers=[], opt={OPEN: True}, include_in_schema=False),
        render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
        use_handler_docstrings=True,
    )
