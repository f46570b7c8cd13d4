"""Receipts of a log that has gone on in another generation: what it shares agrees, what was given up is evidence."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.core.site.test_check import said

from chibox.app import application
from chibox.core_commands import RegisterPerson
from chibox.office import Office
from chibox.opening import announce_key, ask_opening, open_generation, retire_key
from chibox.receipting import act_receipt
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.roots import root_at
from chibox.records.tiles import bundles_of, tiles_of
from chibox.testing.boxes import Sandbox, sandbox

OLD, LOST = 270, 6


class Gone:
    """A box that lost its last six entries, after they were given out, and went on in generation 2."""

    def __init__(self, made: Sandbox) -> None:
        self.made = made
        self.people = made.administrator, made.someone("committee_secretary")
        self._grow(OLD - made.box.log.size)
        made.box.publish()
        self.early = self._root(OLD)
        made.box.close()
        shutil.copy(made.folder / "box.db", made.folder.with_name("old.db"))
        made.reopen()
        self._grow(LOST)
        made.box.publish()
        self.late = self._root(OLD + LOST)
        self.receipt = self._receipt(OLD + LOST - 1)
        made.box.close()
        shutil.copy(made.folder.with_name("old.db"), made.folder / "box.db")
        made.clock.at += 86_400_000
        made.reopen()
        self._go_on()
        self._grow(3)

    def _grow(self, count: int) -> None:
        for _ in range(count):
            self.made.ask(RegisterPerson(sign_in=f"p{self.made.box.log.size}"))

    def _root(self, size: int) -> str:
        with self.made.box.database.reading() as connection:
            return to_base64(root_at(LogReader(connection), size))

    def _receipt(self, position: int) -> bytes:
        head = self.made.box.publish()
        with self.made.reading(self.made.administrator) as read:
            return act_receipt(read, head, position)

    def _go_on(self) -> None:
        first, second = self.people
        ask_opening(self.made.box, first)
        open_generation(self.made.box, second)


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gone]:
    """One for all tests of this file."""
    with sandbox(tmp_path_factory.mktemp("gone") / "box") as made:
        yield Gone(made)


@pytest.fixture
def office(gone: Gone) -> Iterator[Office]:
    """Its office, whose pace begins anew for each test."""
    with closing(Office(gone.made.box)) as office:
        yield office


def asked(office: Office, number: str, root: str) -> str:
    """What the page answers to nobody in particular."""
    client = TestClient(application(office), base_url="http://box.local")
    return said(client.get("/check", params={"number": number, "root": root}).text)


@pytest.mark.parametrize("number", [f"{OLD - 1}", f"{OLD - 1}/1", f"{OLD - 1}/2"])
def test_what_both_share_agrees(gone: Gone, office: Office, number: str) -> None:
    """A receipt from before the loss stands in both generations."""
    told = asked(office, number, gone.early)
    assert "Khớp với nhật ký" in told
    assert "sau đó đã ghi thêm 4 mục" in told


def test_an_end_that_was_given_up_is_evidence(gone: Gone, office: Office) -> None:
    """The paper is right, and of an end that is gone: since when, and that it is to be kept. Without its root nobody can tell."""
    for number in (f"{OLD + LOST - 1}", f"{OLD + LOST - 1}/1"):
        told = asked(office, number, gone.late)
        assert "đoạn cuối của nhật ký đã bỏ từ ngày 26/11/2026: giữ lại, đây là chứng cứ" in told
    lost = asked(office, f"{OLD + 4}/1", "A" * 43)
    assert f"Số {OLD + 4} đã từng cấp; phần ghi ở đó bị mất và đã bỏ từ ngày 26/11/2026" in lost
    assert "không có số ấy" in asked(office, f"{OLD + LOST}/1", "A" * 43)


def test_a_new_number_is_of_its_generation(gone: Gone, office: Office) -> None:
    """What was written after the loss has the generation in its number, and agrees with it; of generation 1 it is not."""
    root = gone._root(OLD + 2)
    assert f"Khi ghi đến số {OLD + 1}/2, ngày 26/11/2026" in asked(office, f"{OLD + 1}/2", root)
    assert "Khớp" not in asked(office, f"{OLD + 1}/1", root)
    assert "không có đời thứ 3" in asked(office, f"{OLD + 1}/3", root)


def test_receipt_files_of_both_generations_are_told_apart(gone: Gone, office: Office) -> None:
    """One of the end that is gone is evidence, unless it was changed; one from after the loss holds."""
    client = TestClient(application(office), base_url="http://box.local")
    client.headers["Sec-Fetch-Site"] = "same-origin"

    def told(data: bytes) -> str:
        return said(client.post("/check/receipt", files={"file": ("a.zip", data)}).text)

    assert "đã bỏ từ ngày 26/11/2026: giữ lại, đây là chứng cứ" in told(gone.receipt)
    assert "Biên nhận không đúng" in told(gone.receipt.replace(b"core.person", b"core.persom", 1))
    assert "Biên nhận đúng" in told(gone._receipt(OLD + 1))


def test_both_generations_are_served(gone: Gone, office: Office) -> None:
    """The closed one to its last signed end, the current one to the mark; each whole, under its own checkpoint."""
    client = TestClient(application(office), base_url="http://box.local")
    base = f"/log/{office.readers.make('parent', 'Tỉnh', now=gone.made.clock.now())}"
    size = {}
    for generation in (1, 2):
        note = client.get(f"{base}/{generation}/checkpoint").text
        assert note.startswith(f"demo.sao-mai/log/{generation}\n")
        size[generation] = int(note.split("\n")[1])
        paths = [piece.path for some in (tiles_of(size[generation]), bundles_of(size[generation])) for piece in some]
        for path in paths:
            assert client.get(f"{base}/{generation}/{path}").status_code == 200, path
    assert size == {1: OLD, 2: gone.made.box.log.size}
    assert client.get(f"{base}/1/tile/0/001.p/{OLD - 255}").status_code == 404
    assert client.get(f"{base}/3/checkpoint").status_code == 404


def test_numbers_of_a_later_generation_lead_to_their_check(gone: Gone, office: Office) -> None:
    """The link on the page of an act, and the code on its paper, name the generation."""
    client = TestClient(application(office), base_url="http://box.local")
    token, _ = office.sessions.begin(gone.made.administrator, "", gone.made.clock.now(), kept=False)
    client.cookies.set("chibox", token, domain="box.local")
    link = re.search(r'href="(/check\?number=[^"]+)"', client.get(f"/log/{OLD + 1}").text)
    assert link
    assert f"number={OLD + 1}/2&amp;root=" in link[1]
    assert "Khớp với nhật ký" in said(client.get(link[1].replace("&amp;", "&")).text)


def test_a_receipt_outlives_the_key_that_signed_it(tmp_path: Path) -> None:
    """From before a key was announced, while both sign, and since the old one was retired: each receipt holds."""
    with sandbox(tmp_path / "box") as made, closing(Office(made.box)) as office:
        client = TestClient(application(office), base_url="http://box.local")
        client.headers["Sec-Fetch-Site"] = "same-origin"
        receipts = []
        for change in (announce_key, retire_key, lambda _: None):
            head = made.box.publish()
            with made.reading(made.administrator) as read:
                receipts.append(act_receipt(read, head, 0))
            change(made.box)
        for receipt in receipts:
            told = said(client.post("/check/receipt", files={"file": ("a.zip", receipt)}).text)
            assert "Biên nhận đúng" in told
