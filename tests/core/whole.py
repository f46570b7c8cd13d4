"""A box as a whole: the root that its entries must have, and every row that is folded from them."""

import hashlib
from typing import Any

from chibox.testing.boxes import Sandbox


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it is written: recursive, and nothing of the box in it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:k]) + merkle_root(leaves[k:])).digest()


def everything(made: Sandbox) -> dict[str, list[Any]]:
    """Every row of every table that is folded from the log."""
    run = made.box.database.writer
    tables = [t.name for p in made.box.engine.projections for t in p.tables.values()]
    columns = {
        name: [c[1] for c in run.execute(f'PRAGMA table_info("{name}")')]
        for name in [*tables, "record", "about", "link", "fact"]
    }
    return {
        name: sorted(
            run.execute(f'SELECT {", ".join(c for c in some if c != "id")} FROM "{name}"').fetchall(), key=repr
        )
        for name, some in columns.items()
    }
