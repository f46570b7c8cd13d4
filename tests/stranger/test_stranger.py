"""A stranger's plugin, as its own distribution: installed, used, taken out again, and broken in every way."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chibox.testing.boxes import copied

ROOT = Path(__file__).parents[2]
GARDEN = Path(__file__).parent / "garden"
BIN = Path(sys.executable).parent


def run(*words: str, site: Path | None, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A Python process that finds what is installed in `site`, and warns of nothing."""
    paths = [str(path) for path in (site, ROOT) if path is not None]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What the process printed as JSON."""
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the garden, without network and beside everything else."""
    source, site = tmp_path_factory.mktemp("source") / "garden", tmp_path_factory.mktemp("site")
    shutil.copytree(GARDEN, source, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    options = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }  # the build backend asks for its program
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(source)],
        check=True, env=environment, cwd=source.parent,
    )  # fmt: skip
    return site


@pytest.fixture(scope="session")
def lived(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A box in which the garden was used, and what was found in it then."""
    folder = tmp_path_factory.mktemp("lived") / "box"
    return folder, told(run("-m", "tests.stranger.living", "use", str(folder), site=installed))


@pytest.fixture
def box(lived: tuple[Path, dict[str, Any]], tmp_path: Path) -> tuple[Path, str]:
    """A copy of that box, and the position of the planted record."""
    copied(lived[0], tmp_path / "box")
    return tmp_path / "box", str(lived[1]["position"])


def test_it_passes_its_own_tests(installed: Path, tmp_path: Path) -> None:
    """As its author runs them: the contract, the swap test with its own script, its page."""
    shutil.copytree(GARDEN / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "tests"), site=installed, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_it_is_installed_and_used(lived: tuple[Path, dict[str, Any]]) -> None:
    """Its command is recorded and folded, its page shows it, everything verifies."""
    found = lived[1]
    assert (found["names"], found["broken"]) == (["core", "garden"], {})
    assert (found["kind"], found["body"]) == ("garden.planted.1", True)
    assert found["rows"] == [["Bưởi", "mưa"]]
    assert (found["status"], found["shown"]) == (200, True)
    assert found["ok"], found["faults"]


def test_taken_out_it_leaves_its_records(box: tuple[Path, str], installed: Path) -> None:
    """Its kind is unknown then, the content is kept, tables stay, all verifies; when it comes back nothing was lost."""
    folder, position = box
    gone = told(run("-m", "tests.stranger.living", "go_on", str(folder), position, site=None))
    assert (gone["names"], gone["broken"]) == (["core"], {})
    assert (gone["kind"], gone["body"], gone["kept"]) == ("garden.planted.1", False, True)
    assert (gone["tables"], gone["rows"]) == (["garden_plot_1"], [["Bưởi", "mưa"]])
    assert gone["ok"], gone["faults"]
    back = told(run("-m", "tests.stranger.living", "go_on", str(folder), position, site=installed))
    assert (back["names"], back["body"], back["rows"]) == (["core", "garden"], True, [["Bưởi", "mưa"]])
    assert back["ok"], back["faults"]


BREAKING = {
    "syntax": ("@hookimpl\ndef kinds()", "@hookimpl\ndef kinds(", "SyntaxError"),
    "import": ("from litestar import Response", "from litestar import Answer", "ImportError"),
    "hook": ("def sayings()", "def saying()", "unknown hook 'saying'"),
    "kind": ("return RECORDS", "from chibox_garden.strange import RECORDS as r\n    return r", "not of the plugin"),
    "raising": ("return asked", "return asked.away", "AttributeError"),
    "exit": ('"""Its plots."""', '"""Its plots."""\n    raise SystemExit(3)', "SystemExit"),
}  # fmt: skip
STRANGE = '''"""A kind of another name."""

from chibox.plugin import Plain, Record, kind


@kind("forest.planted.1")
class Planted(Record, frozen=True):
    """Not the garden's."""

    what: Plain[str]


RECORDS = (Planted,)
'''


@pytest.mark.parametrize("how", BREAKING)
def test_broken_it_is_named_and_the_box_works(box: tuple[Path, str], installed: Path, tmp_path: Path, how: str) -> None:
    """Whatever is wrong with it: the box opens, records, verifies, and says what is wrong."""
    folder, position = box
    site = tmp_path / "site"
    shutil.copytree(installed, site, ignore=shutil.ignore_patterns("__pycache__"))
    module = site / "chibox_garden" / "plugin.py"
    right, wrong, said = BREAKING[how]
    assert module.read_text().count(right) == 1
    module.write_text(module.read_text().replace(right, wrong))
    (site / "chibox_garden" / "strange.py").write_text(STRANGE)
    found = told(run("-m", "tests.stranger.living", "go_on", str(folder), position, site=site))
    assert found["names"] == ["core"]
    assert said in found["broken"]["garden"]
    assert (found["kind"], found["body"], found["kept"]) == ("garden.planted.1", False, True)
    assert found["ok"], found["faults"]
