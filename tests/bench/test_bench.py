"""The benchmark itself: both sides write the same, and a table tells what was met."""

import json
import math
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from tests.bench import report
from tests.bench.desks import Desks
from tests.bench.files import WAYS, spoiled, strange
from tests.bench.goals import GOALS, WRONG, Goal
from tests.bench.lists import read
from tests.bench.peers import saving
from tests.bench.posting import posted
from tests.bench.raw import Rehearsal
from tests.bench.seed import Seed, usual
from tests.bench.sides import Sides
from tests.bench.trees import hash_at, made, plain_proof, stored, tile_at
from tests.bench.verifying import Verifying
from tests.bench.watch import Watch
from tests.bench.weighing import FIRST, LATER, LONG, PAPER, Weight, kind

from chibox.records.log import LogReader
from chibox.records.proofs import inclusion_proof, verify_inclusion
from chibox.records.roots import nodes_of, root_at


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    """The box that measures start from."""
    return usual(tmp_path_factory.mktemp("bench"))


def test_raw_writes_the_rows_of_the_box_in_as_many_transactions(seed: Seed) -> None:
    """The rehearsal notes a transaction for each round of callers; replayed by hand it leaves as many rows in every table."""
    rehearsal = Rehearsal(seed, 4, 12)
    assert len(rehearsal.transactions) == 3
    tables = {
        found[1] for statement, _ in rehearsal.transactions[0] if (found := re.search(r'INTO "?(\w+)', statement))
    }
    assert {"act", "record", "about", "fact", "log_tail", "part_tail"} <= tables
    assert rehearsal.again(Watch()) > 0


def test_the_server_answers_every_command_and_echoes_it(seed: Seed) -> None:
    """All are recorded or echoed with 200 (anything else stops the sender), and the sender waits more than it works."""
    found = posted(seed, Watch())
    assert found["HTTP echo"] > 0
    assert found["HTTP append"] > 0
    assert found["HTTP sender"] < 0.5


def test_a_spoiled_sheet_has_its_wrong_rows_in_fifteen_ways(seed: Seed) -> None:
    """Three in a hundred; the other rows are as they were."""
    rows = strange(seed)
    changed = [(old, new) for old, new in zip(rows, spoiled(rows), strict=True) if old != new]
    assert len(changed) == WRONG == len(rows) * 3 // 100
    ways = {frozenset(f for f in old.__struct_fields__ if getattr(old, f) != getattr(new, f)) for old, new in changed}
    assert len(WAYS) == 15
    assert ways == {frozenset(way) for way in WAYS}


def test_a_file_is_tried_and_what_is_right_of_it_recorded(seed: Seed) -> None:
    """The measure itself holds that every wrong row is found wrong and no other, and that the rest enters the roll."""
    assert set(Desks(seed).preview(Watch())) == {"preview", "commit"}


def test_the_list_and_the_same_by_hand_find_as_many(seed: Seed) -> None:
    """The measure holds each answer of the product against rows and count by hand, for every order and search."""
    found = read(seed, Watch())
    assert found["list"] > 0
    assert found["search rows"] > 0


def test_the_peer_saves_one_event_a_transaction(seed: Seed) -> None:
    """Its store is on disk, synchronised as ours is, and leaves nothing behind."""
    assert saving(seed.place, 3, Watch()) > 0
    assert [path.name for path in seed.place.iterdir()] == ["seed"]


def test_the_plain_reader_finds_the_proof_of_the_product(tmp_path: Path) -> None:
    """At sizes around a tile's end; each leads to the root, which both compute from the same tiles."""
    with closing(sqlite3.connect(made(tmp_path / "tree.db", 70_000))) as connection:
        log = LogReader(connection)
        for size in (1, 255, 256, 257, 1000):
            for at in {0, size // 2, size - 1}:
                proof = plain_proof(partial(tile_at, connection), at, size)
                assert proof == inclusion_proof(at, size, nodes_of(log, size))
                verify_inclusion(hash_at(connection, at), at, size, proof, root_at(log, size))
        proof = inclusion_proof(69_999, 70_000, nodes_of(log, 70_000))
        verify_inclusion(hash_at(connection, 69_999), 69_999, 70_000, proof, root_at(log, 70_000))


def test_what_a_log_takes_is_counted_whole(seed: Seed) -> None:
    """More is raw than stored, and nothing of the log's tables is left out."""
    found = stored(seed.folder / "box.db")
    assert 100 < found["stored"] < found["raw record"]


def test_the_verifier_and_the_bare_loop_find_the_same_root(tmp_path: Path) -> None:
    """The measures themselves hold that no fault was found, and that both read every entry."""
    verifying = Verifying(tmp_path, 300)
    assert verifying.ours(Watch())["verify cpu"] > 0
    assert verifying.bare(Watch())["bare verify"] > 0


def test_what_could_not_be_measured_has_not_missed_its_goal() -> None:
    """Where a program of others cannot be built there is no figure, and no verdict."""
    goal = Goal(id="f", what="", sides=(), most=2, value=lambda m: m["a"] / m["b"])
    assert goal.measured([{"a": 1.0, "b": math.nan}]).met is None


def test_every_goal_names_sides_that_there_are(seed: Seed) -> None:
    """Ids are unique, and each goal can be measured."""
    assert len({goal.id for goal in GOALS}) == len(GOALS)
    assert {side for goal in GOALS for side in goal.sides} <= Sides(seed).all.keys()


def test_a_page_is_light_first_and_later_and_paper_grows_with_its_rows() -> None:
    """One byte too many is too many; what only a first opening brings does not count later."""
    assert Weight("/", LATER, FIRST - LATER, 25).is_light
    assert not Weight("/", LATER + 1, 0, 25).is_light
    assert not Weight("/", LATER, FIRST - LATER + 1, 25).is_light
    assert Weight("/?rows=100", LATER + 100 * LONG, 0, 100).is_light
    assert Weight("/print", LATER + 100 * PAPER, 0, 100).is_light
    assert not Weight("/print", LATER + 100 * PAPER + 1, 0, 100).is_light


def test_pages_of_one_kind_differ_in_whom_they_are_about() -> None:
    """Ids, numbers and the values of a query make no kind of their own."""
    member = "/membership/" + "0a" * 16
    assert kind(f"{member}/change?day=1") == kind("/membership/" + "1b" * 16 + "/change?day=2")
    assert kind(member) != kind(f"{member}/change")
    assert kind("/roll.xlsx?state=due") == kind("/roll.xlsx")
    assert kind("/log/12") == kind("/log/13") != kind("/log?before=13")


def test_a_goal_is_met_by_the_median_and_a_worst_case_by_the_maximum() -> None:
    """One bad round of three spoils no ratio; it spoils a wait that may never be longer."""
    rounds = [{"a": 4.0, "b": 2.0}, {"a": 1.0, "b": 2.0}, {"a": 6.0, "b": 2.0}]
    ratio = Goal(id="r", what="", sides=(), least=2, value=lambda m: m["a"] / m["b"]).measured(rounds)
    wait = Goal(id="w", what="", sides=(), most=5, value=lambda m: m["a"], worst=True).measured(rounds)
    assert (ratio.counted, ratio.low, ratio.high, ratio.met) == (2.0, 0.5, 3.0, True)
    assert (wait.counted, wait.met) == (6.0, False)
    assert Goal(id="n", what="", sides=(), value=lambda m: m["a"]).measured(rounds).met is None


def test_the_report_tells_machine_versions_and_every_goal(tmp_path: Path) -> None:
    """What is on screen stands in the file too, with each round."""
    rounds = [{"append64": 10.0, "raw64": 20.0}]
    found = [goal.measured(rounds) for goal in GOALS if goal.id == "G1"]
    report.write(tmp_path / "build" / "bench.json", found, rounds)
    told = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert told["goals"][0] | {"id": "G1", "measured": 0.5, "met": True, "rounds": [0.5]} == told["goals"][0]
    assert told["machine"]["cores"]
    assert told["versions"]["sqlite"]
    assert "0.50x" in report.table(found, rounds)
