"""Every byte counts: of a small exported log, and of a receipt, each byte is changed once, and each change is refused."""

from pathlib import Path

import pytest
from tests.verify.make_log import Log, by_stranger, lay_out, make, zipped

from chibox.records.verify import verify_log, verify_receipt

LOG = make(4)


def flipped(data: bytes, at: int) -> bytes:
    """`data` with one bit of byte `at` changed, another bit at each place."""
    return data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]


@pytest.mark.parametrize("key", [LOG.key.vkey, None], ids=["with the key", "without the key"])
@pytest.mark.parametrize("name", LOG.files())
def test_every_flipped_byte_of_an_export_is_refused(tmp_path: Path, name: str, key: str | None) -> None:
    """Checkpoint, entries, tiles and parts: no byte of a log of a few entries can be changed unnoticed."""
    data = LOG.files()[name]
    target = lay_out(tmp_path, LOG.files()) / name
    for at in range(len(data)):
        target.write_bytes(flipped(data, at))
        report = verify_log(tmp_path, key=key)
        assert report.findings, f"byte {at} of {name}"
        assert not report.ok
        if key is not None:
            assert by_stranger(tmp_path, key)[0] == 1, f"byte {at} of {name}"
    target.write_bytes(data)
    assert verify_log(tmp_path, key=key).ok


@pytest.mark.parametrize("name", LOG.files())
def test_every_shorter_and_longer_file_of_an_export_is_refused(tmp_path: Path, name: str) -> None:
    """A file cut at any byte, and one with a byte too many, are refused."""
    data = LOG.files()[name]
    target = lay_out(tmp_path, LOG.files()) / name
    for damaged in (*(data[:at] for at in range(len(data))), data + b"\0", data + b"\n", data + data):
        target.write_bytes(damaged)
        assert not verify_log(tmp_path, key=LOG.key.vkey).ok, f"{len(damaged)} bytes of {name}"


@pytest.mark.parametrize("key", [LOG.key.vkey, None], ids=["with the key", "without the key"])
@pytest.mark.parametrize("name", LOG.members([1], ["body", "photo"]))
def test_every_flipped_byte_of_a_receipt_is_refused(name: str, key: str | None) -> None:
    """Entry, proof, parts, salts and words: no byte of a receipt's members can be changed unnoticed."""
    members = LOG.members([1], ["body", "photo"])
    for at in range(len(members[name])):
        report = verify_receipt(zipped(members | {name: flipped(members[name], at)}), key=key)
        assert report.findings, f"byte {at} of {name}"
    assert verify_receipt(zipped(members), key=key).ok


@pytest.mark.parametrize("name", LOG.members([1], ["body", "photo"]))
def test_every_member_of_a_receipt_is_needed_and_whole(name: str) -> None:
    """Without it, empty, shorter by a byte or longer by one, the receipt is refused."""
    members = LOG.members([1], ["body", "photo"])
    content = members[name]
    rest = {other: data for other, data in members.items() if other != name}
    damaged = [rest, *(members | {name: data} for data in (b"", content[:-1], content + b"\0", content + b"\n"))]
    for one in damaged:
        assert not verify_receipt(zipped(one), key=LOG.key.vkey).ok


def test_a_flipped_byte_is_named_with_its_place(tmp_path: Path) -> None:
    """A changed letter in an entry, in a part, in a tile, in the checkpoint: each fault names the place that was changed."""
    files = LOG.files()
    cases = {
        "1/tile/entries/000.p/4": (LOG.entries[2], b'"subject":"', "entry 2", "it was changed"),
        "1/part/000.p/4": (LOG.parts[1]["body"][1], b"Nguy", "entry 1, part body", "commitment"),
    }
    for name, (inside, before, where, what) in cases.items():
        at = files[name].index(inside) + inside.index(before) + len(before)
        changed = bytes([ord("a") if files[name][at] != ord("a") else ord("b")])
        lay_out(tmp_path, files | {name: files[name][:at] + changed + files[name][at + 1 :]})
        found = verify_log(tmp_path, key=LOG.key.vkey).findings
        assert [(one.log, one.where) for one in found] == [("1", where)]
        assert what in str(found[0].what)
    tile = files["1/tile/0/000.p/4"]
    lay_out(tmp_path, files | {"1/tile/0/000.p/4": flipped(tile, 70)})
    (only,) = verify_log(tmp_path, key=LOG.key.vkey).findings
    assert (only.where, str(only.what)) == ("tile/0/000.p/4", "hash 2 is not that of entry 2")
    note = files["1/checkpoint"]
    letter = b"A" if note[-9:-8] != b"A" else b"B"
    lay_out(tmp_path, files | {"1/tile/0/000.p/4": tile, "1/checkpoint": note[:-9] + letter + note[-8:]})
    (only,) = verify_log(tmp_path, key=LOG.key.vkey).findings
    assert (only.where, "signature does not hold" in str(only.what)) == ("checkpoint", True)


def test_a_flipped_byte_far_up_the_tree_is_named(tmp_path: Path) -> None:
    """In a log of several bundles: an entry, and a hash of a tile above the leaves, each by its own place alone."""
    log: Log = make(600)
    files = log.files()
    name = "1/tile/entries/001"
    at = files[name].index(log.entries[300]) + log.entries[300].index(b'"unit":"') + 8
    changed = b"a" if files[name][at : at + 1] != b"a" else b"b"
    lay_out(tmp_path, files | {name: files[name][:at] + changed + files[name][at + 1 :]})
    found = verify_log(tmp_path, key=log.key.vkey).findings
    assert [one.where for one in found] == ["entry 300"]
    name = "1/tile/1/000.p/2"
    lay_out(tmp_path, files | {name: flipped(files[name], 40)})
    (only,) = verify_log(tmp_path, key=log.key.vkey).findings
    assert (only.where, str(only.what)) == ("tile/1/000.p/2", "hash 1 is not the hash of what lies below it")
