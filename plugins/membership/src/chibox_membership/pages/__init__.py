"""The pages of the roll: the list, a member, what a clerk records, the sheets. Mounted at /membership."""

from typing import Any, Final

from chibox_membership.pages import (
    acts,
    bulk,
    entering,
    exporting,
    importing,
    member,
    printing,
    printing_member,
    readers,
    roll,
    saved,
    sheets,
)

HANDLERS: Final[list[Any]] = [
    *roll.HANDLERS, *saved.HANDLERS, *bulk.HANDLERS,
    *sheets.HANDLERS, *printing.HANDLERS, *exporting.HANDLERS, *importing.HANDLERS, *entering.HANDLERS,
    *member.HANDLERS, *readers.HANDLERS, *printing_member.HANDLERS, *acts.HANDLERS,
]  # fmt: skip
