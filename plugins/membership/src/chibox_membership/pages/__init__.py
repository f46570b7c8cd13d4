"""The pages of the roll: the list, a member, what a clerk records, the sheets. Mounted at /membership."""

from typing import Any, Final

from chibox_membership.pages import (
    acts,
    entering,
    exporting,
    importing,
    member,
    printing,
    printing_member,
    readers,
    roll,
    sheets,
)

HANDLERS: Final[list[Any]] = [
    *roll.HANDLERS, *sheets.HANDLERS, *printing.HANDLERS, *exporting.HANDLERS, *importing.HANDLERS, *entering.HANDLERS,
    *member.HANDLERS, *readers.HANDLERS, *printing_member.HANDLERS, *acts.HANDLERS,
]  # fmt: skip
