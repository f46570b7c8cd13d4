"""Files sent by pieces (tus 1.0.0): what came is there, and comes together whole, whoever else sends at the same time."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from tests.core.site.conftest import Browser, House

from chibox.drafts.drafts import DAY, PIECE
from chibox.drafts.uploads import LARGEST, bare_name

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
DATA = bytes(range(251)) * 2500  # more than two pieces


def begin(browser: Browser, length: int = len(DATA), name: str = "danh sách.xlsx", **more: str) -> str:
    """Announce a file; its address."""
    named = "filename " + base64.b64encode(name.encode()).decode() + ",is_secret"
    answer = browser.post("/uploads", headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": named, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def send(browser: Browser, address: str, at: int, data: Any, **more: str) -> Any:
    """Send bytes that follow the first `at`."""
    headers = {**TUS, "Upload-Offset": str(at), "Content-Type": BYTES, **more}
    return browser.patch(address, content=data, headers=headers)


def arrived(browser: Browser, address: str) -> int:
    """How many bytes are there."""
    return int(browser.head(address, headers=TUS).headers["Upload-Offset"])


def handed_in(browser: Browser, address: str) -> bytes:
    """The file as a form that names it gets it."""
    draft = browser.post("/guests/picture", data={"picture_upload": address.rsplit("/", 1)[1]})
    assert draft.status_code == 200, draft.text
    return browser.get(f"/guests/picture/{draft.text}").content


@pytest.fixture
def browser(house: House, clerk: str) -> Iterator[Browser]:
    """A clerk's."""
    with house.browser(clerk) as opened:
        yield opened


@pytest.mark.parametrize("step", [len(DATA), PIECE, PIECE - 1, 100_000])
def test_a_file_in_parts_comes_whole(browser: Browser, step: int) -> None:
    """Sent in one part or many, each offset is told, and the form gets the very bytes."""
    address = begin(browser)
    for at in range(0, len(DATA), step):
        assert arrived(browser, address) == at
        answer = send(browser, address, at, DATA[at : at + step])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(min(at + step, len(DATA))))
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert handed_in(browser, address) == DATA


def test_what_can_be_asked_is_told_to_anybody(house: House) -> None:
    """OPTIONS names version, extensions and the largest file."""
    with house.browser() as nobody:
        answer = nobody.options("/uploads")
    assert (answer.status_code, answer.headers["Tus-Version"], answer.headers["Tus-Max-Size"]) == (
        204, "1.0.0", str(20 << 20),
    )  # fmt: skip
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination"


def test_where_a_file_stands_is_told_with_its_end(house: House, browser: Browser, clerk: str) -> None:
    """HEAD tells offset, length and when it goes; a day later it is not there."""
    address = begin(browser)
    send(browser, address, 0, DATA[:10])
    answer = browser.head(address, headers=TUS)
    assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == ("10", str(len(DATA)))
    assert answer.headers["Upload-Expires"].endswith("GMT")
    house.clock.at += DAY - 1
    with house.browser(clerk) as next_day:
        assert arrived(next_day, address) == 10
        house.clock.at += 1
        assert next_day.head(address, headers=TUS).status_code == 404
    assert house.office.drafts.purge(house.clock.now()) == 1


def test_another_offset_is_refused(browser: Browser) -> None:
    """Before or behind what is there: 409 as a problem document, and nothing changes."""
    address = begin(browser)
    send(browser, address, 0, DATA[:10])
    for at in (0, 9, 11):
        answer = send(browser, address, at, DATA[at : at + 5])
        assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
        assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert arrived(browser, address) == 10


def parts(*data: bytes) -> Iterator[bytes]:
    """Sent without saying how long it is."""
    yield from data


def test_too_much_is_refused(browser: Browser) -> None:
    """A file of more than 20 MB, more than was announced, at once or as it comes: 413, and what was there stays."""
    answer = browser.post("/uploads", headers={**TUS, "Upload-Length": str(LARGEST + 1)})
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    address = begin(browser, 10)
    assert send(browser, address, 0, b"x" * 6).status_code == 204
    assert [send(browser, address, 6, data).status_code for data in (b"x" * 5, parts(b"x" * 3, b"x" * 2))] == [413, 413]
    assert arrived(browser, address) == 6
    assert send(browser, address, 6, b"x" * 4).status_code == 204
    assert send(browser, address, 10, b"x").status_code == 413


def test_the_largest_file_comes(browser: Browser) -> None:
    """20 MB are taken in one request."""
    address = begin(browser, LARGEST)
    data = DATA * (LARGEST // len(DATA)) + DATA[: LARGEST % len(DATA)]
    assert send(browser, address, 0, data).status_code == 204
    assert handed_in(browser, address) == data


def test_anothers_file_is_not_there(house: House, browser: Browser) -> None:
    """Whoever did not begin it is told that it is not there, whatever they ask; a form does not get it either."""
    address = begin(browser, 4)
    send(browser, address, 0, b"mine")
    with house.browser(house.made.someone("clerk")) as other:
        asked = [send(other, address, 4, b""), other.head(address, headers=TUS), other.delete(address, headers=TUS)]
        assert [answer.status_code for answer in asked] == [404] * 3
        assert other.post("/guests/picture", data={"picture_upload": address.rsplit("/", 1)[1]}).status_code == 422
    with house.browser() as nobody:
        asked = [nobody.head(address, headers=TUS), nobody.post("/uploads", headers={**TUS, "Upload-Length": "1"})]
        assert [answer.status_code for answer in asked] == [401] * 2
    assert handed_in(browser, address) == b"mine"


def test_a_file_can_be_thrown_away(browser: Browser) -> None:
    """After DELETE it is not there."""
    address = begin(browser)
    send(browser, address, 0, DATA[:10])
    assert browser.delete(address, headers=TUS).status_code == 204
    assert browser.head(address, headers=TUS).status_code == 404


def test_of_six_the_oldest_goes(house: House, browser: Browser) -> None:
    """A person has five files on their way; another's do not count."""
    addresses = []
    for _ in range(6):
        house.clock.at += 1
        addresses.append(begin(browser))
        with house.browser(house.made.administrator) as other:
            begin(other)
    assert [browser.head(address, headers=TUS).status_code for address in addresses] == [404] + [200] * 5


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_changes_nothing(browser: Browser, site: str) -> None:
    """What another site makes a browser send is refused, whatever its method."""
    address, elsewhere = begin(browser), {"Sec-Fetch-Site": site}
    asked = [
        send(browser, address, 0, b"x", **elsewhere), browser.delete(address, headers={**TUS, **elsewhere}),
        browser.post("/uploads", headers={**TUS, **elsewhere, "Upload-Length": "1"}),
        browser.post(address, headers={**TUS, **elsewhere, "X-HTTP-Method-Override": "DELETE"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in asked] == [403] * 4
    assert arrived(browser, address) == 0


def test_a_line_that_lets_only_posts_through_serves(browser: Browser) -> None:
    """The method in the header counts; one that is none of these is refused."""
    address = begin(browser, 4)

    def post(method: str, data: bytes = b"", **more: str) -> Any:
        headers = {**TUS, "X-HTTP-Method-Override": method, "Content-Type": BYTES, **more}
        return browser.post(address, content=data, headers=headers)

    assert post("PATCH", b"four", **{"Upload-Offset": "0"}).headers["Upload-Offset"] == "4"
    assert post("HEAD").headers["Upload-Offset"] == "4"
    assert post("GET").status_code == 405
    assert post("DELETE").status_code == 204
    assert browser.head(address, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": ""}, 412),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "٣"}, 400),
        ({"Upload-Length": "9" * 5000}, 400),
        ({"Upload-Metadata": "filename ???"}, 400),
        ({"Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Metadata": ""}, 201),
        ({"Upload-Metadata": ", ,filename"}, 201),
    ],
)
def test_what_cannot_be_read_is_refused(browser: Browser, headers: dict[str, str], status: int) -> None:
    """Another version, a length that is none, a name that is none: a problem document and no file."""
    sent = [(name.encode(), value.encode()) for name, value in {**TUS, "Upload-Length": "1", **headers}.items()]
    answer = browser.post("/uploads", headers=sent)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (status, "1.0.0")
    assert status == 201 or answer.json()["status"] == status
    assert (status != 412) == ("Tus-Version" not in answer.headers)


def test_bytes_of_another_kind_are_refused(browser: Browser) -> None:
    """What is not said to be bytes that follow is not taken for such."""
    address = begin(browser)
    answer = browser.patch(address, content=b"x", headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"})
    assert (answer.status_code, arrived(browser, address)) == (415, 0)


def test_a_form_brings_a_file_in_either_way(browser: Browser) -> None:
    """In the form, or sent before; the one in the form is newer; none is None; an empty file is a file."""
    address = begin(browser, 4)
    send(browser, address, 0, b"sent")
    upload = address.rsplit("/", 1)[1]
    files = {"picture": ("a.xlsx", b"in the form")}

    def got(answer: Any) -> bytes:
        return browser.get(f"/guests/picture/{answer.text}").content

    assert got(browser.post("/guests/picture", files=files)) == b"in the form"
    assert got(browser.post("/guests/picture", files=files, data={"picture_upload": upload})) == b"in the form"
    assert got(browser.post("/guests/picture", data={"picture_upload": ["", upload]})) == b"sent"
    assert browser.post("/guests/picture", data={"picture_upload": ""}).text == "nothing"
    assert browser.post("/guests/picture", files={"picture": ("", b"")}).text == "nothing"
    assert got(browser.post("/guests/picture", files={"picture": ("a.csv", b"")})) == b""
    assert handed_in(browser, begin(browser, 0)) == b""


def test_a_file_stays_for_the_next_try(browser: Browser) -> None:
    """A form may come twice with the same file: it was refused the first time, and nobody has to send it again."""
    address = begin(browser, 4)
    send(browser, address, 0, b"sent")
    assert [handed_in(browser, address) for _ in range(2)] == [b"sent"] * 2


def test_a_file_that_is_not_whole_is_a_sentence(house: House, browser: Browser) -> None:
    """Half a file, and one that is gone, are told at their field."""
    address = begin(browser)
    for upload in (address.rsplit("/", 1)[1], "0" * 32):
        answer = browser.post(
            "/guests/picture", data={"picture_upload": upload}, headers={"Accept": "application/json"}
        )
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["picture"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\Yen\\danh sach.xlsx", "danh sach.xlsx"),
        ("/home/yen/../a.csv", "a.csv"),
        ("a\x00\u202eb\n.xlsx", "ab.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 195 + ".xlsx"),
        ("Đảng viên.xlsx", "Đảng viên.xlsx"),
        ("", ""),
    ],
)
def test_a_name_is_bare(name: str, shown: str) -> None:
    """No folder, nothing that cannot be seen, not too long, its ending kept."""
    assert bare_name(name) == shown
