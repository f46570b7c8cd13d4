"""How a page and a form of a plugin, or of core, are declared: decorators that know what a `Visit` is."""

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from anyio import to_thread
from litestar.di import NamedDependency

from chibox.site.visit import Visit
from chibox.web import handlers

Declared = Callable[[Callable[..., Any]], Any]


def page(*paths: str, **options: Any) -> Declared:
    """Declare `(visit: Visit, …) -> Response` as a page: GET, and HEAD. A plain function runs in a thread of its own.

    Paths are below the plugin's own: "/" is `/<plugin>`. What stands in the path is annotated `FromPath[str]`. Whoever is
    not signed in is sent to sign in.
    """
    return lambda function: handlers.page(list(paths), **options)(_visited(function))


def form(*paths: str, **options: Any) -> Declared:
    """Declare `async (visit: Visit, …) -> Response` as what takes a form: POST, from a page of this box only."""
    return lambda function: handlers.form(list(paths), **options)(_visited(function))


def _visited(function: Callable[..., Any]) -> Callable[..., Any]:
    """The handler as litestar wants it: asynchronous, its dependency marked. An author writes `visit: Visit`.

    Litestar's own `sync_to_thread` wraps a handler once for each of its paths, and the second one never returns.
    """
    handler = function if inspect.iscoroutinefunction(function) else _threaded(function)
    for name, annotation in inspect.get_annotations(function, eval_str=True).items():
        if annotation is Visit:
            handler.__annotations__[name] = NamedDependency[Visit]
    return handler


def _threaded(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    async def in_a_thread(*args: Any, **kwargs: Any) -> Any:
        return await to_thread.run_sync(partial(function, *args, **kwargs))

    return in_a_thread
