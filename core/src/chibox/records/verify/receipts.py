"""Verifying a receipt: entry, proof, checkpoint, parts and words, alone or beside the log."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from chibox.errors import Words, words
from chibox.records import envelope as envelopes
from chibox.records import tlog_proof
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import Envelope
from chibox.records.merkle import leaf_hash
from chibox.records.notes import Verifier, split_note
from chibox.records.pack_wording import OVERVIEW, README
from chibox.records.parts import SALT_SIZE, Part
from chibox.records.proofs import ProofError, verify_inclusion
from chibox.records.tlog_proof import TlogProof
from chibox.records.verify.checkpoints import describe, key_for, signature_fault, unverified
from chibox.records.verify.keys import Trusted
from chibox.records.verify.members import WORDS, read_members
from chibox.records.verify.packs import is_pack, overview_faults, rebuilt
from chibox.records.verify.report import Figures, Report, Trust
from chibox.records.verify.rules import part_faults
from chibox.records.wording import receipt_words, vkey_in

_LABEL: Final = "receipt"


class Receipt(NamedTuple):
    """A receipt whose form is right; nothing of it is verified. Its entries are those of one act, in a row.

    `parts` by position. `overview`: that of an evidence pack, whose entries are of any acts; None for a receipt.
    """

    entries: tuple[tuple[int, bytes, Envelope], ...]
    proofs: tuple[TlogProof, ...]
    checkpoint: Checkpoint
    parts: dict[int, dict[str, Part]]
    words: bytes
    overview: bytes | None = None

    @property
    def stated(self) -> dict[int, bytes]:
        """Entry by position."""
        return {position: entry for position, entry, _ in self.entries}


class _FormError(ValueError):
    """The receipt is not of the form that it ought to have; the text names the place."""


def verify_receipt(data: bytes, *, key: str | None = None) -> Report:
    """Verifies a receipt by itself. Never raises for what it reads.

    `key` is the vkey of the log, of any generation; without it the receipt's own words are taken for it, and the report
    says so: then it shows no more than that the receipt is of one piece.
    """
    report = Report()
    trusted: Trusted | None = None
    if key is not None:
        try:
            trusted = Trusted.parse(key)
        except ValueError as error:
            report.fault("key", "--key", words("this is not the key of a log: {why}", why=str(error)))
            return report
    receipt = read_receipt(data, report)
    if receipt is not None:
        believed = trusted or _own_word(receipt)
        verifier = key_for(receipt.checkpoint.origin, believed)
        trust: Trust = "given" if trusted else "own"
        judge(receipt, verifier if isinstance(verifier, Words) else [verifier], trust, report, unknown=1)
    return report


def read_receipt(data: bytes, report: Report) -> Receipt | None:
    """The receipt in a zip; None, with a fault, when its form is broken."""
    try:
        return _parse(read_members(data))
    except ValueError as error:
        report.fault(_LABEL, "zip", words("this is not a receipt: {why}", why=str(error)))
        return None


def judge(
    receipt: Receipt, verifiers: Sequence[Verifier] | Words, trust: Trust, report: Report, *, unknown: int
) -> None:
    """Verifies signature, proofs, parts and words of a receipt against the keys that sign at its size.

    `unknown`: so many further lines of the log's own name may stand there, by keys that nobody gave.
    """
    figures = Figures(_LABEL, entries=len(receipt.entries), parts=sum(map(len, receipt.parts.values())))
    report.figures.append(figures)
    note = receipt.proofs[0].checkpoint
    if isinstance(verifiers, Words):
        report.fault(_LABEL, "checkpoint", verifiers)
        describe(figures, receipt.checkpoint, (), "none")
    else:
        if what := signature_fault(note, verifiers, unknown=unknown):
            report.fault(_LABEL, "checkpoint", what)
        elif len(split_note(note)[1]) > len(verifiers):
            report.notes.append(words("a key of this log is not given: its signature line was not checked"))
        describe(figures, receipt.checkpoint, verifiers, "none" if what else trust)
        if receipt.words not in [_rebuilt(receipt, verifier.vkey) for verifier in verifiers]:
            name = WORDS if receipt.overview is None else README
            report.fault(_LABEL, name, words("it does not say what the rest of the receipt says"))
    for where, what in (*_proof_faults(receipt), *_part_faults(receipt)):
        report.fault(_LABEL, where, what)
    if receipt.overview is not None:
        for where, what in overview_faults(receipt.overview, receipt.entries, receipt.parts):
            report.fault(_LABEL, where, what)
    for position, _, envelope in receipt.entries:
        figures.parts_not_given += sum(name not in receipt.parts.get(position, {}) for name in envelope.parts)


def _own_word(receipt: Receipt) -> Trusted | None:
    """The key that the receipt's own words name."""
    vkey = vkey_in(receipt.words.decode("utf-8", "replace"), receipt.checkpoint.origin)
    try:
        return None if vkey is None else Trusted.parse(vkey)._replace(given=False)
    except ValueError:
        return None


def _rebuilt(receipt: Receipt, vkey: str) -> bytes:
    if receipt.overview is not None:
        return rebuilt(receipt.entries, receipt.parts, receipt.checkpoint, vkey)
    entries = [(position, envelope) for position, _, envelope in receipt.entries]
    given = sorted(receipt.parts.get(entries[0][0], {}))
    return receipt_words(entries, receipt.checkpoint, vkey, given).encode()


def _proof_faults(receipt: Receipt) -> Iterator[tuple[str, Words]]:
    mark = receipt.checkpoint
    for (position, entry, _), proof in zip(receipt.entries, receipt.proofs, strict=True):
        try:
            verify_inclusion(leaf_hash(entry), position, mark.size, proof.hashes, mark.root)
        except ProofError as error:
            what = words("its proof does not hold at size {size}: {why}", size=mark.size, why=str(error))
            yield f"entry {position}", what


def _part_faults(receipt: Receipt) -> Iterator[tuple[str, Words]]:
    for position, _, envelope in receipt.entries:
        for name, what in part_faults(envelope, receipt.parts.get(position, {})):
            yield f"entry {position}, part {name}", what


def _parse(members: dict[str, bytes]) -> Receipt:
    """Takes the members apart. Raises ValueError for whatever is missing, or there without a place."""
    pack = is_pack(members)
    told = README if pack else WORDS
    if told not in members:
        raise _FormError(f"{told} is missing")
    positions = sorted({int(name.partition("/")[0]) for name in members if name not in (told, OVERVIEW)})
    if not positions or not (pack or positions == list(range(positions[0], positions[-1] + 1))):
        raise _FormError("there is no entry in it, or its entries do not stand in a row")
    entries = tuple(_entry(members, position) for position in positions)
    proofs = tuple(_proof(members, position) for position in positions)
    if not pack and len({envelope.act for _, _, envelope in entries}) > 1:
        raise _FormError("its entries are not of one act")
    if len({proof.checkpoint for proof in proofs}) > 1:
        raise _FormError("its proofs hold different checkpoints")
    parts = _parts(members)
    if parts and len(positions) > 1 and not pack:
        raise _FormError("parts in a receipt for several entries")
    return Receipt(entries, proofs, unverified(proofs[0].checkpoint), parts, members[told], members.get(OVERVIEW))


def _entry(members: dict[str, bytes], position: int) -> tuple[int, bytes, Envelope]:
    name = f"{position}/entry.json"
    if name not in members:
        raise _FormError(f"{name} is missing")
    try:
        return position, members[name], envelopes.decode(members[name])
    except envelopes.EnvelopeError as error:
        raise _FormError(f"{name}: {error}") from None


def _proof(members: dict[str, bytes], position: int) -> TlogProof:
    name = f"{position}/proof.tlog-proof"
    if name not in members:
        raise _FormError(f"{name} is missing")
    try:
        proof = tlog_proof.parse(members[name])
    except tlog_proof.TlogProofError as error:
        raise _FormError(f"{name}: {error}") from None
    if proof.position != position:
        raise _FormError(f"{name}: it is the proof of position {proof.position}")
    return proof


def _parts(members: dict[str, bytes]) -> dict[int, dict[str, Part]]:
    """The parts by position, each with its salt."""
    data, salts = (
        {(int(position), name) for position, kind, name in map(_placed, members) if kind == wanted}
        for wanted in ("part", "salt")
    )
    if data != salts:
        raise _FormError("a part without its salt, or a salt without its part")
    found: dict[int, dict[str, Part]] = {}
    for position, name in sorted(data):
        salt = members[f"{position}/salt/{name}"]
        if len(salt) != SALT_SIZE:
            raise _FormError(f"the salt of {name} is not 32 bytes long")
        found.setdefault(position, {})[name] = Part(salt, members[f"{position}/part/{name}"])
    return found


def _placed(member: str) -> tuple[str, str, str]:
    """Position, folder and name of a part or salt; empty words for any other member."""
    position, kind, name = (*member.split("/"), "", "")[:3]
    return position, kind, name
