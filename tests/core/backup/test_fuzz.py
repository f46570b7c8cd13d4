"""Whatever bytes stand where a backup or a sheet is expected: words, never another error."""

import contextlib
import io
from pathlib import Path

import pyrage
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chibox.backup.intake import Intake, Members, Rows
from chibox.backup.lines import WrongLine
from chibox.backup.manifest import Sum, read_digests, read_manifest
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets, read_sheet, wrong_lines
from chibox.backup.tarring import Tar, TarError, members
from chibox.errors import ChiboxError, Refused

IDENTITY = pyrage.x25519.Identity.generate()
HEADER = next(iter(Tar(0).member("manifest.json", b"{}")))


@given(
    data=st.one_of(st.binary(max_size=2048), st.binary(max_size=40).map(lambda more: HEADER[:500] + more + bytes(2048)))
)
def test_tars(data: bytes) -> None:
    """Members, or a TarError."""
    sums: dict[str, Sum] = {}
    with contextlib.suppress(TarError):
        for member in members(io.BytesIO(data), sums):
            assert member.size >= 0
            member.whole(1 << 20)


@given(
    data=st.one_of(
        st.binary(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: repr(v).encode())
    )
)
def test_manifests_and_digests(data: bytes) -> None:
    """A manifest, or a refusal; digests, or a ValueError."""
    with contextlib.suppress(Refused):
        read_manifest(data, 2)
    with contextlib.suppress(ValueError):
        read_digests(data)


@given(
    names=st.lists(st.sampled_from(["checkpoint", "tile/0/000", "tile/entries/000", "part/000.p/3"])), data=st.binary()
)
def test_logs(names: list[str], data: bytes) -> None:
    """A generation of anything is refused by a ValueError."""
    tar = Tar(0)
    packed = b"".join(b"".join(tar.member(f"log/1/{name}", data)) for name in dict.fromkeys(names)) + b"".join(
        tar.end()
    )
    coming = Members(members(io.BytesIO(packed), {}))
    with pytest.raises((ValueError, ChiboxError)):
        Intake(coming, Rows(io.BytesIO()), "demo.x").generation(1, 0)


@given(text=st.text(st.characters(codec="utf-8"), max_size=400) | st.text("RK1234 acde\n", max_size=200))
def test_sheets(text: str) -> None:
    """Secrets, a wrong line, or a refusal."""
    assert all(each.label[0] in "RK" for each in wrong_lines(text))
    with contextlib.suppress(WrongLine, Refused):
        read_sheet(text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), way=st.sampled_from(["raw", "age", "zstd", "sealed", "cut"]))
def test_files(tmp_path: Path, data: bytes, way: str) -> None:
    """A file of anything, also well encrypted and compressed: refused, and nothing is left behind."""
    packed = zstandard.ZstdCompressor().compress(data)
    content = {
        "raw": data, "age": b"age-encryption.org/v1\n" + data, "zstd": packed, "cut": packed[:-1],
        "sealed": pyrage.encrypt(packed, [IDENTITY.to_public()]),
    }[way]  # fmt: skip
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Refused):
        restore(tmp_path / "file", tmp_path / "new", Secrets(IDENTITY, None))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
