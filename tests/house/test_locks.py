"""What is installed is locked by name, version and hash, and by nothing that names a host."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PIN = re.compile(
    r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?"  # the name, and its extras
    r"==([^ ;\\]+)(?: ; [^\\]+)?"  # the version, and on what machines
    r"((?: *\\\n +--hash=sha256:[0-9a-f]{64})*)$",
)
HASH = re.compile("--hash=sha256:[0-9a-f]{64}")


def canonical(requirement: str) -> str:
    """The name of a distribution in a requirement, as a lock writes it."""
    name = re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Name -> version and number of hashes; raises on a line that is neither a pin with hashes nor a comment."""
    found = {}
    bare = "\n".join(line for line in lock.split("\n") if line.strip() and not line.lstrip().startswith("#"))
    for block in re.split(r"\n(?=\S)", bare):
        match = PIN.match(block)
        assert match, f"not a pin with hashes: {block[:80]}"
        found[match[1]] = (match[2], len(HASH.findall(match[3])))
    return found


def asked(text: str) -> Iterator[str]:
    """The names that a .in file asks for."""
    for line in text.split("\n"):
        wanted = line.split("#")[0].strip()
        if wanted and not wanted.startswith("-"):
            yield canonical(wanted)


def test_a_pin_without_hash_or_with_an_address_is_seen() -> None:
    """A pin counts its hashes; an address, an option or a range in a lock is refused."""
    digest = "a" * 64
    assert pins(f"x[y]==1.0 ; os_name == 'nt' \\\n    --hash=sha256:{digest}\n    # via z\nw==2\n") == {
        "x": ("1.0", 1),
        "w": ("2", 0),
    }
    for line in ("--index-url https://host/simple", "x @ https://host/x.whl", "x>=1"):
        with pytest.raises(AssertionError):
            pins(line)


@pytest.mark.parametrize("name", ["run", "dev"])
def test_a_lock_covers_what_is_asked_with_hashes(root: Path, name: str) -> None:
    """Every pin of a lock has a hash, and every name of its .in file is pinned."""
    locked = pins((root / f"requirements/{name}.txt").read_text())
    assert not [pin for pin, (_, hashes) in locked.items() if not hashes]
    assert not set(asked((root / f"requirements/{name}.in").read_text())) - set(locked)


def test_both_locks_agree(root: Path) -> None:
    """A distribution that both locks pin has one version: tests run on what a box runs on."""
    run, dev = (pins((root / f"requirements/{name}.txt").read_text()) for name in ("run", "dev"))
    assert not [name for name in run.keys() & dev.keys() if run[name] != dev[name]]


def test_the_lock_covers_every_distribution(root: Path) -> None:
    """What core and each plugin depend on and build with is pinned by run.txt, the house's own left out."""
    locked = set(pins((root / "requirements/run.txt").read_text()))
    paths = [root / "core/pyproject.toml", *root.glob("plugins/*/pyproject.toml")]
    projects = [tomllib.loads(path.read_text()) for path in paths]
    ours = {project["project"]["name"] for project in projects}
    wanted = {
        canonical(requirement)
        for project in projects
        for requirement in (*project["project"]["dependencies"], *project["build-system"]["requires"])
    }
    assert wanted - ours
    assert not wanted - ours - locked


def test_no_lock_names_where_it_came_from(root: Path, files: list[Path]) -> None:
    """uv.lock is not tracked, and no package-lock.json says from where a package was resolved."""
    assert not [path for path in files if path.name == "uv.lock"]
    npm = [path for path in files if path.name == "package-lock.json"]
    for path in npm:
        packages = json.loads((root / path).read_text())["packages"]
        assert not [name for name, entry in packages.items() if "resolved" in entry], path
        assert not [name for name, entry in packages.items() if name and "integrity" not in entry], path
