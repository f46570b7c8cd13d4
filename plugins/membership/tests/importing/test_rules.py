"""What a row is, case by case: one roll, one file, a row for each rule."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from plugins.membership.tests.importing.files import Line
from plugins.membership.tests.importing.house import Clerk, House

from chibox_membership.importing.held import WHO, Trial
from chibox_membership.sheet.columns import FIRST_ROW

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

UUID: Final = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_UUID: Final = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_USUAL: Final = {"national_id": UUID, "card_number": "990068555555", "full_name": "Nguyễn Thị Hường"}
Keys = tuple[str, ...]


class Case(NamedTuple):
    """A rule: how somebody stands in the roll (None: not at all), what the row says otherwise, what the row is then."""

    name: str
    stands: dict[str, Any] | None
    says: dict[str, Any]
    what: str
    faults: Keys = ()
    questions: Keys = ()
    differs: Keys = ()


KNOWN: Final = [
    Case("as it was", {}, {}, "same"),
    Case("other residence", {}, {"residence_detail": "thôn Đoài"}, "changed", differs=("residence_detail",)),
    Case("an empty cell", {"residence_detail": "thôn Đông"}, {"residence_detail": None}, "same"),
    Case("needed columns are empty", {}, {"full_name": None, "sex": None, "cell": None, "religion": None}, "same"),
    Case("capitals", {}, {"full_name": "NGUYỄN THỊ HƯỜNG"}, "same"),
    Case("the tone elsewhere", {"full_name": "Lò Văn Hòa"}, {"full_name": "Lò Văn Hoà"}, "same"),
    Case("another name", {}, {"full_name": "Nguyễn Thị Lụa"}, "doubtful", questions=("full_name",)),
    Case("another birth date", {}, {"born_on": "14/12/1968"}, "doubtful", questions=("born_on",)),
    Case("another admission", {}, {"admitted_on": "30/07/1986"}, "doubtful", questions=("admitted_on",)),
    Case("another recognition", {}, {"official_on": "19/08/1989"}, "doubtful", questions=("official_on",)),
    Case("recognised now", {"official_on": None}, {"official_on": "19/08/1988"}, "changed", differs=("official_on",)),
    Case("recognised too early", {"official_on": None}, {"official_on": "01/01/1987"}, "wrong", faults=("official_on",)),
    Case("official without a card", {"card_number": None}, {}, "same"),
    Case("another card", {}, {"card_number": "990068777777"}, "changed", differs=("card_number",)),
    Case("the first card", {"card_number": None}, {"card_number": "990068888888"}, "changed", differs=("card_number",)),
    Case("by the ID alone", {}, {"personal_id": None, "card_number": None}, "same"),
    Case("by the card alone", {}, {"personal_id": None, "national_id": None}, "same"),
    Case("another personal number", {}, {"personal_id": "990068999999"}, "doubtful", questions=("personal_id",)),
    Case("another ID", {}, {"national_id": OTHER_UUID}, "doubtful", questions=("national_id",)),
    Case("the first ID", {"national_id": None}, {"national_id": OTHER_UUID[:-1] + "8"}, "changed", differs=("national_id",)),
    Case("another cell", {}, {"cell": "Chi bộ thôn Đoài"}, "changed", differs=("cell",)),
    Case("no cell of ours", {}, {"cell": "Chi bộ Mây Trắng"}, "wrong", faults=("cell",)),
    Case("the committee itself", {}, {"cell": "Đảng bộ xã Sao Mai"}, "wrong", faults=("cell",)),
    Case("exempt now", {}, {"status": "Miễn sinh hoạt", "left_on": "01/03/2026"}, "changed", differs=("status",)),
    Case("went away", {}, {"status": "Từ trần", "left_on": "01/03/2026"}, "changed", differs=("status",)),
    Case("several at once", {}, {"sex": "Nữ", "other_name": "Hường"}, "changed", differs=("sex", "other_name")),
    Case("only a name and a day", {}, {"personal_id": None, "card_number": None, "national_id": None}, "doubtful",
         questions=(WHO,)),
    Case("the name without marks", {}, {"full_name": "nguyen thi huong", "personal_id": "990068999998",
         "card_number": None, "national_id": None}, "doubtful", questions=(WHO,)),
]  # fmt: skip
STRANGERS: Final = [
    Case("somebody new", None, {}, "new"),
    Case("new, without a state", None, {"status": None}, "new"),
    Case("new and gone", None, {"status": "Từ trần", "left_on": "01/03/2026"}, "new"),
    *(
        Case(f"new, without {key}", None, {key: None}, "wrong", faults=(key,))
        for key in ("full_name", "sex", "born_on", "ethnic_group", "religion", "personal_id", "cell", "admitted_on")
    ),
    Case("new, official without a card", None, {"card_number": None}, "wrong", faults=("card_number",)),
    Case("new, a card without recognition", None, {"official_on": None}, "wrong", faults=("official_on",)),
    Case("new on probation", None, {"official_on": None, "card_number": None}, "new"),
    Case("new, several mistakes", None, {"sex": None, "cell": "Chi bộ Mây Trắng", "born_on": "31/02/1968"}, "wrong",
         faults=("sex", "cell", "born_on")),
]  # fmt: skip
CASES: Final = [*KNOWN, *STRANGERS]


@pytest.fixture(scope="module")
def sorted_rows(open_roll: "type[Roll]", tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    """What the trial says of each case's row, all in one file."""
    roll = open_roll(tmp_path_factory.mktemp("rules") / "box")
    house = House(roll.box)
    try:
        lines = [_line(roll, house, place, case) for place, case in enumerate(CASES)]
        draft = (clerk := Clerk(house, roll.clerk)).tried(lines)
        rows = {kept.row.number: kept for what in clerk.counts(draft) for kept in clerk.rows(draft, what).values()}  # type: ignore[arg-type]
        trials = {case.name: rows[FIRST_ROW + place].trial for place, case in enumerate(CASES)}
        return {name: trial for name, trial in trials.items() if trial is not None}
    finally:
        house.close()
        roll.box.close()


def _line(roll: "Roll", house: House, place: int, case: Case) -> Line:
    """The row of a case; each is about somebody with numbers of their own, born on a day of their own."""
    born = dt.date(1968, 1, 1) + dt.timedelta(days=place)
    own = {"born_on": born, "personal_id": f"99006800{place:04}", "card_number": f"99006810{place:04}",
           "national_id": f"0f8fad5b-d9cb-469f-a165-7086772{place:05}"}  # fmt: skip
    stands = {**_USUAL, **own, **(case.stands or {})}
    answer = roll.ask(roll.entering(**stands))
    who = roll.subject(answer)
    line = next(line for line in house.lines() if line["personal_id"] == own["personal_id"])
    if case.stands is None:
        roll.undo(answer)
    assert who
    return {key: value for key, value in {**line, **case.says}.items() if value is not None}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_row_is(sorted_rows: dict[str, Trial], case: Case) -> None:
    """Each rule holds for its row: what it is, where it is wrong, what is asked, in what it differs."""
    trial = sorted_rows[case.name]
    assert trial.what == case.what
    assert {fault.key for fault in trial.faults} == set(case.faults)
    assert {question.key for question in trial.questions} == set(case.questions)
    if case.what != "wrong":
        assert {difference.key for difference in trial.differences} - {"left_on"} == set(case.differs)
    assert bool(trial.values) is (case.what in {"new", "changed"})
