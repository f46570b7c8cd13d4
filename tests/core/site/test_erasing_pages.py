"""The pages of an erasure: what is held, what goes and stays, the second person's page, the list; the evidence pack."""

import io
import re
import zipfile

from tests.core.site.conftest import House

from chibox.core_commands import RegisterPerson
from chibox.erasing.finishing import Finishing
from chibox.records.verify import verify_receipt


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the first form of the page's own that has an act."""
    found = re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)">', page.split("<main", 1)[1])
    return dict(found)


def asked(house: House, clerk: str, guest: str) -> str:
    """The address of a request."""
    with house.browser(clerk) as browser:
        page = browser.get(f"/erasing/of/{guest}").text
        sent = {**form_of(page), "reason": "request"}
        answer = browser.post(f"/erasing/of/{guest}", data=sent, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_two_people_erase_by_the_pages(house: House, clerk: str) -> None:
    """One asks, home tells the other, who types the number; then the page says what is left where."""
    guest = house.guest()
    secretary = house.made.someone("committee_secretary")
    with house.browser(clerk) as browser:
        page = browser.get(f"/erasing/of/{guest}").text
        assert "Về Hà Thị <b>Yên</b>" in page
        assert "Bản sao lưu cũ." in page
    address = asked(house, clerk, guest)
    with house.browser(clerk) as browser:
        page = browser.get(address).text
        assert "Người đề nghị không được tự xóa." in page
        assert "Rút đề nghị" in page
        assert "Xóa vĩnh viễn" not in page
        assert "chờ người thứ hai" in browser.get("/erasing").text
    with house.browser(secretary) as browser:
        assert address in browser.get("/").text
        page = browser.get(address).text
        wrong = browser.post(f"{address}/do", data={**form_of(page), "typed": "7"})
        assert wrong.status_code == 422
        assert "Chưa đúng số bản ghi; số ấy là 1." in wrong.text
        right = browser.post(f"{address}/do", data={**form_of(page), "typed": "1"}, follow_redirects=False)
        assert right.status_code == 303
        page = browser.get(address).text
        assert "Đã xóa nội dung." in page
        assert "Đang dọn bản cũ" in page
        assert Finishing(house.office).finish(5)
        assert "Tệp của hộp không còn gì." in browser.get(address).text
        assert "1 lần xóa đã dọn xong" in browser.get("/health").text
        assert browser.get(f"/erasing/of/{guest}").status_code == 404


def test_who_may_not_sees_nothing(house: House, clerk: str, administrator: str) -> None:
    """Neither the page that asks nor the request, nor the list; a clerk without the post neither."""
    guest = house.guest()
    address = asked(house, clerk, guest)
    with house.browser(administrator) as browser:
        for path in (f"/erasing/of/{guest}", address, "/erasing", f"/evidence/{guest}", f"/evidence/{guest}/pack"):
            assert browser.get(path).status_code in (403, 404), path
        answer = browser.post(f"{address}/do", data={"_act": "a" * 32, "typed": "1"})
        assert answer.status_code in (403, 404)


def test_withdrawn_it_is_not_done(house: House, clerk: str) -> None:
    """By the button of who asked; the page says that nothing was erased."""
    address = asked(house, clerk, house.guest())
    with house.browser(clerk) as browser:
        page = browser.get(address).text
        answer = browser.post(f"{address}/withdraw", data=form_of(page), follow_redirects=False)
        assert answer.status_code == 303
        assert "Đã rút đề nghị; không xóa gì." in browser.get(address).text


def test_without_a_reason_nothing_is_asked(house: House, clerk: str) -> None:
    """The form comes back with what is missing."""
    guest = house.guest()
    with house.browser(clerk) as browser:
        page = browser.get(f"/erasing/of/{guest}").text
        answer = browser.post(f"/erasing/of/{guest}", data=form_of(page))
        assert answer.status_code == 422
        assert "Chưa lưu" in answer.text


def test_a_program_erases_by_the_api(house: House, clerk: str) -> None:
    """The commands are served like all others."""
    guest = house.guest()
    with house.program(house.office.token) as program:
        schema = program.get("/schema/openapi.json").text
    assert "/api/core/ask_erasure" in schema
    assert "/api/core/erase" in schema
    assert guest


def test_a_pack_is_downloaded_and_noted(house: House, clerk: str) -> None:
    """It verifies; the access log has who was in it. The person alone gets their own."""
    guest = house.guest()
    house.made.ask(RegisterPerson(sign_in="yen", person=guest))
    for person in (clerk, guest):
        with house.browser(person) as browser:
            assert "Tải hồ sơ chứng cứ" in browser.get(f"/evidence/{guest}").text
            answer = browser.get(f"/evidence/{guest}/pack")
        assert verify_receipt(answer.content).ok
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert "Hà Thị Yên" in archive.read("overview.csv").decode()
        assert house.office.access.by(person)[0].page == "core.evidence"
        assert guest in house.office.access.by(person)[0].subjects
