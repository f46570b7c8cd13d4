"""A log made by hand and signed all the same: what a child with a right key could send."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from chibox.records.canonical import encode as canonical
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import HOUR, SEALED, Envelope, encode
from chibox.records.merkle import leaf_hash, root_of
from chibox.records.notes import Signer, sign, to_base64
from chibox.records.parts import Part, commitment
from chibox.records.proofs import consistency_proof
from chibox.replication.children import Child
from chibox.replication.receive import Push
from chibox.testing.boxes import seeded

NAME, BOX, UNIT, TIME = "demo.forger", "b" * 32, "e" * 32, 1_790_000_000_000
SIGNER = Signer(f"{NAME}/log/1", seeded(4)(32))
CHILD = Child(BOX, NAME, to_base64(SIGNER.verifier.public_key))
SALT = bytes(32)


class Forged(NamedTuple):
    """An entry and what is given of it."""

    data: bytes
    parts: dict[str, Part]


def forged(number: int, body: object = None, **fields: Any) -> Forged:
    """An entry that keeps all rules, but for the fields and the body that are given."""
    rid = fields.pop("rid", f"{number:032x}")
    kind = fields.pop("kind", "toys.painted.1" if number else "core.founded.1")
    stored = body if isinstance(body, bytes) else canonical(body or _body(number, kind, rid))
    usual: dict[str, Any] = {
        "act": f"{number:031x}f",
        "by": "a" * 32 if kind != SEALED else BOX,
        "subject": "d" * 32 if number else BOX,
        "time": TIME if kind != SEALED else TIME // HOUR * HOUR,
        "unit": UNIT,
        "refs": (),
    }
    parts = {"body": commitment(rid, "body", SALT, stored)}
    return Forged(encode(Envelope(kind=kind, rid=rid, parts=parts, **(usual | fields))), {"body": Part(SALT, stored)})


def _body(number: int, kind: str, rid: str) -> dict[str, Any]:
    if kind == "core.founded.1":
        return {
            "c": {},
            "f": {
                "administrator": "a" * 32, "committee": "Sao Mai", "committee_kind": "cell", "day": "2026-11-01",
                "key": CHILD.key, "name": NAME, "sign_in": "quantri",
            },
        }  # fmt: skip
    if kind == SEALED:
        hidden = {"kind": "toys.hidden.1", "subject": "d" * 32, "by": "a" * 32, "unit": UNIT, "time": TIME, "refs": []}
        return {"c": hidden, "f": {"place": "attic"}}
    return {"c": {}, "f": {"colour": f"colour {number}", "day": "2026-11-02"}}


def push(entries: Sequence[Forged], *, first: int = 0, before: Sequence[Forged] = (), **changed: Any) -> Push:
    """These entries, all of them signed, behind those of `before`."""
    leaves = [leaf_hash(entry.data) for entry in (*before, *entries)]
    note = sign(Checkpoint(SIGNER.verifier.name, len(leaves), root_of(leaves)).text(), [SIGNER])
    usual: dict[str, Any] = {
        "checkpoint": note,
        "first": first,
        "entries": [e.data for e in entries],
        "parts": [e.parts for e in entries],
    }
    return Push(**(usual | changed))


def grown(old: int, entries: Sequence[Forged]) -> list[bytes]:
    """The proof that the tree of these entries begins with that of the first `old` of them."""
    leaves = [leaf_hash(entry.data) for entry in entries]
    return consistency_proof(old, len(leaves), lambda level, n: root_of(leaves[n << level : (n + 1) << level]))
