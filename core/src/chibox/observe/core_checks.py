"""What core looks at: writer, log, tables, plugins, disk, clock, background work, size, age of the newest record."""

import shutil
from collections.abc import Callable
from typing import Final

from chibox.clock import day
from chibox.errors import words
from chibox.hooks import Check
from chibox.office import Office
from chibox.projections.catchup import INDEX
from chibox.reading import Read
from chibox.records.checkpoints import Checkpoint, CheckpointError
from chibox.records.log import LogReader
from chibox.records.notes import NoteError, open_note

_GB: Final = 1_000_000_000
_LITTLE, _NEARLY_NONE = 5 * _GB, 1 * _GB
_MINUTE: Final = 60_000
_BACK: Final = 5 * _MINUTE
_OLD_WORK: Final = 13 * 60 * _MINUTE
_MANY_WAIT: Final = 100


def writer(office: Office, _: Read) -> Check:
    """Whether anything can be recorded."""
    name, box = words("Recording"), office.box
    if (stopped := box.stopped) is not None:
        return Check(name, "trouble", stopped.words, stopped.step, stopped.technique)
    return Check(name, "good", words("The box records what is asked; {count} acts wait.", count=box.writer.waiting))


def log(_: Office, read: Read) -> Check:
    """Whether the end of the log is the one that was signed."""
    name, reader = words("The log"), LogReader(read.connection, read.box)
    head = reader.head()
    try:
        signed = Checkpoint.parse(open_note(head.note, [reader.verifier(head)]).text)
    except (NoteError, CheckpointError) as error:
        technique = words("The checkpoint cannot be verified: {error}", error=type(error).__name__)
        return Check(name, "trouble", words("The signature at the end of the log is not right."), _CALL, technique)
    if (signed.size, signed.root) != (head.size, head.root):
        sentence = words("The log has {size} entries, {signed} of them signed.", size=head.size, signed=signed.size)
        return Check(name, "trouble", sentence, _CALL)
    technique = words("Origin {origin}; {key}", origin=signed.origin, key=reader.verifier(head).vkey)
    return Check(name, "good", words("{size} entries, all signed.", size=head.size), None, technique)


def tables(office: Office, read: Read) -> Check:
    """Whether a projection has stopped or is behind."""
    name = words("Tables")
    stopped = sorted({projection.plugin for projection in office.box.engine.stopped})
    if stopped:
        sentence = words("The tables of {names} have stopped; their pages show what was there before.",
                         names=", ".join(stopped))  # fmt: skip
        where = {p.name: at for p, at in office.box.engine.stopped.items()}
        technique = words("Stopped at: {where}", where=", ".join(f"{n} {at}" for n, at in sorted(where.items())))
        return Check(name, "trouble", sentence, _CALL, technique)
    size = LogReader(read.connection, read.box).head().size
    rows = read.connection.execute(
        "SELECT projection FROM cursor WHERE box=? AND position<? AND projection<>?", (read.box, size, INDEX)
    )
    behind = [projection for (projection,) in rows]
    if behind:
        return Check(name, "attention", words("Behind the log: {names}.", names=", ".join(behind)))
    return Check(name, "good", words("All tables hold what was recorded."))


def plugins(office: Office, _: Read) -> Check:
    """Whether a plugin is broken."""
    name, found = words("Plugins"), office.box.plugins
    if found.broken:
        names = ", ".join(sorted({one.name for one in found.broken}))
        technique = words("{why}", why="; ".join(f"{one.name}: {one.why}" for one in found.broken))
        return Check(name, "trouble", words("Does not run: {names}.", names=names), _CALL, technique)
    return Check(name, "good", words("All run: {names}.", names=", ".join(found.names)))


def disk(office: Office, _: Read) -> Check:
    """How much room there is."""
    name, usage = words("Disk"), shutil.disk_usage(office.box.folder)
    free, whole = round(usage.free / _GB, 1), round(usage.total / _GB, 1)
    sentence = words("{free} GB left of {whole} GB.", free=free, whole=whole)
    if usage.free < _NEARLY_NONE:
        return Check(name, "trouble", sentence, words("Make room today: with a full disk nothing is recorded"))
    if usage.free < _LITTLE:
        return Check(name, "attention", sentence, words("Make room"))
    return Check(name, "good", sentence)


def clock(office: Office, _: Read) -> Check:
    """Whether the clock may be right."""
    name, now, last = words("Clock"), office.box.clock.now(), office.box.log.last_time
    if now < last - _BACK:
        sentence = words("The clock is {minutes} minutes behind the last entry.", minutes=(last - now) // _MINUTE)
        return Check(name, "trouble", sentence, words("Set the clock of the box"))
    return Check(name, "good", words("The clock runs on from the last entry."))


def work(office: Office, _: Read) -> Check:
    """Whether background work goes on."""
    name, queue = words("Background work"), office.work
    if queue is None:
        return Check(name, "off", words("Not started in this process."))
    if not queue.alive:
        return Check(name, "trouble", words("Nobody does it: sessions and old data are not tidied up."), _CALL)
    failed = {task: run.failed for task, run in queue.runs.items() if run.failed}
    if failed:
        technique = words("Failed: {what}", what=", ".join(f"{task} {why}" for task, why in sorted(failed.items())))
        return Check(
            name, "attention", words("{count} tasks failed the last time.", count=len(failed)), None, technique
        )
    waiting = queue.waiting
    return Check(name, "attention" if waiting > _MANY_WAIT else "good", words("{count} tasks wait.", count=waiting))


def size(office: Office, _: Read) -> Check:
    """How large the box has grown."""
    files = [path for path in office.box.folder.glob("*.db*") if path.is_file()]
    megabytes = round(sum(path.stat().st_size for path in files) / 1_000_000, 1)
    return Check(words("Size"), "good", words("The databases take {megabytes} MB.", megabytes=megabytes))


def newest(_: Office, read: Read) -> Check:
    """How old the newest record is."""
    last = LogReader(read.connection, read.box).head().last_time
    days = (read.today - day(last)).days
    name = words("Newest record")
    if days <= 0:
        return Check(name, "good", words("From today."))
    return Check(name, "good", words("From {day}, {days} days ago.", day=day(last), days=days))


_CALL: Final = words("Call whoever looks after the box")
CHECKS: Final[tuple[Callable[[Office, Read], Check], ...]] = (
    writer, log, tables, plugins, disk, clock, work, size, newest,
)  # fmt: skip


def unheard(name: str, error: Exception) -> Check:
    """A check that could not be made is a trouble of its own."""
    technique = words("{what} raised {error}", what=name, error=type(error).__name__)
    sentence = words("A check could not be made: {name}.", name=name)
    return Check(words("Checks"), "trouble", sentence, _CALL, technique)
