"""From a form to a command that was done: asked in the visitor's name, shown again with what has to be mended, or told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.commands import Answer, Asked, Command
from chibox.errors import Away, Conflict, Forbidden, Invalid, NotFound, Refused, Words
from chibox.site.meanwhile import meanwhile
from chibox.site.said import say
from chibox.site.visit import Visit
from chibox.web.filling import Form
from chibox.web.forms import Filled, Sent, parse, values_of

C = TypeVar("C", bound=Command)
FROM_PAPER: Final = "_from_paper"
ON_BEHALF: Final = "_on_behalf"


class Taken(msgspec.Struct, frozen=True):
    """What a form asked and what came of it."""

    command: Any
    answer: Answer


class _With:
    """A form as it was sent, and the fields that the page knows itself (the subject in its address)."""

    def __init__(self, sent: Sent, given: Mapping[str, Any], without: Collection[str]) -> None:
        self._sent, self._given, self._without = sent, given, without

    def items(self) -> Iterable[tuple[str, Any]]:
        left_out = {*self._given, *self._without}
        kept = [(name, value) for name, value in self._sent.items() if name not in left_out]
        return [*kept, *((name, str(value)) for name, value in self._given.items())]


async def ask(
    visit: Visit,
    command: Command,
    act: str,
    *,
    seen: int | None = None,
    from_paper: bool = False,
    on_behalf: str | None = None,
) -> Answer:
    """Have the box do `command` in the visitor's name. Raises Refused, counted by its class, or Away."""
    asked = Asked(actor=visit.person, act=act, seen=seen, from_paper=from_paper, on_behalf=on_behalf)
    try:
        return await visit.office.box.perform(asked, command)
    except Refused as refusal:
        visit.office.metrics.refused(type(refusal).__name__)
        raise


async def take(
    visit: Visit,
    shape: type[C],
    *,
    again: Callable[[Form], Response[str]],
    to: str | Callable[[Taken], str],
    said: Words | Callable[[Taken], Words],
    given: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    beside: Iterable[str] = (),
) -> Response[Any]:
    """Take the form that was sent as the command `shape`, and answer with 303 to the page `to`, which says `said`.

    What cannot be taken, or not now, is shown `again` (called in a thread) with all that was typed. `given`: fields that the page
    knows itself; `without`: fields that say nothing, because nobody touched them. When a colleague was faster, the form
    says who recorded what, and may be sent again as it stands.
    """
    sent = await visit.request.form()
    whole = _With(sent, given or {}, without)
    try:
        filled = parse(shape, whole, beside=(FROM_PAPER, ON_BEHALF, *beside))
        taken = Taken(filled.value, await _do(visit, sent, filled))
    except (Forbidden, NotFound):
        raise
    except (Refused, Away) as refusal:
        form = Form.refused(sent, refusal)
        if isinstance(refusal, Conflict):
            await to_thread.run_sync(meanwhile, visit, filled.value, form)
        return await to_thread.run_sync(again, form)
    return await tell(visit, taken, to, said)


async def tell(
    visit: Visit, taken: Taken, to: str | Callable[[Taken], str], said: Words | Callable[[Taken], Words]
) -> Redirect:
    """Go to the page `to`; it and the next one say what was done, under which receipt number, and offer to take it back."""
    words = said if isinstance(said, Words) else said(taken)
    await to_thread.run_sync(say, visit, words, taken.answer)
    return Redirect(to if isinstance(to, str) else to(taken), status_code=303)


async def _do(visit: Visit, sent: Sent, filled: Filled[Any]) -> Answer:
    if filled.act is None:
        raise Invalid("The number of this page cannot be read; open the page again")
    values = values_of(sent)
    on_behalf = next((str(value) for value in values.get(ON_BEHALF, []) if value), None)
    from_paper = any(values.get(FROM_PAPER, []))
    return await ask(visit, filled.value, filled.act, seen=filled.seen, from_paper=from_paper, on_behalf=on_behalf)
