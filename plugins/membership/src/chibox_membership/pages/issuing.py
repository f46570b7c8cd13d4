"""Who issues a printed sheet: the heading's two lines, in whose name it is signed and by whom, who gets it."""

import tomllib
from importlib.resources import files
from typing import Any, Final

import msgspec

from chibox.plugin import Looking, Visit, Words, words
from chibox_membership.checks import CELLS
from chibox_membership.naming import full_names

_NAMES: Final[dict[str, Any]] = tomllib.loads(files("chibox_membership").joinpath("paper.toml").read_text("utf-8"))
_CELL: Final = frozenset({"cell_secretary"})
_COMMITTEE: Final = frozenset({"committee_secretary"})


class Issuer(msgspec.Struct, frozen=True):
    """A unit as a lawful paper names it. `place` and `signer` are empty where nobody can say: dots stand there."""

    above: str
    body: str
    place: str
    on_behalf: Words
    post: Words
    signer: str
    recipients: tuple[str, ...]


def issuer(visit: Visit, look: Looking, unit: str) -> Issuer:
    """The heading and the signature of a paper of `unit`, by today's tree and posts. The signer is noted as shown."""
    units = visit.picture.units
    row = units.get(unit)
    is_cell = row is not None and row.kind in CELLS
    above = units[row.parent].name if row is not None and row.parent in units else visit.office.above
    to = _committee(above)
    kept = words("Kept by the cell") if is_cell else words("Kept by the committee")
    return Issuer(
        above=above,
        body="" if row is None else row.name,
        place=_place(visit),
        on_behalf=words("On behalf of the cell") if is_cell else words("On behalf of the committee"),
        post=words("Secretary"),
        signer=_signer(visit, look, unit, _roles(visit, unit, is_cell=is_cell)),
        recipients=(*((to,) if to else ()), visit.say(kept.msgid)),
    )


def _roles(visit: Visit, unit: str, *, is_cell: bool) -> frozenset[str]:
    """The roles of a unit's secretary: of a cell that is the whole box its own or the committee's."""
    if not is_cell:
        return _COMMITTEE
    return _CELL | _COMMITTEE if unit == visit.picture.root else _CELL


def _signer(visit: Visit, look: Looking, unit: str, roles: frozenset[str]) -> str:
    """The one who holds the secretary's post there today, as the roll calls them; nobody when there are several."""
    held = {
        post.person for some in visit.picture.posts.values() for post in some
        if post.unit == unit and post.role in roles and post.holds(visit.today)
    }  # fmt: skip
    if len(held) != 1:
        return ""
    names = full_names(look, held, visit.today)
    look.show(names)
    return next(iter(names.values()), "")


def _place(visit: Visit) -> str:
    """Where the committee is, as its name says: what follows the word for its kind. Empty for a name of another kind."""
    root = visit.picture.units.get(visit.picture.root)
    name = "" if root is None else root.name
    return next((name.removeprefix(kind).strip() for kind in _NAMES["places"] if name.startswith(f"{kind} ")), "")


def _committee(name: str) -> str:
    """The body to which papers for a party organisation go: its committee."""
    organisation = _NAMES["organisation"]
    return _NAMES["committee"] + name.removeprefix(organisation) if name.startswith(f"{organisation} ") else name
