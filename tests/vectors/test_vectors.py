"""The project's own vectors: today's code makes the same bytes, and reads them."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.vectors import make

from chibox.records import canonical, envelope, tlog_proof
from chibox.records.checkpoints import Checkpoint
from chibox.records.merkle import leaf_hash, root_of
from chibox.records.notes import Verifier, open_note
from chibox.records.parts import parse_parts
from chibox.records.proofs import verify_consistency, verify_inclusion
from chibox.records.tiles import parse_bundle

HERE = Path(__file__).parent


def vectors(name: str) -> Any:
    """What a file of vectors holds."""
    return json.loads((HERE / name).read_text("ascii"))


@pytest.mark.parametrize("name", make.MADE)
def test_the_code_makes_the_vectors_again(name: str) -> None:
    """Byte for byte: a difference means that a frozen format has changed."""
    assert make.text_of(name) == (HERE / name).read_text("ascii")


def test_every_file_of_vectors_is_made() -> None:
    """No file lies there that nothing makes."""
    assert {path.name for path in HERE.glob("*.json")} == set(make.MADE)


def test_canonical_vectors_are_read() -> None:
    """The bytes give the value."""
    for case in vectors("canonical.json"):
        assert canonical.parse(bytes.fromhex(case["hex"]), limit=1000) == case["value"]


def test_envelope_vectors_are_read() -> None:
    """The text gives the fields, and hashes to the leaf."""
    for case in vectors("envelopes.json"):
        data = case["text"].encode("ascii")
        found = envelope.decode(data)
        assert {name: getattr(found, name) for name in case["fields"]} == case["fields"] | {
            "refs": tuple(case["fields"]["refs"])
        }
        assert leaf_hash(data).hex() == case["leaf"]


def test_bundle_vectors_are_read() -> None:
    """The bundles give entries and parts."""
    for case in vectors("bundles.json"):
        count = len(case["entries"])
        assert [entry.hex() for entry in parse_bundle(bytes.fromhex(case["bundle"]), count)] == case["entries"]
        found = parse_parts(bytes.fromhex(case["part_bundle"]), count)
        assert [{name: [part.salt.hex(), part.data.hex()] for name, part in parts.items()} for parts in found] == case[
            "parts"
        ]


def test_proof_vectors_verify() -> None:
    """Each proof leads to the roots."""
    tree = vectors("tree.json")
    for case in tree["inclusion"]:
        index, size = case["index"], case["size"]
        verify_inclusion(
            make.tree(size)[index], index, size, list(map(bytes.fromhex, case["hashes"])), root_of(make.tree(size))
        )
    for case in tree["consistency"]:
        old, new = case["old"], case["new"]
        roots = root_of(make.tree(old)), root_of(make.tree(new))
        verify_consistency(old, new, *roots, list(map(bytes.fromhex, case["hashes"])))


def test_note_vectors_open() -> None:
    """Each key opens the note and finds the checkpoint."""
    for case in vectors("notes.json"):
        for key in case["keys"]:
            text = open_note(case["note"].encode(), [Verifier.parse(key["vkey"])]).text
            assert Checkpoint.parse(text) == (case["origin"], case["size"], bytes.fromhex(case["root"]))


def test_receipt_vectors_are_read() -> None:
    """Each proof file leads from its entry to the root that the log's key signed."""
    entries = [case["text"].encode("ascii") for case in vectors("envelopes.json")]
    key = make.keys()[0].verifier
    for case in vectors("receipts.json"):
        for position, text in zip(case["positions"], case["proofs"], strict=True):
            proof = tlog_proof.parse(text.encode())
            checkpoint = Checkpoint.parse(open_note(proof.checkpoint, [key]).text)
            verify_inclusion(
                leaf_hash(entries[position]), proof.position, checkpoint.size, proof.hashes, checkpoint.root
            )
