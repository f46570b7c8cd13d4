"""What serves people around a box: accounts and sessions, the access log, drafts, figures. Opened and closed with the box."""

from collections.abc import Mapping
from string import Formatter
from typing import Any, Final

from chibox import keys
from chibox.box import Box
from chibox.checking.pace import Pace
from chibox.checking.whole import WholeCheck
from chibox.drafts.file import DraftFile
from chibox.errors import Words
from chibox.hooks import Naming
from chibox.identity.access import AccessLog
from chibox.identity.built_in import BuiltIn
from chibox.identity.readers import Readers
from chibox.identity.sessions import Sessions
from chibox.identity.tables import Person
from chibox.observe.metrics import Measured, Metrics
from chibox.organisation.tables import BoxRow
from chibox.pagewords import PageWords
from chibox.records.stated import Entry
from chibox.web import formats
from chibox.web.locale import current, gettext

_HIDDEN: Final = "…"  # a value that the reader may not see, or that is not here


class Office:
    """The box and the files beside its log, for pages, API and tasks."""

    def __init__(self, box: Box) -> None:
        """Opens `accounts.db`, `access.db` and `drafts.db` in the box's folder; makes them when they are not there."""
        self.box = box
        self.accounts = BuiltIn.open(box.folder, box.clock, self.person_of)
        self.sessions = Sessions(self.accounts.store)
        self.readers = Readers(self.accounts.store)
        self.whole = WholeCheck(box.folder, box.clock)
        self.paces = {"claims": Pace(30, 300), "files": Pace(6, 30)}  # a minute, for who is not signed in
        self.access = AccessLog.open(box.folder)
        self.drafts = DraftFile.open(box.folder)
        self.token = keys.local_token(box.folder / "keys")
        self.metrics = Metrics()
        self.work: Any = None  # set by whoever starts background work; pages look at it, and give hints
        box.writer.hands = Measured(box.batch, self.metrics)
        self.naming: list[Naming] = [naming for _, naming in box.plugins.each("names")]
        self._sayings: dict[str, str] = {saying.kind: saying.msgid for saying in box.plugins.flat("sayings")}
        self.page_words = PageWords(box.plugins.each("read_pages"))
        with box.reading() as read:
            row = read.row(BoxRow, box.id)
        self.above = "" if row is None else row.above

    @property
    def is_demo(self) -> bool:
        """Whether it is a practice box."""
        return str(self.box.name).startswith("demo.")

    def person_of(self, sign_in: str) -> str | None:
        """The person known to the box by that name, or None."""
        with self.box.reading() as read:
            rows = read.rows(Person, read.select(Person).where(read.table(Person).sign_in == sign_in).limit(1))
        return rows[0].subject if rows and sign_in else None

    def sign_in_of(self, person: str) -> str:
        """The name by which a person signs in; empty for nobody."""
        with self.box.reading() as read:
            row = read.row(Person, person)
        return "" if row is None else row.sign_in

    def generation_of(self, position: int) -> int:
        """In which generation of the log the entry at `position` was first written."""
        return self.box.log.reader.lineage.generation_of(position)

    def number(self, position: int) -> str:
        """The receipt number, for programs."""
        generation = self.generation_of(position)
        return str(position) if generation == 1 else f"{position}/{generation}"

    def shown_number(self, position: int) -> str:
        """The receipt number as the reader's language writes it: 48.390."""
        generation = self.generation_of(position)
        shown = formats.number(position, current())
        return shown if generation == 1 else f"{shown}/{generation}"

    def saying(self, entry: Entry[Any], values: Mapping[str, Any]) -> str:
        """How an entry reads, in the reader's language, with the fields in `values`; a kind that nobody words, by its name."""
        msgid = self._sayings.get(entry.kind)
        if msgid is None:
            return entry.kind
        return gettext(msgid, **{field: self._worded(field, values.get(field)) for field in fields_of(msgid)})

    def _worded(self, field: str, value: Any) -> Any:
        if field == "role" and value in self.box.roles:
            return Words(self.box.roles[value].label, {})
        return _HIDDEN if value is None else value

    def close(self) -> None:
        """Close the files; the box stays open."""
        self.accounts.close()
        self.access.close()
        self.drafts.close()


def fields_of(msgid: str) -> set[str]:
    """The `{named}` places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(msgid) if name}
