"""The preview: how far the box is, what each row is and would do, and what of it the reader may see."""

from typing import TYPE_CHECKING

import msgspec
import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk, csv_file, text

from chibox.drafts.drafts import Drafts
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import Desk

if TYPE_CHECKING:
    from chibox_membership.importing.held import Phase


@pytest.fixture(scope="module")
def address(clerk: Clerk) -> str:
    """The page of a file with rows of every kind."""
    return clerk.send_file(clerk.file())


@pytest.mark.parametrize(
    ("phase", "done", "said"),
    [
        ("reading", 0, "Đang đọc tệp"),
        ("checking", 1200, "Đã xem 1.200 trên 2.128 dòng"),
        ("recording", 0, "Đang ghi tất cả các dòng trong một việc."),
    ],
)
def test_while_the_box_works_a_bar_stands_there(clerk: Clerk, phase: "Phase", done: int, said: str) -> None:
    """The sentence, a bar, a link to look again; a script follows it; there is nothing to press."""
    drafts = Drafts(clerk.office.drafts, "membership", clerk.roll.clerk, clerk.roll.clock.now)
    draft = drafts.begin(
        desks.KIND, Desk(purpose="import", name="lon.csv", size=1, digest="", phase=phase, done=done, total=2128)
    )
    shown = clerk.clerk.get(f"/membership/import/{draft.id}").text
    assert said in text(shown)
    assert '<div id="job" data-live>' in shown
    assert f'<progress max="2128" value="{done}"' in shown
    assert f'href="/membership/import/{draft.id}">Xem lại' in shown
    assert "main-act" not in shown
    assert (
        clerk.clerk.post(f"/membership/import/{draft.id}", data={"m-2-cell": "x"}, follow_redirects=False).headers[
            "location"
        ]
        == f"/membership/import/{draft.id}"
    )
    drafts.drop(draft)


def test_it_opens_on_what_is_wrong(clerk: Clerk, address: str) -> None:
    """Name, rows, seconds, that nothing is stored; counts on the tabs; the wrong ones first, in so many ways."""
    shown = clerk.clerk.get(address).text
    assert "dang-vien-4.0-thang-11.csv · 16 dòng · đọc xong trong 1 giây · chưa ghi gì vào hộp" in text(shown)
    assert "Mới 2 Thay đổi 3 Không đổi 2 Chưa rõ 3 Sai 6" in text(shown)
    assert "6 dòng sai ở 7 kiểu." in text(shown)
    assert 'aria-current="page">Sai' in shown
    assert shown.count("main-act") == 1
    assert "Cột hộp không dùng nên không đọc: Ghi chú." in text(shown)


def test_a_wrong_cell_says_where_who_what_and_why(clerk: Clerk, address: str) -> None:
    """Row, letter, field, name, what is in the file, why; certain guesses are filled in, other readings are buttons."""
    shown = clerk.clerk.get(address).text
    said = text(shown)
    assert (
        "Dòng 12, cột C Ngày sinh Lê Đình Vẵng 30/02/1961 Tháng 2 năm 1961 chỉ có 28 ngày. Có thể là: 28/02/1961"
        in said
    )
    assert 'name="take" value="12 born_on 28/02/1961"' in shown
    assert 'id="m-14-cell" name="m-14-cell"' in shown
    assert 'value="Chi bộ thôn Đông" autocomplete="off" list="cells"' in shown
    assert '<select id="m-15-ethnic_group"' in shown
    assert "trống Cần ghi “Ngày vào Đảng (cột X)”." in said
    assert said.index("Dòng 16, cột C") < said.index("Dòng 16, cột I")


def test_what_changes_is_told_with_old_and_new(clerk: Clerk, address: str) -> None:
    """Numbers and religion are covered as on the member's page, and that they differ is told."""
    shown = clerk.clerk.get(f"{address}?tab=changed").text
    said = text(shown)
    assert "Dòng 4 Hoàng Thị An Tên gọi khác: chưa ghi thành Anh An" in said
    assert "Dân tộc: Kinh thành Tày" in said
    assert "Tôn giáo: có thay đổi, đang che" in said
    assert "Số thẻ đảng viên: 991 068 ••••02 thành 991 068 ••••02 (khác nhau ở phần che)" in said
    assert "991068900002" not in shown


def test_who_is_new_and_what_stays_are_told(clerk: Clerk, address: str) -> None:
    """Main details of the new, the number covered; names only of the others."""
    assert "Dòng 2 Lý A B 01/02/1990 Chi bộ thôn Đông 993 190 ••••00 01/03/2026" in clerk.open(f"{address}?tab=new")
    assert "Dòng Họ và tên Dòng 7 Phạm Quang Nghĩa Dòng 8 Bùi Hữu Ngữ" in clerk.open(f"{address}?tab=same")


def test_a_doubtful_row_asks_and_offers_answers(clerk: Clerk, address: str) -> None:
    """Who is it: candidates with cell, birth date, covered number, or somebody else; what a sheet does not change: keep, take."""
    shown = clerk.clerk.get(f"{address}?tab=doubtful").text
    said = text(shown)
    assert (
        "H’Nhuôn Êban Niê Chi bộ Trạm Y tế · 09/09/1968 · 991 068 ••••08 một người khác, chưa có trong danh sách"
        in said
    )
    assert "Trong tệp: 05/05/1965" in said
    assert "giữ như hộp đang ghi: 10/10/1969 Sửa ghi sai ở hồ sơ" in said
    assert "giữ như hộp đang ghi: Giàng Thị Sềnh lấy theo tệp: Lò Thị Thắm" in said
    assert 'type="radio"' in shown
    assert " checked>" not in shown


def test_the_card_says_what_will_and_will_not_happen(clerk: Clerk, address: str) -> None:
    """New, changed, passed over, left aside and until when; on every tab."""
    for tab in ("wrong", "doubtful", "changed", "new", "same"):
        assert (
            "Nhập 5 dòng 2 đảng viên mới, 3 đảng viên có thay đổi. 2 dòng không đổi thì bỏ qua; ô trống không xóa gì. "
            "9 dòng sai và chưa rõ để lại, không mất: hộp giữ tệp này đến 25/12/2026. Nhập 5 dòng Không nhập "
            "Hoàn tác được cả lần nhập; dòng nào đã có việc ghi sau thì hỏi lại từng dòng."
        ) in clerk.open(f"{address}?tab={tab}")


def test_whoever_is_shown_is_noted(clerk: Clerk, address: str) -> None:
    """The members whom the rows of a tab are about, and the candidates of a question, stand in the access log."""
    for tab, about in (("wrong", 5), ("doubtful", 3), ("changed", 3), ("same", 2)):
        clerk.open(f"{address}?tab={tab}")
        assert clerk.read(clerk.roll.clerk)[0] == ("membership.import", None, about), tab


def test_twenty_five_rows_stand_on_a_page(clerk: Clerk) -> None:
    """The rest is turned to by a button that keeps what was written; a page beyond the end is the last."""
    many = clerk.send_file(csv_file(*(clerk.newcomer(0, id=f"99319{n:06}", cell="thôn X") for n in range(60))))
    assert "1–25 trong 60 · Trang 1/3" in clerk.open(many)
    shown = clerk.clerk.get(f"{many}?page=9").text
    assert "51–60 trong 60 · Trang 3/3" in text(shown)
    assert 'name="go" value="2"' in shown
    assert 'name="go" value="4"' not in shown


def test_an_address_that_says_nonsense_is_answered(clerk: Clerk, address: str) -> None:
    """A tab that is none opens the usual one; a page that is no number is refused in words."""
    assert "6 dòng sai" in clerk.open(f"{address}?tab=zzz&page=0")
    assert clerk.clerk.get(f"{address}?page=x").status_code == 422


def test_a_page_of_the_preview_is_light(clerk: Clerk) -> None:
    """Twenty-five rows with a fault each, a list to choose from in every one: at most 8 KB with compression."""
    wrong = [clerk.newcomer(0, id=f"99319{n:07}", group="Kin", name=f"Lý A {n}".replace("0", "o")) for n in range(25)]
    address = clerk.send_file(csv_file(*wrong))
    answer = clerk.clerk.get(address, headers={"Accept-Encoding": "gzip"})
    assert "25 dòng sai" in text(answer.text)
    assert int(answer.headers["content-length"]) <= 8192


def test_drafts_that_wait_are_read_by_the_task(clerk: Clerk) -> None:
    """Where background work runs, sending a file gives it a hint, and the page shows the bar meanwhile."""
    hints: list[str] = []

    class Work(msgspec.Struct):
        """Notes what it is asked."""

        def hint(self, name: str) -> None:
            """Noted."""
            hints.append(name)

    clerk.office.work = Work()
    try:
        address = clerk.send_file(clerk.file())
        assert "Đang đọc tệp" in clerk.open(address)
    finally:
        clerk.office.work = None
    assert hints == ["membership.trial"]
