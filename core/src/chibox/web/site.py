"""What makes a Litestar application a chibox site: one plugin that brings guard, errors, static files and pages."""

from typing import Any, Final

from litestar import Router
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.plugins import InitPlugin

from chibox.errors import ChiboxError
from chibox.web import errors, guard, static
from chibox.web.components import components_page
from chibox.web.foot import foot
from chibox.web.render import Pages

SMALL: Final = 600  # bytes; below, compression costs more than it saves


class Site(InitPlugin):
    """Given to `Litestar(plugins=[Site(pages)])`. Its guard comes before every other middleware."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        """Adds what every page and error needs; handlers of the application may still override theirs."""
        app_config.state["pages"] = self.pages
        handlers = [*app_config.route_handlers, static.serve, components_page, foot]
        app_config.route_handlers = [Router("/", route_handlers=handlers, request_max_body_size=guard.BODY_LIMIT)]
        app_config.middleware = [guard.Choices(), guard.SameOrigin(), *app_config.middleware]
        app_config.before_send.append(guard.add_headers)
        on_error: dict[Any, Any] = dict.fromkeys((ChiboxError, HTTPException, Exception), errors.answer)
        app_config.exception_handlers = {**on_error, **app_config.exception_handlers}
        app_config.compression_config = CompressionConfig(
            backend="gzip", gzip_compress_level=6, minimum_size=SMALL, exclude_opt_key=static.PACKED_OPT
        )
        return app_config
