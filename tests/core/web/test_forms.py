"""A form becomes the struct of a command, and what cannot be read is named field by field."""

import datetime as dt
import enum
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import FormMultiDict, UploadFile
from msgspec import UNSET, Meta, UnsetType

from chibox.errors import Invalid, words
from chibox.web.filling import Form
from chibox.web.forms import FORM, NEEDED, WRONG, parse
from chibox.web.locale import translate

ACT = "0123456789abcdef" * 2


class Kind(enum.Enum):
    """A closed list."""

    OFFICIAL = "official"
    PROBATIONARY = "probationary"


class Move(msgspec.Struct, kw_only=True, frozen=True):
    """A command with every kind of field."""

    name: Annotated[str, Meta(min_length=2, max_length=10, extra={NEEDED: words("State the name")})]
    number: (
        Annotated[str, Meta(pattern=r"^\d{12}$", extra={WRONG: words("12 digits are wanted, not {count}")})] | None
    ) = None
    born: dt.date | UnsetType | None = UNSET
    since: Annotated[str, Meta(extra={FORM: "partial_date"})] | UnsetType = UNSET
    count: Annotated[int, Meta(ge=1, le=5000)] = 1
    share: Decimal | None = None
    ratio: Annotated[float, Meta(gt=0, lt=1)] | None = None
    kind: Kind | None = None
    reason: Literal["typing", "original"] | UnsetType = UNSET
    text: Annotated[str, Meta(extra={FORM: "lines"})] | None = None
    agreed: bool = False
    told: bool | UnsetType = UNSET
    cells: list[str] = []
    days: list[dt.date] | UnsetType = UNSET


def form(*pairs: tuple[str, Any]) -> FormMultiDict:
    """A form as it is sent."""
    return FormMultiDict(list(pairs))


def read(*pairs: tuple[str, Any]) -> Move:
    """The command of a form that has a name."""
    return parse(Move, form(("name", "Nam"), *pairs)).value


def wrong(*pairs: tuple[str, Any], shape: type[msgspec.Struct] = Move) -> dict[str, str]:
    """The fields of a refused form and their reasons in Vietnamese or as they stand."""
    with pytest.raises(Invalid) as refused:
        parse(shape, form(*pairs))
    return {name: translate(reason) for name, reason in refused.value.fields.items()}


def test_a_field_not_sent_is_unset_and_an_empty_one_is_none() -> None:
    """What a page did not show stays as it is; what it showed empty is taken out."""
    assert read() == Move(name="Nam")
    assert read().born is UNSET
    assert read(("born", " ")).born is None
    assert read(("kind", "")).kind is None


def test_every_kind_of_field_is_read_by_its_type() -> None:
    """Dates, numbers, lists, closed lists and boxes come out as what they mean."""
    found = read(
        ("number", "011068001217"), ("born", "13/02/1968"), ("since", "2/1968"), ("count", "1.234"), ("share", "85,7"),
        ("ratio", "0,5"), ("kind", "probationary"), ("reason", "typing"), ("text", "a\r\nb"), ("cells", "x"), ("cells", "y"),
        ("days", "01/02/2026"),
    )  # fmt: skip
    assert found == Move(
        name="Nam", number="011068001217", born=dt.date(1968, 2, 13), since="1968-02", count=1234, share=Decimal("85.7"),
        ratio=0.5, kind=Kind.PROBATIONARY, reason="typing", text="a\nb", cells=["x", "y"], days=[dt.date(2026, 2, 1)],
    )  # fmt: skip


def test_a_box_is_ticked_unticked_or_not_shown() -> None:
    """The hidden empty field before a box tells an unticked box from one that the page did not show."""
    assert read(("told", ""), ("told", "on")).told is True
    assert read(("told", "")).told is False
    assert read().told is UNSET
    assert read().agreed is False


def test_a_list_of_which_nothing_is_chosen_is_empty() -> None:
    """The hidden empty field before a group of boxes stands for an empty list."""
    assert read(("days", "")).days == []


def test_act_and_seen_stand_beside_the_command() -> None:
    """The number of the act and the position seen are taken out of the form."""
    filled = parse(Move, form(("name", "Nam"), ("_act", ACT), ("_seen", "4711")))
    assert (filled.act, filled.seen, filled.value) == (ACT, 4711, Move(name="Nam"))
    assert (parse(Move, form(("name", "Nam"), ("_act", ""))).act, parse(Move, form(("name", "Nam"))).seen) == (
        None,
        None,
    )


@pytest.mark.parametrize(
    "pair",
    [("_act", "x"), ("_act", ACT.upper()), ("_seen", "-1"), ("_seen", "٣"), ("_csrf_token", "x"), ("nmae", "Nam")],
)
def test_a_form_that_is_not_ours_is_refused(pair: tuple[str, str]) -> None:
    """A broken number of the page and a field that the command does not have are refused."""
    assert wrong(("name", "Nam"), pair) == {}


def test_a_field_of_the_page_itself_is_let_pass_when_named() -> None:
    """The name of the button that was pressed is no field of the command."""
    assert parse(Move, form(("name", "Nam"), ("do", "save")), beside={"do"}).value == Move(name="Nam")


def test_every_fault_is_named_at_once() -> None:
    """One sending tells a person everything that has to be mended, each by its own reason."""
    assert wrong(
        ("name", ""), ("number", "123"), ("born", "31/02/1968"), ("count", "9.999"), ("ratio", "1"), ("kind", "x"),
        ("reason", ""), ("share", "1"), ("share", "2"),
    ) == {
        "name": "State the name",
        "number": "12 digits are wanted, not 3",
        "born": "Tháng 2 năm 1968 chỉ có 29 ngày",
        "count": "Nhiều nhất 5.000; ở đây ghi 9.999",
        "ratio": "Phải nhỏ hơn 1; ở đây ghi 1,0",
        "kind": "Cần chọn trong danh sách",
        "reason": "Cần ghi chỗ này",
        "share": "Ô này gửi hai lần; mở lại trang",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("name", "N"), "Cần ít nhất 2 chữ; ở đây có 1"),
        (("name", "N" * 11), "Nhiều nhất 10 chữ; ở đây có 11"),
        (("count", "0"), "Từ 1 trở lên; ở đây ghi 0"),
        (("ratio", "0"), "Phải lớn hơn 0; ở đây ghi 0,0"),
    ],
)
def test_a_bound_is_said_with_what_stands_there(pair: tuple[str, str], words: str) -> None:
    """The reason names the bound and what was typed."""
    pairs = [("name", "Nam"), pair] if pair[0] != "name" else [pair]
    assert list(wrong(*pairs).values()) == [words]


def test_a_required_field_that_is_missing_is_named() -> None:
    """A required field that was not sent is refused; a required box is unticked, a required list empty."""

    class Strict(msgspec.Struct):
        """Nothing may be left out, but the last may be empty."""

        day: dt.date
        box: bool
        many: list[str]
        maybe: str | None

    assert wrong(shape=Strict) == {"day": "Cần ghi chỗ này"}
    assert parse(Strict, form(("day", "01/02/2026"))).value == Strict(
        dt.date(2026, 2, 1), box=False, many=[], maybe=None
    )


def test_a_renamed_field_is_sent_by_its_written_name() -> None:
    """A struct that renames its fields for JSON has the same names in a form."""

    class Renamed(msgspec.Struct, rename={"full_name": "fullName"}):
        """One field with another name outside."""

        full_name: str

    assert parse(Renamed, form(("fullName", "Nam"))).value == Renamed("Nam")


def test_a_file_is_handed_on_and_no_file_is_none() -> None:
    """A file stays a file; a browser's empty file field is empty."""

    class Upload(msgspec.Struct):
        """A file."""

        file: UploadFile | None = None

    chosen = UploadFile(content_type="text/plain", filename="a.xlsx", file_data=b"x")
    empty = UploadFile(content_type="application/octet-stream", filename="")
    assert parse(Upload, form(("file", chosen))).value.file is chosen
    assert parse(Upload, form(("file", empty))).value.file is None
    chosen.file.close()
    empty.file.close()


def test_what_was_typed_stands_in_the_form_again() -> None:
    """A refused form shows what was typed, the reasons, and the same act."""
    sent = form(("name", ""), ("born", "31/02/1968"), ("cells", "x"), ("cells", "y"), ("_act", ACT), ("_seen", "7"))
    with pytest.raises(Invalid) as refused:
        parse(Move, sent)
    again = Form.refused(sent, refused.value)
    assert (again.value("born"), again.has("cells", "y"), again.act, again.seen) == ("31/02/1968", True, ACT, 7)
    assert (again.error("name"), again.error("cells"), again.stopped) == ("State the name", "", True)


def test_a_refusal_of_the_whole_form_has_no_field() -> None:
    """A rule that says no is said once, above the form."""
    again = Form.refused(form(("name", "Nam"), ("_seen", "x")), Invalid("No"))
    assert (again.trouble, again.errors, again.seen, Form.blank().stopped) == (words("No"), {}, None, False)


@given(
    st.builds(
        Move,
        name=st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True),
        born=st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)),
        since=st.sampled_from(["1968", "1968-02", "1968-02-13"]),
        count=st.integers(1, 5000),
        share=st.none() | st.decimals(0, 100, places=1),
        kind=st.none() | st.sampled_from(Kind),
        agreed=st.booleans(),
        told=st.just(True),
        cells=st.lists(st.from_regex(r"[a-z]{1,5}", fullmatch=True)),
        days=st.just([dt.date(2026, 2, 1)]),
    )
)
def test_a_struct_shown_in_a_form_comes_back_equal(move: Move) -> None:
    """A form that shows a struct and is sent unchanged gives the same struct."""
    shown = Form.of(move, ACT, 7)
    pairs = [(name, value) for name in Move.__struct_fields__ for value in shown._values[name]]
    filled = parse(Move, form(*pairs))
    assert msgspec.structs.replace(filled.value, ratio=None) == move
