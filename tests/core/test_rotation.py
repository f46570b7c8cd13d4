"""Another key for the log: announced, beside the first, alone; and a key that the service manager hands over."""

from pathlib import Path

import pytest

from chibox.errors import Refused
from chibox.opening import announce_key, retire_key
from chibox.records.notes import Signer, open_note, split_note, to_base64
from chibox.testing.boxes import Sandbox, sandbox
from chibox.verifying import verify_box


def test_a_key_is_announced_signs_beside_and_then_alone(tmp_path: Path) -> None:
    """Checkpoints bear one line, then two, then one by the new key; the old key's file is gone; restarts change nothing."""
    with sandbox(tmp_path / "box") as made:
        old = made.box.key
        assert lines(made) == [old]
        with pytest.raises(Refused, match="No next key"):
            retire_key(made.box)
        announce_key(made.box)
        new = lines(made)[1]
        assert lines(made) == [old, new]
        with pytest.raises(Refused, match="announced already"):
            announce_key(made.box)
        made.reopen()
        made.unit("beside")
        assert lines(made) == [old, new]
        answer = retire_key(made.box)
        (body,) = made.stated(answer)
        assert (body.key, body.note.split("\n")[1]) == (old, str(answer.first))
        assert lines(made) == [new] == [made.box.key]
        assert not (made.folder / "keys/log.key.next").exists()
        made.reopen()
        made.unit("alone")
        assert (lines(made), made.box.stopped) == ([new], None)
        assert verify_box(made.folder, plugins=made.plugins).ok


def test_a_key_may_come_as_a_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With systemd's LoadCredential no log key stands in the folder; rotation finds both wherever they are."""
    with sandbox(tmp_path / "box") as made:
        made.box.close()
        given = tmp_path / "credentials"
        given.mkdir()
        (made.folder / "keys/log.key").rename(given / "log.key")
        made.reopen()
        assert made.box.stopped is not None
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
        made.reopen()
        made.unit("A")
        announce_key(made.box)
        retire_key(made.box)
        made.reopen()
        made.unit("B")
        assert made.box.stopped is None


def lines(made: Sandbox) -> list[str]:
    """The public keys (base64) whose lines stand on the checkpoint, in their order; each line verifies."""
    head = made.box.publish()
    found = []
    for line in split_note(head.note)[1]:
        files = (made.folder / "keys").glob("log.key*")
        public = [Signer(line.name, bytes.fromhex(file.read_text())).verifier for file in files]
        one = next(verifier for verifier in public if verifier.key_id == line.key_id)
        assert open_note(head.note, [one]).verified
        found.append(to_base64(one.public_key))
    return found
