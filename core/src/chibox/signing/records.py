"""What a log says of itself: the generation that goes on where another ended, and the keys that sign it."""

from typing import Literal

from chibox.identity.classes import Plain
from chibox.records.record import Record, kind

Reason = Literal["restored", "behind", "forked", "copied", "mark_lost", "key_lost", "key_stolen"]


@kind("core.generation_opened.1", goes_up="parts", final=True)
class GenerationOpened(Record, frozen=True):
    """The first record of a generation's own: at position `size`, over the same entries as generation `before` up to there.

    Numbers grow; one may be passed over: a restored box does not know how many generations were opened after its backup.

    `root` (base64) is the root of that size in both. `orphans` are the signed checkpoints (whole notes) that this generation
    does not go on from: evidence, kept for ever. `key` (base64) is the public key that signs from here on. Two people: `asked_by`
    is the first, the entry's actor the second.
    """

    generation: Plain[int]
    before: Plain[int]
    size: Plain[int]
    root: Plain[str]
    orphans: Plain[tuple[str, ...]]
    reason: Plain[Reason]
    asked_by: Plain[str]
    key: Plain[str]


@kind("core.key_announced.1", goes_up="parts", final=True)
class KeyAnnounced(Record, frozen=True):
    """From the checkpoint over this record on, a second line by `key` (base64, Ed25519) stands on every checkpoint."""

    key: Plain[str]


@kind("core.key_retired.1", goes_up="parts", final=True)
class KeyRetired(Record, frozen=True):
    """From the checkpoint over this record on, the line by `key` stands on none any more; the announced key signs alone.

    `note` is the last checkpoint that both keys signed: by it whoever trusts the old key comes to trust the new one.
    """

    key: Plain[str]
    note: Plain[str]


RECORDS = (GenerationOpened, KeyAnnounced, KeyRetired)
