"""The birth of a box: its keys and its empty database, and the record of its founding. There is no other way to a new log."""

import datetime as dt
import re
from pathlib import Path
from typing import Final

import msgspec

from chibox import keys
from chibox.database import connect, create
from chibox.entering import Random
from chibox.errors import Invalid, words
from chibox.organisation.records import Founded, UnitKind
from chibox.projections import catchup, facts, index
from chibox.records import log as logs
from chibox.records.envelope import is_id
from chibox.records.notes import to_base64
from chibox.records.stated import Stated, state
from chibox.text import Unclean, clean

SCHEMA: Final = (*logs.SCHEMA, *index.SCHEMA, *facts.SCHEMA, *catchup.SCHEMA)
_is_name = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?").fullmatch


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What a box must be told at its birth."""

    name: str  # of the log, e.g. xa-sao-mai.lamson; demo boxes begin with `demo.`
    committee: str
    kind: UnitKind = "grassroots_committee"
    above: str = ""
    sign_in: str = "quantri"
    unit: str = ""  # ids, for seeds that must come out the same; made at random when empty
    administrator: str = ""


def found(folder: Path, founding: Founding, day: dt.date, random: Random) -> tuple[Stated, str]:
    """Make keys and an empty database in `folder`; returns what the first entry states, and the administrator's id.

    Raises Invalid, before anything is made, for a founding that no log can begin with.
    """
    checked = _checked(founding)
    box, unit = random(16).hex(), checked.unit or random(16).hex()
    administrator = checked.administrator or random(16).hex()
    keys.make(folder / "keys")
    key = to_base64(keys.signer(folder / "keys", checked.name, 1).verifier.public_key)
    writer = connect(folder / "box.db", write=True)
    try:
        create(writer, SCHEMA)
        writer.execute("INSERT INTO box VALUES(1,?,?,?)", (box, checked.name, key))
    finally:
        writer.close()
    record = Founded(
        name=checked.name, key=key, day=day, committee=checked.committee, committee_kind=checked.kind,
        administrator=administrator, sign_in=checked.sign_in, above=checked.above,
    )  # fmt: skip
    return state(record, box, unit), administrator


def _checked(founding: Founding) -> Founding:
    fields = {}
    if not _is_name(founding.name):
        fields["name"] = words("Small letters, digits, dots and hyphens, at most 100.")
    try:
        committee, above, sign_in = clean(founding.committee), clean(founding.above), clean(founding.sign_in).lower()
    except Unclean as unclean:
        raise Invalid(unclean.words.msgid, **unclean.words.params) from None
    if not committee:
        fields["committee"] = words("Write the name of the committee.")
    if not sign_in:
        fields["sign_in"] = words("Write the name to sign in by.")
    if not all(is_id(each) for each in (founding.unit, founding.administrator) if each):
        fields["unit"] = words("An id has 32 hex characters.")
    if fields:
        raise Invalid("A box cannot be founded so.", fields=fields)
    return msgspec.structs.replace(founding, committee=committee, above=above, sign_in=sign_in)
