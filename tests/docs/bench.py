"""A reader's workbench: a virtual environment beside that of the tests, in which commands of a page are run as they stand."""

import os
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Final

_SHIM: Final = "#!{python}\nimport runpy, sys\n\n{program}\n"
_PROGRAMS: Final = {
    "chibox": "from chibox.cli import main\n\nsys.exit(main())",
    "pytest": "runpy.run_module('pytest', run_name='__main__')",
    "pip": "runpy.run_module('pip', run_name='__main__')",
}


class Bench:
    """A folder to write in, and a shell whose `pip`, `chibox` and `pytest` know what is installed for the tests, and add to it.

    What is installed here stays here. Nothing is fetched: no index is asked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "plugin"
        self._home, self._tools = folder / "venv", Path(sysconfig.get_path("scripts"))
        venv.create(self._home, with_pip=False)
        packages = next(self._home.glob("lib/python*/site-packages"))
        shared = sysconfig.get_path("purelib")  # by addsitedir, so that what is installed editable there is found too
        (packages / "shared.pth").write_text(f"import site; site.addsitedir({shared!r})\n")
        for name, program in _PROGRAMS.items():
            shim = self._home / "bin" / name
            shim.write_text(_SHIM.format(python=self._home / "bin" / "python", program=program))
            shim.chmod(0o755)

    def write(self, files: dict[str, str]) -> None:
        """Write files below the folder."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

    def run(self, command: str) -> str:
        """What a command prints. Raises AssertionError with all of it when it fails."""
        path = os.pathsep.join((str(self._home / "bin"), str(self._tools), os.environ["PATH"]))
        quiet = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=os.environ | quiet | {"PATH": path, "LANG": "C.UTF-8"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout
