"""The site of a box with some members, people of every role who are signed in, and forms read from pages."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from chibox.app import application
from chibox.office import Office
from chibox.site.who import COOKIE
from chibox_membership.asking import Change, Correct, Move, SetStatus
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.rows import SheetRow

if TYPE_CHECKING:
    from httpx import Response
    from plugins.membership.tests.conftest import Roll

Browser = TestClient[Litestar]
NAMES = (
    "Hoàng Thị An", "Nguyễn Văn Ẩn", "Đặng Hữu Đễ", "Nguyễn Thị Hương", "Nguyễn Thị Thu Hương", "Nguyễn Thị Hường",
    "Phạm Quang Nghĩa", "Bùi Hữu Ngữ", "H’Nhuôn Êban Niê", "Lò Thị Ón", "Giàng Thị Sềnh", "Lê Đình Vẵng",
    "Trần Văn Bưởi", "Đỗ Thị Bẩy", "Lý Mẩy Chẩn", "Quàng Văn Ẳng", "Vừ A Páo", "Thào A Sùng", "Hà Thị Yên", "Lầu Thị Mỷ",
    "Nguyễn Thị Lụa", "Cà Văn Pọm", "Tòng Thị Xôm", "Mùa A Dơ", "Sùng A Vàng", "Lò Văn Ánh", "Lường Thị Bun", "Vì Văn Chom",
)  # fmt: skip


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: address and what their fields hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes a form, an input, an option."""
        held = dict(attrs)
        if tag == "form":
            self.found.append((held.get("action") or "", {}) if held.get("method") == "post" else ("", {}))
        if tag == "select":
            self._select = held.get("name") or ""
        if tag == "option" and self.found and ("selected" in held or self._select not in self.found[-1][1]):
            self.found[-1][1][self._select] = held.get("value") or ""
        name = held.get("name")
        if tag != "input" or not name or not self.found or held.get("type") == "file":
            return
        if held.get("type") not in {"radio", "checkbox"} or "checked" in held:
            self.found[-1][1][name] = held.get("value") or ""


class Desk:
    """An office with its site; `clerk`, `secretary` (of the first cell) and `operator` are browsers."""

    def __init__(self, roll: "Roll", office: Office) -> None:
        self.roll, self.office, self.app = roll, office, application(office)
        self.members: dict[str, str] = {}
        self.clerk = self.browser(roll.clerk)
        self.secretary = self.browser(roll.someone("cell_secretary", roll.east))
        self.operator = self.browser(roll.someone("operator"))

    def browser(self, person: str) -> Browser:
        """A browser of a person who is signed in."""
        client = TestClient(self.app)
        client.headers.update({"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
        client.cookies.set(COOKIE, self.token(person))
        return client

    def token(self, person: str) -> str:
        """A session of a person."""
        return self.office.sessions.begin(person, "", self.roll.clock.now(), kept=False)[0]

    def send(self, path: str, **fields: Any) -> "Response":
        """As the clerk: open a page, fill its form in, send it, and do not follow where it leads. None takes a field out."""
        shown = self.clerk.get(path)
        assert shown.status_code == 200, shown.text
        action, held = next((f for f in reversed(Forms(shown.text).found) if "_act" in f[1]), ("", {}))
        kept = {name: value for name, value in {**held, **fields}.items() if value is not None}
        return self.clerk.post(action or path, data=kept, follow_redirects=False)

    def member(self, name: str) -> str:
        """The address of a member."""
        return f"/membership/{self.members[name]}"

    def read(self, person: str) -> list[tuple[str, str | None, int]]:
        """What somebody has read: page, field, about how many; the latest first."""
        return [(one.page, one.field, len(one.subjects)) for one in self.office.access.by(person)]


def fill(desk: Desk) -> None:
    """Twenty-eight members by a sheet, one with a history."""
    roll = desk.roll
    rows = tuple(
        SheetRow(
            row=8 + place, full_name=name, sex="female" if "Thị" in name else "male", cell=roll.cells[place % 3],
            born_on=dt.date(1960 + place, 1 + place % 12, 1 + place % 28), ethnic_group="01", religion="01",
            personal_id=f"991068{place:06}", card_number=f"991068{place:06}", admitted_on=dt.date(2000, 1, 1 + place),
            official_on=dt.date(2001, 1, 1 + place), status="active",
        )
        for place, name in enumerate(NAMES)
    )  # fmt: skip
    answer = roll.ask(ImportSheet(rows=rows, as_of=roll.box.log.size - 1))
    for position in range(answer.first, answer.last + 1):
        entry = roll.entry(position)
        desk.members[entry.body.full_name] = entry.subject  # type: ignore[union-attr]  # nothing is erased here
    who = roll.enter(full_name="Vừ A Dếnh", residence_detail="bản Pá Khoang", card_number="990068999999")
    desk.members["Vừ A Dếnh"] = who
    desk.members["Tòng Văn Mới"] = roll.enter(
        full_name="Tòng Văn Mới", admitted_on=dt.date(2025, 12, 10), official_on=None
    )
    roll.ask(Change(member=who, day=dt.date(2025, 12, 20), residence_detail="thôn Đoài", paper="Sổ hộ khẩu số 14"))
    roll.ask(
        Correct(member=who, born_on=dt.date(1968, 12, 12), ground="original_file", paper="Lý lịch đảng viên số 14")
    )
    roll.ask(Move(member=who, day=dt.date(2026, 3, 1), cell=roll.west))
    roll.undo(roll.ask(SetStatus(member=who, day=dt.date(2026, 4, 1), status="suspended")))


@pytest.fixture(scope="module")
def desk(open_roll: type["Roll"], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of a file."""
    roll = open_roll(tmp_path_factory.mktemp("desk") / "box")
    with closing(Office(roll.box)) as office:
        made = Desk(roll, office)
        fill(made)
        yield made
    roll.box.close()
