"""A file with rows of every kind, the clerk who sends it, and ways to look at the pages of it."""

import csv
import html
import re
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from plugins.membership.tests.pages.conftest import NAMES, Desk, Forms, fill

from chibox.office import Office
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import Kind
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response
    from plugins.membership.tests.conftest import Roll

HEADS = {
    "name": "Họ và tên", "sex": "Giới tính", "born": "Ngày sinh", "group": "Dân tộc", "religion": "Tôn giáo",
    "id": "Số định danh cá nhân", "card": "Số thẻ đảng viên", "cell": "Chi bộ", "admitted": "Ngày vào Đảng",
    "official": "Ngày chính thức", "other": "Tên gọi khác", "note": "Ghi chú",
}  # fmt: skip
Line = dict[str, str]


def word(kind: Kind, code: str) -> str:
    """What a sheet writes for a code."""
    return CODES[kind].word(code)


def csv_file(*lines: Line) -> bytes:
    """A list as a file .csv: headings in row 1, the first line in row 2."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADS.values())
    writer.writerows([line.get(key, "") for key in HEADS] for line in lines)
    return out.getvalue().encode("utf-8-sig")


class Clerk(Desk):
    """The desk of tests, with a clerk who imports."""

    def line(self, who: str, /, **other: str) -> Line:
        """A row about a member as the roll has him."""
        with self.roll.reading() as read:
            member = read.row(Member, self.members[who])
        assert member is not None
        day = "%d/%m/%Y"
        return {
            "name": member.full_name, "born": member.born_on.strftime(day), "id": member.personal_id,
            "card": member.card_number or "", "sex": word(Kind.SEX, member.sex), **other,
        }  # fmt: skip

    def newcomer(self, number: int, **other: str) -> Line:
        """A row about somebody who is not in the roll."""
        return {
            "name": f"Lý A {'BCDEFGHKLM'[number]}", "sex": "Nam", "born": f"0{1 + number % 9}/02/1990",
            "group": word(Kind.ETHNIC_GROUP, "01"), "religion": word(Kind.RELIGION, "00"), "id": f"993190{number:06}",
            "cell": "Chi bộ thôn Đông", "admitted": f"0{1 + number % 9}/03/2026", **other,
        }  # fmt: skip

    def file(self) -> bytes:
        """Rows of every kind: 2 and 3 new, 4 to 6 changed, 7 and 8 as they are, 9 to 11 doubtful, from 12 on wrong."""
        roll = [name for name in NAMES if not name.startswith("Nguyễn Thị")]
        return csv_file(
            self.newcomer(0), self.newcomer(1, note="đã gọi"),
            self.line(roll[0], other="Anh An"), self.line(roll[1], group=word(Kind.ETHNIC_GROUP, "02")),
            self.line(roll[2], religion=word(Kind.RELIGION, "02"), card="991068900002"),
            self.line(roll[3]), self.line(roll[4]),
            {**self.line(roll[5]), "id": "993190700001", "card": "", "group": "Kinh", "religion": "Không",
             "cell": "Chi bộ thôn Đông", "admitted": "01/03/2026"},
            self.line(roll[6], born="05/05/1965"), self.line(roll[7], name="Lò Thị Thắm"),
            self.line(roll[8], born="30/02/1961"), self.line(roll[9], id="3806200417"),
            self.line(roll[10], cell="thôn Đông"), self.line(roll[11], group="Kin"),
            self.newcomer(2, born="05/06/91", admitted=""), self.line(roll[12], official="01/01/1990"),
        )  # fmt: skip

    def send_file(self, data: bytes, name: str = "dang-vien-4.0-thang-11.csv", purpose: str = "import") -> str:
        """Send a file as the clerk; returns the address of its page."""
        sent = self.clerk.post(f"/membership/{purpose}", files={"file": (name, data)}, follow_redirects=False)
        assert sent.status_code == 303, text(sent.text)
        return str(sent.headers["location"])

    def open(self, address: str) -> str:
        """The words of a page."""
        shown = self.clerk.get(address)
        assert shown.status_code == 200, text(shown.text)
        return text(shown.text)

    def press(self, address: str, action: str = "", **fields: Any) -> "Response":
        """Open a page, change fields of its main form, send it as the first button or to another address."""
        shown = self.clerk.get(address)
        where, held = next((f for f in Forms(shown.text).found if "shown" in f[1]), ("", {}))
        return self.clerk.post(action or html.unescape(where), data={**held, **fields}, follow_redirects=False)


def text(page: str) -> str:
    """The words of the content, spaces single."""
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", main)).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def clerk(open_roll: type["Roll"], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    """One office for all tests of a file."""
    roll = open_roll(tmp_path_factory.mktemp("clerk") / "box")
    with closing(Office(roll.box)) as office:
        made = Clerk(roll, office)
        fill(made)
        yield made
    roll.box.close()


@pytest.fixture
def own(open_roll: type["Roll"], tmp_path: "Path") -> Iterator[Clerk]:
    """An office of one's own: what is recorded in one test is not there in another."""
    roll = open_roll(tmp_path / "box")
    with closing(Office(roll.box)) as office:
        made = Clerk(roll, office)
        fill(made)
        yield made
    roll.box.close()
