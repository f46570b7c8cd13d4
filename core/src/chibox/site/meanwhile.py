"""When a colleague was faster: who recorded what since the form was opened, beside what was typed."""

from typing import Any, Final

import msgspec

from chibox.commands import Command
from chibox.records.stated import Entry
from chibox.site.looking import Looking
from chibox.site.visit import Visit
from chibox.web.filling import Form, Meanwhile, as_typed

_MOST: Final = 10


def meanwhile(visit: Visit, command: Command, form: Form) -> None:
    """Put into `form` what was recorded about the command's subject since it was opened; it may then be sent again."""
    about = visit.office.box.definition(command).about
    subject = "" if about is None else str(getattr(command, about))
    hints = {field.name: field.type for field in msgspec.structs.fields(type(command))}
    with visit.reading("meanwhile") as looking:
        before = -1 if form.seen is None else form.seen
        newer = [entry for entry in looking.history(subject) if entry.position > before]
        newer.sort(key=lambda entry: -entry.position)
        names = looking.names({entry.by for entry in newer})
        for entry in newer[:_MOST]:
            values = _values(looking, entry, hints)
            said = visit.office.saying(entry, values)
            form.meanwhile.append(Meanwhile(names.get(entry.by, ""), entry.time, said, values))
        form.seen = looking.last(subject)


def _values(looking: Looking, entry: Entry[Any], hints: dict[str, Any]) -> dict[str, str]:
    """The fields that a record gives, as the visitor may see them, each as it is typed."""
    typed = {name: ", ".join(as_typed(value, hints.get(name))) for name, value in looking.told(entry).items()}
    return {name: text for name, text in typed.items() if text}
