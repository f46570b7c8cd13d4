"""Commands: each says what it needs, and is asked for by a name that reads well."""

import datetime as dt
import random
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, get_type_hints

import msgspec

from chibox.clock import GivenClock
from chibox.commands import Definition
from chibox.errors import ChiboxError
from chibox.identity.permissions import SELF, Need
from chibox.plugins import CORE
from chibox.testing.boxes import TODAY, sandbox
from chibox.testing.contract.subject import Check, Subject
from chibox.testing.records import random_id, random_value
from chibox.text import Unclean

_TRIES: Final = 20
_is_permission = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*").fullmatch


def commands_are_described(plugin: Subject) -> list[str]:
    """Each command, and what decides on it, says in a sentence what it does; its subject's field is there."""
    faults = [
        f"{definition.name}: {what.__name__} does not say what it does"
        for definition in plugin.commands
        for what in (definition.command, definition.decide)
        if not (what.__doc__ or "").strip()
    ]
    return faults + [
        f"{definition.name}: there is no field {definition.about}"
        for definition in plugin.commands
        if definition.about is not None and definition.about not in definition.command.__struct_fields__
    ]


def commands_need_a_permission(plugin: Subject) -> list[str]:
    """Whatever is asked, by whom it may be asked is said: permissions of this plugin or of core, or that one acts on oneself."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox(Path(folder) / "box", plugin.plugins, clock=GivenClock.on(TODAY)) as made,
        made.reading() as read,
    ):
        rng = random.Random(plugin.name)
        return [fault for definition in plugin.commands for fault in _needs_of(plugin, definition, rng, read)]


def _needs_of(plugin: Subject, definition: Definition, rng: random.Random, read: Any) -> list[str]:
    told: list[list[Need]] = []
    for _ in range(_TRIES):
        command = random_command(definition.command, rng, [read.picture.root, random_id(rng)])
        with suppress(ChiboxError, Unclean):  # what it is about is not there
            told.append(list(definition.needs(command, read)))
    if len(told) == _TRIES and not any(told):
        return [f"{definition.name}: needs nothing, whatever is asked: nobody may ask it"]
    permissions = {permission for needs in told for permission, _ in needs if permission != SELF}
    faults = [f"{definition.name}: {p} is no permission" for p in sorted(permissions) if not _is_permission(p)]
    areas = {permission.partition(".")[0] for permission in permissions} - {plugin.name, CORE}
    return faults + [f"{definition.name}: asks for a permission of {area}" for area in sorted(areas)]


def random_command(command: type[msgspec.Struct], rng: random.Random, ids: list[str]) -> Any:
    """A command with values that fit the types of its fields."""
    hints = get_type_hints(command)
    day = dt.date(TODAY.year, TODAY.month, TODAY.day)
    return command(
        **{
            field.name: random_value(hints[field.name], rng, day=day, ids=ids)
            for field in msgspec.structs.fields(command)
            if field.required or rng.random() < 0.5
        }
    )


COMMANDS: Final[tuple[Check, ...]] = (commands_are_described, commands_need_a_permission)
