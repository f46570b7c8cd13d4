"""Every hook on one page. A plugin implements those it needs in its `plugin.py`; all are called once, when a box opens.

Results are taken in the order of the plugins' names. What a hook returns is declared, not asked again: functions in it are
called later, with a `Read` of that moment.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import pluggy

from chibox.commands import Commands
from chibox.console import CliCommand
from chibox.errors import Words
from chibox.identity.roles import Role
from chibox.organisation.rules import Rule
from chibox.organisation.working_days import Counted
from chibox.projections.folds import Projection
from chibox.records.record import Record

if TYPE_CHECKING:
    from chibox.drafts.draft import Draft
    from chibox.filling import Filling, Step
    from chibox.reading import Read
    from chibox.testing.commune import Commune

hookspec = pluggy.HookspecMarker("chibox")
hookimpl = pluggy.HookimplMarker("chibox")


class NavEntry(msgspec.Struct, frozen=True):
    """A line of the menu: at most three words, shown to whoever holds `permission` somewhere; `place` is the part of the menu."""

    word: str  # msgid
    address: str
    permission: str | None
    place: Literal["work", "box"] = "work"
    weight: int = 100


class Sum(msgspec.Struct, frozen=True):
    """How a day was found: from where, step by step, by which rule. `counted`: the step of working days, if there is one."""

    start: Words
    steps: tuple[Words, ...] = ()
    counted: Counted | None = None
    rule: Rule | None = None


class Due(msgspec.Struct, frozen=True):
    """Something to do: what (verb first), where, by when, in a line why. `about`: the persons whom it names.

    `sum`: how the day was found, shown to who asks. `count`: of how many things the line stands for.
    """

    what: Words
    address: str
    by: dt.date | None = None
    why: Words | None = None
    about: tuple[str, ...] = ()
    sum: Sum | None = None
    count: int = 1


class Check(msgspec.Struct, frozen=True):
    """What a health check found: worst first on the page. `sentence` says it with the number, `step` what to do next.

    `technique` is for whoever runs the box: the same story in their words. Nothing in it is about a person.
    """

    name: Words
    state: Literal["good", "attention", "trouble", "off"]
    sentence: Words
    step: Words | None = None
    technique: Words | None = None


def _none(_: "Draft") -> bool:
    return False


class Held(msgspec.Struct, frozen=True):
    """What a plugin holds on a person besides the records about that person.

    `records`: ids of records about somebody or something else that speak of the person: they are erased with the others.
    `elsewhere`: what lies outside the log and the box's own files, or has to be looked for by a person, each a sentence.
    `is_harmless`: whether a draft of the plugin's area speaks of nobody; every other one is dropped by any erasure.
    """

    records: tuple[str, ...] = ()
    elsewhere: tuple[Words, ...] = ()
    is_harmless: Callable[["Draft"], bool] = _none


class Number(msgspec.Struct, frozen=True):
    """A number for the first page, with the list behind it."""

    label: Words
    value: int
    address: str


class Naming(msgspec.Struct, frozen=True):
    """Who knows what people are called: ids -> full names on a day."""

    names: Callable[["Read", Collection[str], dt.date], dict[str, str]]


class Saying(msgspec.Struct, frozen=True):
    """How an entry of some kind reads in a timeline: a msgid; `{field}` stands for the record's field."""

    kind: str
    msgid: str


class ReadPages(msgspec.Struct, frozen=True):
    """What a plugin's pages (by the name that `visit.reading` has) and its covered values are called to whoever was read."""

    pages: Mapping[str, Words]
    fields: Mapping[str, Words] = {}


@hookspec
def kinds() -> Sequence[type[Record]]:
    """The records that this plugin states: `<plugin>.<past tense>.<n>`, frozen in its `kinds.lock`."""


@hookspec
def projections() -> Sequence[Projection]:
    """The projections that this plugin owns; their names begin with its own."""


@hookspec
def commands() -> Commands:
    """The commands of this plugin, served at `/api/<plugin>/<command>`."""


@hookspec
def roles() -> Sequence[Role]:
    """Roles that posts may bear, besides core's."""


@hookspec
def rules() -> Sequence[Rule]:
    """Lines of the rule book that this plugin brings along."""


@hookspec
def pages() -> Sequence[Any]:
    """Litestar handlers of pages, mounted at `/<plugin>`."""


@hookspec
def nav() -> Sequence[NavEntry]:
    """Lines of the menu."""


@hookspec
def acts() -> Sequence[NavEntry]:
    """What is done most, as buttons of the first page for who may: at most two, the weightiest (the smallest `weight`) first."""


@hookspec
def names() -> Naming:
    """How to find what people are called. Core's person has an id and a sign-in only."""


@hookspec
def sayings() -> Sequence[Saying]:
    """How this plugin's records read in a timeline."""


@hookspec
def read_pages() -> ReadPages:
    """What its pages and covered values are called on the page that tells people who has read about them."""


@hookspec
def due() -> Callable[["Read", str], Sequence[Due]]:
    """A function (read, person) -> what that person has to do."""


@hookspec
def numbers() -> Callable[["Read", Collection[str]], Sequence[Number]]:
    """A function (read, units in which the visitor may view) -> a few numbers for the first page."""


@hookspec
def health() -> Callable[["Read"], Sequence[Check]]:
    """A function (read) -> checks of this plugin's own state."""


@hookspec
def held_on() -> Callable[["Read", str], Held]:
    """A function (read, person) -> what this plugin holds on a person besides the records about them."""


@hookspec
def tasks() -> Sequence[Any]:
    """Background tasks: see `chibox.plugin.Task`."""


@hookspec
def cli() -> Sequence[CliCommand]:
    """Commands of the command line, `chibox <name>`. They ask the running box by `chibox.plugin.Running`."""


@hookspec
def demo() -> Callable[["Filling", "Commune"], "Iterator[Step]"]:
    """A function (filling, commune) that fills a practice box by commands only, and yields a step now and then.

    It walks from `filling.start` to today, in the order of time. The same seed gives the same records.
    """
