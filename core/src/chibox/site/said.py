"""What the next pages say of an act just done: kept in the row of the session, so it needs no script and outlives a redirect."""

from typing import Final

import msgspec

from chibox.commands import Answer
from chibox.errors import Words
from chibox.site.visit import Visit
from chibox.web.locale import gettext, translate
from chibox.web.page import Act, Band

PART: Final = "x-part"  # a script asks for a part of the page that its reader has before them: that is no next page
_PAGES: Final = 2  # the page after the act, and the one after that


class Said(msgspec.Struct):
    """A sentence, the receipt number of the act it tells of, and on how many pages it still stands."""

    sentence: str
    position: int
    number: str
    left: int = _PAGES


def say(visit: Visit, words: Words, answer: Answer) -> None:
    """Have the next two pages of this session say it. A caller without a session is told by the answer alone."""
    session = visit.who.session
    if session is not None:
        said = Said(translate(words), answer.last, visit.office.shown_number(answer.last))
        visit.office.sessions.note(session, said=msgspec.json.encode(said).decode())


def band(visit: Visit) -> Band | None:
    """What this page says, once more or for the last time; None when there is nothing to say."""
    session = visit.who.session
    if session is None or session.said is None:
        return None
    said = msgspec.json.decode(session.said, type=Said)
    if visit.request.method == "GET" and PART not in visit.request.headers:
        said.left -= 1
        visit.office.sessions.note(session, said=msgspec.json.encode(said).decode() if said.left else None)
    undo = Act(gettext("Take back"), f"/log/{said.position}/undo", "post", {"_act": visit.new_act()})
    return Band("ok", said.sentence, gettext("Receipt {number}.", number=said.number), undo)
