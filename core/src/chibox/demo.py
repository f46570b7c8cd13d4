"""The practice box of `make run`: a synthetic commune, filled by commands only, three years of records that end today."""

import datetime as dt
import random
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from chibox import keys
from chibox.birth import Founding
from chibox.box import Box
from chibox.clock import Clock, GivenClock, SystemClock, day
from chibox.core_commands import Appoint, CreateUnit, RegisterPerson
from chibox.errors import Refused, words
from chibox.filling import Filling, Step
from chibox.identity import service
from chibox.identity.built_in import BuiltIn
from chibox.locking import Lock
from chibox.plugins import Plugins
from chibox.testing.commune import Commune, Size, commune
from chibox.testing.commune.staff import Staff, StaffRole
from chibox.testing.dice import later

NAME: Final = "demo.sao-mai.lam-son"
SEED: Final = 1
YEARS: Final = 3
FILE: Final = "ready.password"  # in the folder of the box
_LETTERS: Final = "abcdefghjkmnpqrstvwxyz23456789"
_GROUPS, _GROUP = 3, 4  # 58 bits
Told = Callable[[Step], object]


class Account(NamedTuple):
    """Somebody who can sign in to a practice box: under which name, in which role; which posts of the staff it may be."""

    sign_in: str
    role: str
    staff: tuple[StaffRole, ...] = ()


CLERK: Final = "clerk"
ACCOUNTS: Final = (
    Account("quantri", "administrator"),
    Account("canbo", CLERK, ("clerk", "office")),
    Account("bithu", "committee_secretary", ("secretary",)),
    Account("bithuchibo", "cell_secretary", ("cell_secretary",)),
    Account("kythuat", "operator"),
)
_BETWEEN: Final = dt.timedelta(days=330)  # a box whose clock jumps by more than a year asks whether it is right


def fill(
    folder: Path,
    told: Told,
    *,
    size: Size = "usual",
    seed: int = SEED,
    clock: Clock | None = None,
    plugins: Plugins | None = None,
) -> None:
    """Make a practice box in `folder` and fill it, telling each step. It stands there when it is complete, and not before.

    Everything in it but keys and passwords follows from `seed`, `size` and the day. A crash, or kill -9, leaves only the
    hidden folder beside it in which it was being made; the next call clears that away. Raises Refused where something
    stands in `folder` already, and while another process is filling it.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("There is something in {folder} already: a box is born into an empty folder.", folder=folder)
    work = folder.absolute().with_name(f".{folder.name}.filling")
    work.mkdir(parents=True, exist_ok=True)
    lock = Lock(work / "lock")
    try:
        _clear(work)
        made = work / "box"
        people = _fill(made, told, size, seed, clock or SystemClock(), plugins or Plugins.discover())
        _choose_password(made, people.values())
        made.rename(folder)
        keys.sync_folder(folder.absolute().parent)
        shutil.rmtree(work)
    finally:
        lock.release()


def password(folder: Path) -> str:
    """The password that the accounts of a practice box were made with, at random; nothing for any other box."""
    path = folder / FILE
    return path.read_text().strip() if path.exists() else ""


def is_practice(folder: Path) -> bool:
    """Whether the box in `folder` was made here."""
    return (folder / FILE).exists()


def _clear(work: Path) -> None:
    """What a filling that was killed has left."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path)


def _fill(folder: Path, told: Told, size: Size, seed: int, real: Clock, plugins: Plugins) -> dict[str, str]:
    latest = real.now()
    today = day(latest)
    start = later(today, -YEARS)
    its = commune(size, seed=seed, today=today)
    told(Step(words("Invented people and units"), len(its.members), len(its.members)))
    clock, drawn = GivenClock.on(start), random.Random(f"{seed}/box").randbytes  # noqa: S311 - play data, no secret
    founding = Founding(name=NAME, committee=its.name, above=its.province, sign_in=ACCOUNTS[0].sign_in)
    administrator = Box.init(folder, founding, clock=clock, plugins=plugins, random=drawn)
    box = Box.open(folder, clock=clock, plugins=plugins, random=drawn)
    try:
        filling = Filling(box, clock, start, today, seed, latest)
        seeding = service.service_of(box.picture)
        filling.people |= {"administrator": administrator, service.ROLE: seeding, CLERK: seeding}
        for step in _steps(filling, its, plugins):
            filling.settle()
            told(step)
    finally:
        box.close()
    return {role: person for role, person in filling.people.items() if role != service.ROLE}


def _steps(filling: Filling, its: Commune, plugins: Plugins) -> Iterator[Step]:
    filling.on(filling.start)
    yield from _units(filling, its)
    for _, demo in plugins.each("demo"):
        for step in demo(filling, its):
            _appoint_known(filling, its)
            yield step
    _appoint_others(filling, its)
    yield Step(words("Accounts"), len(filling.people) - 1, len(ACCOUNTS))


def _units(filling: Filling, its: Commune) -> Iterator[Step]:
    made = [
        filling.submit("administrator", CreateUnit(parent=filling.root, name=cell.name, kind="cell", day=filling.start))
        for cell in its.cells
    ]
    filling.cells = tuple(filling.subjects(future.result())[0] for future in made)
    yield Step(words("Cells"), len(filling.cells), len(its.cells))


def _appoint_known(filling: Filling, its: Commune) -> None:
    """Appoint those of the staff whom a plugin has come to know as members, each once."""
    for account, someone in _missing(filling, its):
        person = None if someone is None or someone.member is None else filling.members.get(someone.member)
        if person is not None:
            _appoint(filling, account, person, _unit(filling, someone))


def _appoint_others(filling: Filling, its: Commune) -> None:
    """Appoint somebody to each post that is left. Where no plugin has told of these years, they pass by with these acts."""
    for number, (account, someone) in enumerate(_missing(filling, its), 1):
        filling.on(filling.start + number * _BETWEEN)
        _appoint(filling, account, None, _unit(filling, someone))


def _missing(filling: Filling, its: Commune) -> list[tuple[Account, Staff | None]]:
    """The accounts that nobody has yet, and who holds such a post in the commune: a known member if there is one."""
    found: list[tuple[Account, Staff | None]] = []
    for account in ACCOUNTS:
        if filling.people.get(account.role) in (None, filling.people[service.ROLE]):
            held = [one for one in its.staff if one.role in account.staff]
            known = (one for one in held if one.member in filling.members)
            found.append((account, next(known, held[0] if held else None)))
    return found


def _unit(filling: Filling, someone: Staff | None) -> str:
    return filling.root if someone is None or someone.cell is None else filling.cells[someone.cell]


def _appoint(filling: Filling, account: Account, person: str | None, unit: str) -> None:
    who = person or filling.random(16).hex()
    filling.submit("administrator", RegisterPerson(sign_in=account.sign_in, person=who))
    filling.submit("administrator", Appoint(person=who, role=account.role, unit=unit, day=filling.start))
    filling.people[account.role] = who


def _choose_password(folder: Path, people: Iterable[str]) -> None:
    """One password for all accounts, made at random for this box and kept in it: the people are invented, and all they do."""
    chosen = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    accounts = BuiltIn.open(folder)
    try:
        for person in people:
            accounts.choose_secret(accounts.one_time_link(person), chosen, chosen)
    finally:
        accounts.close()
    keys.write_private(folder / FILE, f"{chosen}\n".encode())
