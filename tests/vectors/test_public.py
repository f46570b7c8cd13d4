"""The runner of public vectors: it names every difference and never says well of a folder that it did not read."""

import json
import subprocess
import sys
from pathlib import Path

from chibox.records.merkle import leaf_hash, root_of

RUNNER = Path(__file__).with_name("public.py")
INPUTS = [b"", b"\0", b"\x10"]


def run(folder: Path) -> tuple[int, str]:
    """Exit code and output."""
    done = subprocess.run([sys.executable, str(RUNNER), str(folder)], check=False, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def write_roots(folder: Path, *, last: str | None = None) -> None:
    """A file of roots of our own, whose last root may be another."""
    leaves = list(map(leaf_hash, INPUTS))
    found = [root_of(leaves[:size]).hex() for size in range(4)]
    content = {
        "leaf_inputs_hex": [data.hex() for data in INPUTS],
        "leaf_hashes_hex": [leaf.hex() for leaf in leaves],
        "roots_hex_by_size_0_to_8": [*found[:-1], last or found[-1]],
    }
    (folder / "rfc6962-roots.json").write_text(json.dumps(content))


def test_a_folder_that_agrees_is_counted(tmp_path: Path) -> None:
    """Exit code 0, one line a file, and the files that are not there are named."""
    write_roots(tmp_path)
    code, text = run(tmp_path)
    assert code == 0
    assert "rfc6962-roots.json: 7 agree, 0 differ" in text
    assert "notes.json: not in the folder" in text


def test_a_difference_is_named(tmp_path: Path) -> None:
    """Exit code 1, with what was wanted and what was found."""
    write_roots(tmp_path, last="00")
    code, text = run(tmp_path)
    assert code == 1
    assert "rfc6962-roots.json: 6 agree, 1 differ" in text
    assert "root 3: wanted 00" in text


def test_a_broken_file_is_a_difference(tmp_path: Path) -> None:
    """What cannot be read is never skipped."""
    (tmp_path / "jcs.json").write_text("{")
    code, text = run(tmp_path)
    assert code == 1
    assert "stopped: JSONDecodeError" in text


def test_a_folder_without_vectors_is_no_success(tmp_path: Path) -> None:
    """Exit code 2."""
    assert run(tmp_path)[0] == 2
