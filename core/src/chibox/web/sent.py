"""What a form sent, kept so that it can be sent again: texts only, never a secret, never a file, never more than fits a page."""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.types import Empty
from litestar.utils.scope.state import ScopeState

FORGETS: Final = "forgets"  # @form(..., opt={FORGETS: True}): nothing of what is sent there is kept
MOST: Final = 256 << 10  # bytes of a whole form
_SECRETS: Final = frozenset({"secret", "old", "again", "password", "pin"})
_OF_PAGES: Final = re.compile(r"[0-9a-f]{32}\Z|[a-z]+(?:_[a-z0-9]+)*\Z")  # an id, a choice of a list
AnyRequest = Request[Any, Any, Any]


class Sent(msgspec.Struct, frozen=True):
    """Where a form went and what stood in it. `files`: it had some, which have to be chosen again."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: bool = False

    @property
    def holds(self) -> bool:
        """Whether anything stood in it but the marks of the page."""
        return any(value for name, value in self.fields if not name.startswith("_"))

    @property
    def written(self) -> list[str]:
        """The texts among it, as a page shows them again: without the marks, ids and choices of the page."""
        texts = (value for name, value in self.fields if not name.startswith("_"))
        return [text for text in texts if text.strip() and not _OF_PAGES.match(text)]


def known(request: AnyRequest) -> Sent | None:
    """What the form of this request sent, as far as it was read; None when there is nothing to send again."""
    form = ScopeState.from_scope(request.scope).form
    if form is Empty or not form:
        return None
    return _of(request, FormMultiDict.from_form_data(dict(form)).multi_items())


async def read(request: AnyRequest) -> Sent | None:
    """The same, for a request that nobody has read yet; a body that is too large for a page, or no form, is left alone."""
    kind = request.content_type[0]
    forms = {"application/x-www-form-urlencoded", "multipart/form-data"}
    if request.method != "POST" or kind not in forms or not 0 < (request.content_length or 0) <= MOST:
        return None
    return _of(request, (await request.form()).multi_items())


def _of(request: AnyRequest, items: Iterable[tuple[str, Any]]) -> Sent | None:
    handler: Any = request.scope.get("route_handler")
    if request.method != "POST" or (handler is not None and handler.opt.get(FORGETS)):
        return None
    texts = [(name, value) for name, value in items if isinstance(value, str) and name not in _SECRETS]
    files = any(getattr(value, "filename", "") for _, value in items)
    query = f"?{request.url.query}" if request.url.query else ""
    sent = Sent(request.url.path + query, tuple(texts), files)
    fits = sum(len(name.encode()) + len(value.encode()) for name, value in texts) <= MOST
    return sent if sent.holds and fits else None
