"""What core looks at of a box's care: the age of the last backup, of the last rehearsal, and whether there is a sealed sheet."""

from collections.abc import Callable
from functools import wraps
from typing import Final, Literal

from chibox.backup import care, recovery
from chibox.clock import day
from chibox.errors import Words, words
from chibox.hooks import Check
from chibox.identity.roles import SERVICE
from chibox.office import Office
from chibox.reading import Read
from chibox.records.envelope import decode
from chibox.records.log import LogReader

_DAY: Final = 86_400_000
_MB: Final = 1_000_000
_TWO: Final = 2
ATTENTION, TROUBLE, REHEARSAL = 2, 7, 90  # days
_OPERATOR: Final = words("Call whoever looks after the box")
State = Literal["good", "attention", "trouble", "off"]
_Made = Callable[[Office, Read], Check]


def _not_for_practice(name: Words) -> Callable[[_Made], _Made]:
    """A practice box holds nobody's data: what it lacks of care is no fault of anybody's."""

    def around(check: _Made) -> _Made:
        @wraps(check)
        def looked(office: Office, read: Read) -> Check:
            if office.box.name.startswith("demo."):
                return Check(name, "off", words("A practice box needs none."))
            return check(office, read)

        return looked

    return around


@_not_for_practice(words("Backup"))
def backup(office: Office, read: Read) -> Check:
    """How old the last backup is; counted from the founding while there is none."""
    name, found, now = words("Backup"), care.read(office.box.folder), read.now
    since = _founded(read) if found.backup is None else found.backup.at
    days = max(now - since, 0) // _DAY
    state: State = "trouble" if days >= TROUBLE else "attention" if days >= ATTENTION else "good"
    technique = None if found.failed is None else words("The last try failed on {day}: {why}",
                                                        day=day(found.failed.at), why=found.failed.why)  # fmt: skip
    if found.backup is None:
        sentence = words("There is no backup yet; the box is {days} days old.", days=days)
        return Check(name, state, sentence, None if state == "good" else _OPERATOR, technique)
    technique = technique or words("{file}, {megabytes} MB, {size} entries", file=found.backup.file,
                                   megabytes=round(found.backup.bytes / _MB, 1), size=found.backup.size)  # fmt: skip
    sentence = words("The last backup is from {day}.", day=day(found.backup.at))
    if found.failed is not None and state == "good":
        state, sentence = (
            "attention",
            words("The last backup failed; the one before is from {day}.", day=day(found.backup.at)),
        )
    return Check(name, state, sentence, None if state == "good" else _OPERATOR, technique)


@_not_for_practice(words("Rehearsal"))
def rehearsal(office: Office, read: Read) -> Check:
    """Whether a backup was restored on trial in the last 90 days, and was good."""
    name, found = words("Rehearsal"), care.read(office.box.folder).rehearsal
    if found is None:
        return Check(name, "attention", words("No backup was ever restored on trial."), _OPERATOR)
    technique = words("{file}, {size} entries, {seconds} s", file=found.file, size=found.entries, seconds=found.seconds)
    if not found.good:
        sentence = words("The rehearsal of {day} failed: the backup did not give back the box.", day=day(found.at))
        return Check(name, "trouble", sentence, _OPERATOR, technique)
    sentence = words("A backup was restored on trial on {day}.", day=day(found.at))
    late = (read.now - found.at) // _DAY >= REHEARSAL
    return Check(name, "attention" if late else "good", sentence, _OPERATOR if late else None, technique)


@_not_for_practice(words("Sealed sheet"))
def sealed_sheet(office: Office, _: Read) -> Check:
    """Whether there is a recovery key, whose secret half is on paper, and the log key of today beside it."""
    name = words("Sealed sheet")
    if recovery.recipient(office.box.folder / "keys") is None:
        return Check(name, "attention", words("There is none: no backup can be made."), _OPERATOR)
    if recovery.log_key_on_sheet(office.box.folder / "keys") not in (office.box.key, recovery.ELSEWHERE):
        sentence = words("The log key on it is not the one by which the box signs. Make a new sheet.")
        return Check(name, "attention", sentence, _OPERATOR)
    return Check(name, "good", words("There is one. Look at its envelopes once a year."))


def _founded(read: Read) -> int:
    """When the box was founded, ms."""
    return decode(LogReader(read.connection, read.box).entry(0)).time


@_not_for_practice(words("Two people"))
def two_people(office: Office, read: Read) -> Check:
    """Whether two people could open the next generation of the log: after a restore nobody can be appointed any more."""
    name, picture = words("Two people"), read.picture
    people = [person for person, posts in picture.posts.items() if all(post.role != SERVICE for post in posts)]
    count = sum(office.box.succession.may(picture, person, read) is not None for person in people)
    if count >= _TWO:
        return Check(name, "good", words("{count} people could open the next generation of the log.", count=count))
    sentence = words("Only {count} people could open the next generation of the log; it takes two.", count=count)
    return Check(
        name, "attention", sentence, words("Appoint a second administrator, or the secretary of the committee")
    )


CHECKS: Final[tuple[_Made, ...]] = (backup, rehearsal, sealed_sheet, two_people)
