"""The repository names no registry's host and no place of one workshop: it builds wherever clients work."""

from pathlib import Path

import pytest

# Put together here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("crates", "io"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("debian", "org"),
        ("ghcr", "io"),
        ("docker", "io"),
    )
]
PLACES = ["/".join(parts) for parts in (("..", "shared"), ("", "work", ""), ("", "tmp", "plan"))]


def named(content: bytes, names: list[str]) -> list[str]:
    """The names that stand in the content, in any case."""
    lower = content.lower()
    return [name for name in names if name.encode() in lower]


def test_a_host_inside_a_longer_name_is_seen() -> None:
    """The rule finds a host in an address, whatever stands around it and in whatever case."""
    host = HOSTS[1]
    assert named(f"https://files.{host.upper()}/packages/x.whl".encode(), HOSTS) == [host]


@pytest.mark.parametrize("names", [HOSTS, PLACES], ids=["hosts", "places"])
def test_no_file_names_a_registry_or_a_workshop(root: Path, files: list[Path], names: list[str]) -> None:
    """No tracked file, text or binary, names a package registry's host or a folder of one workshop."""
    found = [f"{path}: {name}" for path in files for name in named((root / path).read_bytes(), names)]
    assert not found, "\n".join(found)
