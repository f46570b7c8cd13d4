"""How a page and a form of a plugin, or of core, are declared: decorators that know what a `Visit` is."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from litestar.di import NamedDependency

from chibox.site.visit import Visit
from chibox.web import handlers

F = TypeVar("F", bound=Callable[..., Any])
Declared = Callable[[Callable[..., Any]], Any]


def page(*paths: str, **options: Any) -> Declared:
    """Declare `(visit: Visit, …) -> Response` as a page: GET, and HEAD. A plain function runs in a thread of its own.

    Paths are below the plugin's own: "/" is `/<plugin>`. What stands in the path is annotated `FromPath[str]`. Whoever is
    not signed in is sent to sign in.
    """
    return lambda function: handlers.page(list(paths), **_threaded(function), **options)(_visited(function))


def form(*paths: str, **options: Any) -> Declared:
    """Declare `async (visit: Visit, …) -> Response` as what takes a form: POST, from a page of this box only."""
    return lambda function: handlers.form(list(paths), **_threaded(function), **options)(_visited(function))


def _threaded(function: Callable[..., Any]) -> dict[str, Any]:
    return {} if inspect.iscoroutinefunction(function) else {"sync_to_thread": True}


def _visited(function: F) -> F:
    """Litestar wants a dependency marked; an author writes `visit: Visit`."""
    for name, annotation in inspect.get_annotations(function, eval_str=True).items():
        if annotation is Visit:
            function.__annotations__[name] = NamedDependency[Visit]
    return function
