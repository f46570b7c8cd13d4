"""The project's own vectors, from fixed seeds: `python tests/vectors/make.py` writes the JSON files beside it.

They are frozen: other implementations of the formats can be held against them, and so is every later version of this.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec

from chibox.records import canonical, envelope, tlog_proof
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import HOUR, SEALED, Envelope
from chibox.records.merkle import leaf_hash, root_of
from chibox.records.notes import Signer, fingerprint, sign
from chibox.records.parts import commitment, encode_parts
from chibox.records.proofs import consistency_proof, inclusion_proof
from chibox.records.tiles import bundles_of, encode_bundle, tiles_of
from chibox.records.wording import receipt_words

HERE = Path(__file__).parent
ORIGIN = "demo.xa-sao-mai.lamson/log/1"
TEXTS = ["", "Nguyễn Thị Hương", 'quote " backslash \\ slash / delete \x7f', "\x00\x1f\n\t\u2028\ufffd\U0001f600"]


def seeded(*words: object) -> bytes:
    """32 bytes that anyone can compute again: SHA-256 of the words, joined by blanks."""
    return sha256(" ".join(map(str, words)).encode()).digest()


def an_id(*words: object) -> str:
    """An id from a seed."""
    return seeded("id", *words).hex()[:32]


def an_envelope(number: int) -> tuple[Envelope, dict[str, tuple[bytes, bytes]]]:
    """The envelope with that number, and its parts: every third is sealed, every second of the others has a photo."""
    sealed = number % 3 == 2
    rid = an_id("rid", number)
    names = ["body"] if sealed or number % 2 else ["body", "photo"]
    parts = {
        name: (seeded("salt", number, name), canonical.encode({"c": {}, "f": {"name": name, "number": number}}))
        for name in names
    }
    made = Envelope(
        act=an_id("act", number),
        by=an_id("by"),
        kind=SEALED if sealed else "membership.admitted.1",
        parts={name: commitment(rid, name, salt, data) for name, (salt, data) in parts.items()},
        refs=() if sealed else tuple(f"{letter}{an_id('ref', number, letter)}" for letter in "ra"[: number % 4]),
        rid=rid,
        subject=an_id("subject", number),
        time=498_775 * HOUR + (0 if sealed else number),
        unit=an_id("unit"),
    )
    return made, parts


def keys() -> list[Signer]:
    """A log's key and a witness's."""
    return [Signer(ORIGIN, seeded("seed", "log")), Signer("lamson.example/w1", seeded("seed", "witness"))]


def tree(size: int) -> list[bytes]:
    """The leaf hashes of a tree whose entries are the numbers in decimal."""
    return [leaf_hash(str(number).encode()) for number in range(size)]


def read(level: int, index: int) -> bytes:
    """The hash of a complete subtree of that tree."""
    return root_of(tree((index + 1) << level)[index << level :])


def canonical_vectors() -> list[object]:
    """Values and their bytes."""
    keys_ = {"\ue000": 1, "\U0001f600": 2, "é": 3, "Z": 4, "a": 5, "": 6}
    values: list[object] = [
        None,
        True,
        False,
        0,
        -1,
        2**53 - 1,
        1 - 2**53,
        *TEXTS,
        [],
        {},
        keys_,
        {"b": [{"d": 1, "c": None}], "a": ()},
    ]
    return [{"value": value, "hex": canonical.encode(value).hex()} for value in values]


def envelope_vectors() -> list[object]:
    """Fields, bytes and leaf hash of envelopes."""
    found: list[object] = []
    for number in range(6):
        data = envelope.encode(an_envelope(number)[0])
        fields = msgspec.to_builtins(an_envelope(number)[0])
        found.append({"fields": fields, "text": data.decode(), "leaf": leaf_hash(data).hex()})
    return found


def commitment_vectors() -> list[object]:
    """Record, name, salt, bytes and commitment."""
    found: list[object] = []
    for name, data in (("body", b""), ("body", b"{}"), ("photo", bytes(range(256))), ("n" * 32, "lời".encode())):
        rid, salt = an_id("rid", name), seeded("salt", name)
        case = {"rid": rid, "name": name, "salt": salt.hex(), "data": data.hex()}
        found.append(case | {"commitment": commitment(rid, name, salt, data)})
    return found


def bundle_vectors() -> list[object]:
    """Entries and parts, and their bundles."""
    found: list[object] = []
    for count in (0, 1, 5):
        made = [an_envelope(number) for number in range(count)]
        given = [parts if number != 1 else {} for number, (_, parts) in enumerate(made)]
        listed = [{name: [salt.hex(), data.hex()] for name, (salt, data) in parts.items()} for parts in given]
        entries = [envelope.encode(one) for one, _ in made]
        case = {"entries": [entry.hex() for entry in entries], "bundle": encode_bundle(entries).hex()}
        found.append(case | {"parts": listed, "part_bundle": encode_parts(given).hex()})
    return found


def tree_vectors() -> dict[str, object]:
    """Roots, proofs and the names of tiles."""
    inclusion = [(0, 1), (0, 2), (5, 8), (6, 7), (255, 256), (256, 257), (511, 513)]
    consistency = [(0, 5), (1, 2), (3, 7), (6, 8), (8, 8), (255, 257), (256, 513), (300, 513)]
    return {
        "entries": "leaf number n holds n in decimal ASCII",
        "roots": {str(size): root_of(tree(size)).hex() for size in (0, 1, 2, 3, 5, 7, 8, 255, 256, 257, 513)},
        "inclusion": [
            {"index": index, "size": size, "hashes": [step.hex() for step in inclusion_proof(index, size, read)]}
            for index, size in inclusion
        ],
        "consistency": [
            {"old": old, "new": new, "hashes": [step.hex() for step in consistency_proof(old, new, read)]}
            for old, new in consistency
        ],
        "files": {
            str(size): [
                *(t.path for t in tiles_of(size)),
                *(path for b in bundles_of(size) for path in (b.path, b.part_path)),
            ]
            for size in (0, 1, 255, 256, 257, 1000)
        },
        "far_files": [t.path for t in list(tiles_of(256_000 + 17))[-6:]],
    }


def note_vectors() -> list[object]:
    """Keys, checkpoints and signed notes; Ed25519 is deterministic, so a note has one form."""
    log, witness = keys()
    found: list[object] = []
    for size, signers in ((0, [log]), (1, [log]), (513, [log, witness])):
        checkpoint = Checkpoint(ORIGIN, size, root_of(tree(size)))
        case = {"origin": ORIGIN, "size": size, "root": checkpoint.root.hex(), "text": checkpoint.text()}
        named = [{"vkey": s.verifier.vkey, "fingerprint": fingerprint(s.verifier.vkey)} for s in signers]
        found.append(case | {"keys": named, "note": sign(checkpoint.text(), signers).decode()})
    return found


def receipt_vectors() -> list[object]:
    """A proof file and the words of a receipt for an entry, for a sealed one, and for an act of two entries."""
    log = keys()[0]
    made = [an_envelope(number)[0] for number in range(6)]
    leaves = [leaf_hash(envelope.encode(one)) for one in made]
    checkpoint = Checkpoint(ORIGIN, 6, root_of(leaves))
    found: list[object] = []
    for positions, given in (([0], ["photo", "body"]), ([2], []), ([3, 4], [])):
        entries = [(position, made[position]) for position in positions]
        proofs = [
            tlog_proof.encode(
                position,
                inclusion_proof(
                    position, 6, lambda level, index: root_of(leaves[index << level : (index + 1) << level])
                ),
                sign(checkpoint.text(), [log]),
            ).decode()
            for position in positions
        ]
        words = receipt_words(entries, checkpoint, log.verifier.vkey, given)
        found.append({"positions": positions, "given": given, "proofs": proofs, "words": words})
    return found


MADE: dict[str, Callable[[], object]] = {
    "canonical.json": canonical_vectors,
    "envelopes.json": envelope_vectors,
    "commitments.json": commitment_vectors,
    "bundles.json": bundle_vectors,
    "tree.json": tree_vectors,
    "notes.json": note_vectors,
    "receipts.json": receipt_vectors,
}


def text_of(name: str) -> str:
    """What the file of that name holds."""
    return json.dumps(MADE[name](), ensure_ascii=True, indent=1) + "\n"


if __name__ == "__main__":
    for name in MADE:
        (HERE / name).write_text(text_of(name), "ascii")
