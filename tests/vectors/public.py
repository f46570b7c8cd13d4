"""Holds the code against public vectors in a folder: `python tests/vectors/public.py DIR`, or `make vectors DIR=...`.

One line a file: how many agree, how many are stricter here by intent or outside what chibox writes, and every difference.
Nothing is skipped in silence. Exits 1 on a difference, 2 when the folder holds none of the files.
"""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chibox.records import canonical
from chibox.records.checkpoints import Checkpoint
from chibox.records.merkle import EMPTY_ROOT, leaf_hash, root_of
from chibox.records.notes import NoteError, Signer, Verifier, key_id, open_note, to_base64
from chibox.records.proofs import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    read_from_tiles,
    verify_consistency,
    verify_inclusion,
)
from chibox.records.tiles import Bundle, Tile, parse_bundle


class Tally:
    """What one file of vectors came to. `strict` and `outside` hold stated reasons, `differs` what nobody has explained."""

    def __init__(self) -> None:
        self.agree = 0
        self.strict: list[str] = []
        self.outside: list[str] = []
        self.differs: list[str] = []

    def hold(self, label: str, *, wanted: object, found: object) -> None:
        """Counts one comparison."""
        if wanted == found:
            self.agree += 1
        else:
            self.differs.append(f"{label}: wanted {wanted}, found {found}")

    def line(self, name: str) -> str:
        """The line of the report, with the cases named below it."""
        head = f"{name}: {self.agree} agree, {len(self.differs)} differ"
        for word, cases in (("stricter here", self.strict), ("refused as outside our subset", self.outside)):
            head += f", {len(cases)} {word}" if cases else ""
        return "\n    ".join([head, *self.differs, *self.strict, *self.outside])


def verdict(check: Callable[..., None], *arguments: object) -> bool:
    """Whether the check passes."""
    try:
        check(*arguments)
    except ProofError:
        return False
    return True


def merkle_proofs(path: Path, tally: Tally) -> None:
    """Inclusion and consistency, good and damaged. Proofs of subtrees that begin at 0 are proofs of trees."""
    subtrees = 0
    for label, case in json.loads(path.read_text())["cases"].items():
        proof = [base64.b64decode(step) for step in case["proof"] or []]
        if case.get("start"):
            subtrees += 1
            continue
        if "leafIdx" in case:
            size = case.get("treeSize", case.get("end"))
            arguments = (base64.b64decode(case["leafHash"] or ""), case["leafIdx"], size, proof)
            found = verdict(verify_inclusion, *arguments, base64.b64decode(case["root"] or ""))
        else:
            old, new = case.get("size1", case.get("end")), case.get("size2", case.get("size"))
            roots = [base64.b64decode(case[name] or "") for name in ("root1", "root2")]
            found = verdict(verify_consistency, old, new, *roots, proof)
        if found is case["wantErr"] and not found and any(len(one) != len(EMPTY_ROOT) for one in _hashes(case)):
            tally.strict.append(f"{label}: a root that is not 32 bytes long")
            continue
        tally.hold(label, wanted=not case["wantErr"], found=found)
    if subtrees:
        tally.outside.append(
            f"{subtrees} cases of subtrees that do not begin at 0: no box makes or reads these proofs yet"
        )


def _hashes(case: dict[str, Any]) -> list[bytes]:
    """Roots and leaf hash of a case."""
    return [base64.b64decode(case.get(name) or "") for name in ("root", "root1", "root2", "leafHash") if name in case]


def roots(path: Path, tally: Tally) -> None:
    """Leaf hashes and the roots of sizes 0 to 8."""
    data = json.loads(path.read_text())
    leaves = [leaf_hash(bytes.fromhex(text)) for text in data["leaf_inputs_hex"]]
    for number, (leaf, wanted) in enumerate(zip(leaves, data["leaf_hashes_hex"], strict=True)):
        tally.hold(f"leaf {number}", wanted=wanted, found=leaf.hex())
    for size, wanted in enumerate(data["roots_hex_by_size_0_to_8"]):
        tally.hold(f"root {size}", wanted=wanted, found=root_of(leaves[:size]).hex())


def notes(path: Path, tally: Tally) -> None:
    """Published notes open with their keys; lines of other types are unknown; a log's line is made again from its seed."""
    for label, case in json.loads(path.read_text())["tests"].items():
        data = case["note"].encode()
        for name in (name for name in case if name.endswith("vkey")):
            try:
                verifier = Verifier.parse(case[name])
            except NoteError as error:
                tally.outside.append(f"{label} {name}: {error}")
                continue
            wanted = case.get("body", data.decode().rpartition("\n\n")[0] + "\n")
            tally.hold(f"{label} {name}", wanted=wanted, found=open_note(data, [verifier]).text)
        if "seeds_hex" in case:
            name, _, _ = case["log_vkey"].partition("+")
            signer = Signer(name, bytes.fromhex(case["seeds_hex"]["log"]))
            tally.hold(f"{label} vkey", wanted=case["log_vkey"], found=signer.verifier.vkey)
            made = signer.line(case["body"].encode())
            tally.hold(f"{label} line", wanted=True, found=made in case["note"].splitlines(keepends=True))


def jcs(path: Path, tally: Tally) -> None:
    """Values with floats are refused; of all others the canonical form is that of RFC 8785, and only it is read."""
    for label, case in json.loads(path.read_text())["cases"].items():
        value, wanted = json.loads(case["input"]), case["output"].encode()
        try:
            found = canonical.encode(value)
        except canonical.CanonicalError as error:
            tally.outside.append(f"{label}: {error}")
            continue
        tally.hold(label, wanted=wanted, found=found)
        tally.hold(f"{label} read", wanted=value, found=canonical.parse(wanted, limit=10_000))


def ed25519(path: Path, tally: Tally) -> None:
    """Keys of low order and keys in another spelling are refused; under all others RFC 8032 holds without the cofactor."""
    refused_keys = 0
    for case in json.loads(path.read_text()):
        flags, public = set(case["flags"] or []), bytes.fromhex(case["key"])
        label = f"number {case['number']} {sorted(flags)}"
        try:
            verifier = Verifier("cctv", public)
        except NoteError:
            refused_keys += 1
            tally.hold(f"{label}: key", wanted=False, found=not flags & {"low_order_A", "non_canonical_A"})
            continue
        tally.hold(f"{label}: key", wanted=set(), found=flags & {"low_order_A", "non_canonical_A"})
        wanted = not flags & {"low_order_residue", "non_canonical_R", "reencoded_k"}
        found = verifier.verifies(case["msg"].encode(), bytes.fromhex(case["sig"]))
        tally.hold(f"{label}: signature", wanted=wanted, found=found)
        vkey = f"cctv+{key_id('cctv', public).hex()}+{to_base64(bytes([1]) + public)}"
        tally.hold(f"{label}: vkey", wanted=vkey, found=verifier.vkey)
    tally.strict.append(f"{refused_keys} signatures not looked at, their key being refused")


def testlog(folder: Path, tally: Tally) -> None:
    """Each checkpoint of the log against its bundle and its tile, and against every older one by a proof from tiles."""
    verifier = Verifier.parse(folder.with_suffix(".vkey").read_text().strip())
    notes_ = {int(path.suffix[1:]): path.read_bytes() for path in folder.glob("checkpoint.*")}
    marks = {size: Checkpoint.parse(open_note(note, [verifier]).text) for size, note in notes_.items()}
    last = max(marks)
    tally.hold("checkpoint", wanted=notes_[last], found=(folder / "checkpoint").read_bytes())
    read = read_from_tiles(lambda _level, n: (folder / Tile(0, n, last).path).read_bytes())
    for size, mark in sorted(marks.items()):
        tally.hold(f"size {size}", wanted=(verifier.name, size), found=mark[:2])
        entries = parse_bundle((folder / Bundle(0, size).path).read_bytes(), size) if size else []
        leaves = list(map(leaf_hash, entries))
        tally.hold(f"root {size}", wanted=mark.root, found=root_of(leaves))
        if size:
            tally.hold(f"tile {size}", wanted=(folder / Tile(0, 0, size).path).read_bytes(), found=b"".join(leaves))
        for index in range(size):
            proof = inclusion_proof(index, size, read)
            verify_inclusion(leaves[index], index, size, proof, mark.root)
            tally.agree += 1
        for old in range(size + 1):
            verify_consistency(old, size, marks[old].root, mark.root, consistency_proof(old, size, read))
            tally.agree += 1


KNOWN: dict[str, Callable[[Path, Tally], None]] = {
    "merkle-proofs.json": merkle_proofs,
    "rfc6962-roots.json": roots,
    "notes.json": notes,
    "jcs.json": jcs,
    "ed25519-cctv.json": ed25519,
    "tessera-testlog": testlog,
}


def main(folder: Path) -> int:
    """Runs every file of the folder that is known, and names those that are not there."""
    run = differ = 0
    for name, check in KNOWN.items():
        if not (folder / name).exists():
            sys.stdout.write(f"{name}: not in the folder\n")
            continue
        run += 1
        tally = Tally()
        try:
            check(folder / name, tally)
        except (ValueError, KeyError, OSError) as error:
            tally.differs.append(f"stopped: {type(error).__name__}: {error}")
        differ += len(tally.differs)
        sys.stdout.write(f"{tally.line(name)}\n")
    return 2 if not run else int(differ > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
