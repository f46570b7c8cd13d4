"""Making the sealed sheet of a box, and telling whether a sheet that somebody typed is the one of this box."""

import os
from pathlib import Path
from typing import NamedTuple

import pyrage

from chibox import keys
from chibox.backup import recovery
from chibox.backup.assembling import signs
from chibox.backup.sheet import Secrets, Sheet, page
from chibox.beside import beside
from chibox.clock import Clock, SystemClock, local
from chibox.errors import Fatal, Refused, Words, words
from chibox.keys import write_private
from chibox.organisation.tables import Unit
from chibox.plugins import Plugins
from chibox.records.notes import Signer, fingerprint, to_base64


def make(
    folder: Path,
    out: Path | None,
    *,
    language: str,
    renew: bool = False,
    plugins: Plugins | None = None,
    clock: Clock | None = None,
) -> Sheet:
    """Make a recovery key, write its sheet to `out` (mode 600; None: nowhere), and keep its public half in the box.

    The sheet is durable before the box knows the key: a crash in between leaves a sheet of no use, never a box whose backups
    nobody can open. Raises Refused when there is a key already and it is not to be renewed, or something stands at `out`.
    """
    if recovery.recipient(folder / "keys") is not None and not renew:
        raise Refused(
            "This box has its sealed sheet, which is shown once only. A new one: chibox sheet {folder} --renew",
            folder=folder,
        )
    key = pyrage.x25519.Identity.generate()
    sheet = _sheet(folder, key, plugins, clock or SystemClock())
    if out is not None:
        try:
            write_private(out, page(sheet, language).encode())
        except FileExistsError:
            raise Refused("There is a file {file} already.", file=out) from None
    recovery.keep_public(folder / "keys", key, _public(sheet.seed) if sheet.seed else recovery.ELSEWHERE)
    return sheet


class Recognised(NamedTuple):
    """What a typed sheet turned out to be, in sentences; `good` when it is that of the box."""

    good: bool
    told: tuple[Words, ...]


def recognise(folder: Path, typed: Secrets) -> Recognised:
    """Whether these are the secrets of the box in `folder`: the key of its backups, and the key of its log."""
    kept = recovery.recipient(folder / "keys")
    with beside(folder) as box:
        vkey = box.log.verifier(box.head).vkey
    if kept is None or str(typed.identity.to_public()) != str(kept):
        return Recognised(
            good=False, told=(words("The recovery key is not the one of this box's backups: an older sheet?"),)
        )
    right = words("The recovery key is right: it opens the backups that this box makes.")
    if typed.seed is None:
        return Recognised(good=True, told=(right, words("No log key was typed.")))
    if not signs(typed.seed, vkey):
        return Recognised(good=False, told=(right, words("The log key is not the one by which this box signs.")))
    return Recognised(good=True, told=(right, words("The log key is right.")))


def _sheet(folder: Path, key: pyrage.x25519.Identity, plugins: Plugins | None, clock: Clock) -> Sheet:
    with beside(folder, plugins=plugins, clock=clock) as box:
        name = box.connection.execute("SELECT name FROM box WHERE no=1").fetchone()[0]
        read = box.read
        unit = read.row(Unit, read.picture.root)
        print_ = fingerprint(box.log.verifier(box.head).vkey)
    groups = " ".join(print_[at : at + 8] for at in range(0, len(print_), 8))
    day = f"{local(clock.now()):%d/%m/%Y}"
    return Sheet("" if unit is None else unit.name, name, day, groups, str(key), _seed(folder / "keys"))


def _public(seed: str) -> str:
    return to_base64(Signer("a/log/1", bytes.fromhex(seed)).verifier.public_key)


def _seed(folder: Path) -> str:
    """The log key as hex; empty where its file is not here: then the service manager has it."""
    try:
        return keys.seed(folder, "log.key").hex()
    except Fatal:
        if os.path.lexists(folder / "log.key"):
            raise
        return ""
