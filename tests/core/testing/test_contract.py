"""The contract suite finds what it is there to find: each check is shown a plugin that breaks its line."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from tests.core import toys
from tests.core.testing.specimens import odd, things
from tests.core.toys import Hidden, Hide, Made, Make, Painted, Toy, toy_plugins

from chibox.commands import Commands
from chibox.hooks import Saying
from chibox.kindslock import write_lock
from chibox.plugin import Command, Plain, Projection, Record, Row, Stated, kind
from chibox.testing.boxes import Sandbox
from chibox.testing.contract import CHECKS, check_swap, code, commands, kinds
from chibox.testing.contract.subject import installed, subject, subject_of


@kind("odd.made.1", day="made")
class Odd(Record, frozen=True):
    """A kind that does nothing right."""

    made: str
    weight: float
    tags: list[str] = msgspec.field(default_factory=list)
    số: Plain[str] = ""  # noqa: PLC2401  that is its fault


class Loose(msgspec.Struct):
    """A struct that can be changed."""

    name: Plain[str]


@kind("odd.nested.1")
class Nested(Record, frozen=True):
    """A kind with a struct inside."""

    inside: Plain[Loose]
    word: Plain[Literal["a", "b"] | None] = None
    days: Plain[tuple[dt.date, ...]] = ()


def test_toys_keep_all_but_what_they_lack(tmp_path: Path) -> None:
    """The toys of these tests are sound but for a lock and a catalogue."""
    found = subject_of(toy_plugins(), "toys")._replace(folder=tmp_path)
    faults = {check.__name__: check(found) for check in CHECKS}
    assert [name for name, some in faults.items() if some] == ["kinds_lock"]
    write_lock(tmp_path, found.records)
    assert kinds.kinds_lock(found) == []


def test_a_changed_kind_is_named(tmp_path: Path) -> None:
    """Changed, gone or new: each by name."""
    write_lock(tmp_path, (Made, Painted))
    (tmp_path / "kinds.lock").write_text((tmp_path / "kinds.lock").read_text().replace("painted.1 ", "painted.1 0"))
    faults = kinds.kinds_lock(odd(tmp_path, (Made, Painted, Hidden)))
    assert [fault.split()[0] for fault in faults] == ["toys.painted.1", "toys.hidden.1"]


def test_types_that_no_record_holds_are_named(tmp_path: Path) -> None:
    """Floats, lists, structs that can be changed, defaults made anew, a name beyond ASCII, a day that is no date."""
    faults = "\n".join(kinds.kinds_are_plain(odd(tmp_path, (Odd, Nested))))
    for said in (
        "weight: a record holds no float",
        "tags: a record holds no",
        "tags: a default",
        "số: its name",
        "inside: a struct",
    ):
        assert said in faults
    assert "made: the day" in faults
    assert "word" not in faults
    assert "days" not in faults


def test_fields_without_a_class_are_named(tmp_path: Path) -> None:
    """Of kinds and of rows; keys need none."""
    projection = Projection("odd.things")

    @projection.table("thing", key=("subject", "other"))
    class Thing(Row, frozen=True):
        subject: str
        other: str
        name: str
        size: Plain[int]

    faults = kinds.fields_have_classes(odd(tmp_path, (Odd,), projection))
    assert [fault.split(":")[0] for fault in faults] == [
        "odd.made.1.made", "odd.made.1.weight", "odd.made.1.tags", "odd_thing_1.name",
    ]  # fmt: skip


def test_defaults_of_rows_and_foreign_tables_are_named(tmp_path: Path) -> None:
    """A default that is made anew; a table of another name; a fold into another projection's table."""
    projection = things(lambda row, entry: row)

    class Fresh(Row, frozen=True):
        subject: str
        name: Plain[str] = msgspec.field(default_factory=str)

    projection.table("fresh")(Fresh)
    assert "odd_fresh_1.name" in kinds.rows_take_no_default_from_chance(odd(tmp_path, (), projection))[0]
    projection.tables[Toy] = toys.toys.tables[Toy]
    assert "not a table of odd" in kinds.tables_bear_the_plugins_name(odd(tmp_path, (), projection))[0]
    del projection.tables[Toy]
    projection.folds["toys.painted.1"] = toys.toys.folds["toys.painted.1"]
    assert "another projection's" in kinds.tables_bear_the_plugins_name(odd(tmp_path, (), projection))[0]


def test_sayings_that_do_not_fit_are_named(tmp_path: Path) -> None:
    """Of another plugin's kind, or with a field that the record does not have."""
    sayings = (Saying("toys.made.1", "A toy"), Saying("odd.made.1", "{made} {size}"), Saying("odd.gone.1", "Gone"))
    faults = kinds.sayings_fit_their_kinds(odd(tmp_path, (Odd,), sayings=sayings))
    assert [fault.split(":")[0] for fault in faults] == ["toys.made.1", "odd.made.1", "odd.gone.1"]
    assert "no field size" in faults[1]


class Ask(Command, frozen=True):
    """Ask."""

    subject: str


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (lambda c, _: [], "nobody may"),
        (lambda c, _: [("administer", c.subject)], "no permission"),
        (lambda c, _: [("toys.capture", c.subject)], "permission of toys"),
    ],
)
def test_a_command_that_asks_for_the_wrong_permission_is_named(tmp_path: Path, needs: Any, said: str) -> None:
    """None at all, none that is one, or another plugin's."""
    some = Commands("odd")

    @some.decides(needs=needs, about="person")
    def ask(command: Ask, read: Any) -> list[Stated]:
        return []

    found = odd(tmp_path, (), None, commands=some)
    assert said in "\n".join(commands.commands_need_a_permission(found))
    assert commands.commands_are_described(found) == [
        "ask: ask does not say what it does",
        "ask: there is no field person",
    ]


def test_code_that_reaches_around_the_api_is_named(tmp_path: Path) -> None:
    """Whatever form the import has; a refusal without words; a sentence without its translation."""
    (tmp_path / "plugin.py").write_text(
        '"""Odd."""\n'
        "import chibox.box\n"
        "from chibox import writer\n"
        "from chibox.records.log import LogReader\n"
        "from chibox.plugin import Refused, words\n"
        "from chibox_membership.tables import Member\n"
        "from chibox_membership.records import Entered\n"
        "from chibox_membership import commands\n"
        "class Away(Refused):\n    pass\n"
        "def ask():\n    raise Away\n"
        "def tell():\n    raise Refused()\n"
        'def say():\n    return words("Spoken")\n'
    )
    found = odd(tmp_path)
    lines = [fault.split(":")[1] for fault in code.imports_only_the_plugin_api(found)]
    assert lines == ["2", "3", "4", "6", "8"]
    assert [fault.split(":")[1] for fault in code.refusals_have_words(found)] == ["12", "14"]
    assert any("Spoken" in fault for fault in code.words_are_translated(found))


def test_a_script_that_tells_people_apart_fails_the_swap_test() -> None:
    """An act about one person more than about another shows; so does an open record; hiding the roll does not."""

    def toys_of(made: Sandbox, people: Sequence[str], order: Sequence[int]) -> tuple[str, list[str]]:
        clerk = made.someone("clerk")
        answer = made.ask(Make(unit=made.root, names=tuple(map(str, range(len(people))))), actor=clerk)
        made_toys = [made.entry(p).subject for p in range(answer.first, answer.last + 1)]
        return clerk, [made_toys[n] for n in order]

    def fair(made: Sandbox, people: Sequence[str]) -> None:
        order = sorted(range(len(people)), key=lambda n: people[n])
        clerk, some = toys_of(made, people, order)
        for toy in some:
            made.ask(Hide(toys=(toy,), place="attic"), actor=clerk)

    def unfair(made: Sandbox, people: Sequence[str]) -> None:
        fair(made, people)
        clerk = made.someone("clerk")
        if people[0] < people[1]:
            made.ask(Make(unit=made.root, names=("more",)), actor=clerk)

    assert check_swap(toy_plugins(), fair) == []
    assert "tells two people apart" in check_swap(toy_plugins(), unfair)[0]


def test_what_is_not_installed_fails() -> None:
    """A name that is nobody's, and one that is broken, fail the contract instead of passing it unread."""
    assert "core" in installed()
    with pytest.raises(AssertionError, match="no plugin odd"):
        subject("odd")
