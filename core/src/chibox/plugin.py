"""The plugin API: all that a plugin may import from core. Whatever is not here may change without a word.

API is one integer; a plugin says `chibox>=26.12,<27` in its dependencies. `docs/extend` builds a plugin from nothing.
"""

from typing import Final

from chibox.calling import Running
from chibox.commands import Answer, Asked, Command, Commands
from chibox.console import CliCommand, Parser, Terminal
from chibox.drafts.draft import Draft, File
from chibox.drafts.drafts import Drafts
from chibox.erasing.finding import erasure_of
from chibox.erasing.tables import Erasure
from chibox.errors import ChiboxError, Conflict, Forbidden, Invalid, NotFound, Refused, Words, words
from chibox.filling import Filling, Step
from chibox.hooks import Check, Due, Held, Naming, NavEntry, Number, ReadPages, Saying, Sum, hookimpl
from chibox.identity.classes import Contact, Identity, Masked, Ordinary, Plain, Sensitive, shown
from chibox.identity.roles import Role
from chibox.known import KnownFact
from chibox.organisation.rules import Rule
from chibox.organisation.tables import Unit
from chibox.organisation.working_days import Counted, Holiday, WorkingDays
from chibox.projections.folds import Projection
from chibox.projections.rows import Row
from chibox.reading import Read
from chibox.records.record import Fact, Record, kind
from chibox.records.stated import Entry, Stated, state
from chibox.site.asking import Taken, ask, take, tell
from chibox.site.looking import End, Looking, Opened
from chibox.site.routes import form, page
from chibox.site.visit import AsOn, Visit
from chibox.text import Unclean, clean, given_name, name_order, nfc, search_key, split_name
from chibox.web.filling import Form
from chibox.web.forms import Filled, parse
from chibox.web.page import Act, Band, Crumb
from chibox.work.tasks import Duty, Task

API: Final = 1

__all__ = [
    "API",
    "Act",
    "Answer",
    "AsOn",
    "Asked",
    "Band",
    "Check",
    "ChiboxError",
    "CliCommand",
    "Command",
    "Commands",
    "Conflict",
    "Contact",
    "Counted",
    "Crumb",
    "Draft",
    "Drafts",
    "Due",
    "Duty",
    "End",
    "Entry",
    "Erasure",
    "Fact",
    "File",
    "Filled",
    "Filling",
    "Forbidden",
    "Form",
    "Held",
    "Holiday",
    "Identity",
    "Invalid",
    "KnownFact",
    "Looking",
    "Masked",
    "Naming",
    "NavEntry",
    "NotFound",
    "Number",
    "Opened",
    "Ordinary",
    "Parser",
    "Plain",
    "Projection",
    "Read",
    "ReadPages",
    "Record",
    "Refused",
    "Role",
    "Row",
    "Rule",
    "Running",
    "Saying",
    "Sensitive",
    "Stated",
    "Step",
    "Sum",
    "Taken",
    "Task",
    "Terminal",
    "Unclean",
    "Unit",
    "Visit",
    "Words",
    "WorkingDays",
    "ask",
    "clean",
    "erasure_of",
    "form",
    "given_name",
    "hookimpl",
    "kind",
    "name_order",
    "nfc",
    "page",
    "parse",
    "search_key",
    "shown",
    "split_name",
    "state",
    "take",
    "tell",
    "words",
]
