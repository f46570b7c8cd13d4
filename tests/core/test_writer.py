"""The writer: everything that has queued in one transaction, each in its turn, nothing acknowledged before its commit."""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.core.together import Failing, Statements, held, make, together
from tests.core.toys import Break, MakeMany, Paint, Toy

from chibox.commands import Answer, Asked, Command
from chibox.core_commands import Appoint, CreateUnit, EndPost
from chibox.errors import Away, Fatal, Forbidden, Refused
from chibox.identity.tables import Post
from chibox.testing.boxes import SINCE, TODAY, Sandbox, act


def names(made: Sandbox) -> list[str | None]:
    """The toys that are committed."""
    with made.reading() as read:
        return sorted((toy.name for toy in read.rows(Toy, read.select(Toy))), key=str)


def test_what_has_queued_is_one_transaction(made: Sandbox, clerk: str) -> None:
    """Twenty commands that wait are signed and committed once."""
    statements = Statements(made)
    answers = together(made, *((clerk, make(made, f"toy {n}")) for n in range(20)))
    assert [a.first for a in answers if isinstance(a, Answer)] == list(range(made.box.log.size - 20, made.box.log.size))
    assert statements.count("COMMIT") == 1
    assert statements.count("INSERT OR REPLACE INTO log_head") == 1


def test_each_command_sees_the_rows_of_those_before_it(made: Sandbox, clerk: str) -> None:
    """Of two that wait for one name the first has it; the second is refused and spoils nothing."""
    first, second, third = together(made, (clerk, make(made, "a")), (clerk, make(made, "a")), (clerk, make(made, "b")))
    assert isinstance(first, Answer)
    assert isinstance(second, Refused)
    assert isinstance(third, Answer)
    assert third.first == first.last + 1
    assert names(made) == ["a", "b"]


def test_refusals_alone_write_nothing(made: Sandbox, clerk: str) -> None:
    """A batch of refusals is rolled back: no commit, no signature, the same picture in memory."""
    picture, statements = made.box.picture, Statements(made)
    assert all(isinstance(each, Refused) for each in together(made, (clerk, Break(how="refuse")), (clerk, make(made))))
    assert statements.count("COMMIT") == 0
    assert made.box.picture is picture


@pytest.mark.parametrize("how", ["raise", "exit", "fatal"])
def test_an_error_spoils_nobody_elses_command(made: Sandbox, clerk: str, how: str) -> None:
    """Whatever a decision raises, those before and behind it in the batch are done, and the log goes on."""
    some = [(clerk, make(made, "a")), (clerk, Break(how=how)), (clerk, make(made, "a")), (clerk, make(made, "b"))]
    size, statements = made.box.log.size, Statements(made)
    before, broken, twice, behind = together(made, *some)
    assert (before.first, behind.first) == (size, size + 1)  # type: ignore[union-attr]
    assert isinstance(broken, Exception)
    assert not isinstance(broken, Refused)
    assert isinstance(twice, Refused)
    assert statements.count("SAVEPOINT") == 4
    assert names(made) == ["a", "b"]
    assert made.ask(make(made, "c"), actor=clerk).first == size + 2
    check(made)


def check(made: Sandbox) -> None:
    """The log verifies from its files, and memory says what a new start reads."""
    before = made.box.log.mark()
    picture = made.box.picture
    made.reopen()
    assert made.box.log.mark() == before
    assert (made.box.picture.units, made.box.picture.posts) == (picture.units, picture.posts)


def test_memory_is_given_back_after_an_error(made: Sandbox, clerk: str) -> None:
    """When all of a batch fails, size, right edge, last time, snapshot and caches are what they were."""
    made.clock.at += 60_000
    before, picture = made.box.log.mark(), made.box.picture
    together(made, (clerk, Break(how="raise")), (clerk, Break(how="raise")))
    assert made.box.log.mark() == before
    assert made.box.picture.units == picture.units
    assert made.box.engine.stopped == {}


@pytest.mark.parametrize("count", [200, 244, 248, 252, 260, 600])
def test_a_failing_batch_around_a_bundles_end_loses_nothing(made: Sandbox, clerk: str, count: int) -> None:
    """Completed bundles and tiles of a batch that is rolled back are forgotten, and made again by what goes on."""
    size = made.box.log.size
    some: list[tuple[str, Any]] = [(clerk, make(made, *(f"{part} {n}" for n in range(count // 4)))) for part in "abcd"]
    outcomes = together(made, *some[:2], (clerk, Break(how="raise")), *some[2:])
    assert sum(isinstance(each, Answer) for each in outcomes) == 4
    assert made.box.log.size == size + count
    check(made)


def test_posts_and_tree_of_a_batch_run_one_by_one_are_those_of_the_commands_before(made: Sandbox, clerk: str) -> None:
    """After an error somewhere in the batch, an ended post still ends what its holder may do, and a new one begins it."""
    with made.reading() as read:
        post = next(post for post in read.rows(Post, read.select(Post)) if post.person == clerk)
    other = made.someone("cell_secretary")
    appoint = Appoint(person=other, role="clerk", unit=made.root, day=SINCE)
    end = EndPost(post=post.subject, day=TODAY)
    outcomes = together(
        made,
        (clerk, make(made, "before")),
        (made.administrator, end),
        (clerk, make(made, "too late")),
        (made.administrator, appoint),
        (other, make(made, "just so")),
        (other, Break(how="raise")),
    )
    assert [type(each) for each in outcomes] == [Answer, Answer, Forbidden, Answer, Answer, ValueError]
    assert names(made) == ["before", "just so"]


def test_the_tree_of_a_batch_is_the_one_that_its_commands_left(made: Sandbox) -> None:
    """A unit may be moved under one that the command before it made."""
    with_parent = together(made, (made.administrator, CreateUnit(parent=made.root, name="A", kind="cell", day=TODAY)))
    assert isinstance(with_parent[0], Answer)
    unit = made.subject(with_parent[0])
    below = CreateUnit(parent=unit, name="B", kind="cell", day=TODAY)
    outcomes = together(made, *[(made.administrator, below)] * 3, (made.administrator, below))
    assert all(isinstance(each, Answer) for each in outcomes)
    assert len(made.box.picture.units) == 6


def test_a_commit_that_fails_stops_the_writer(made: Sandbox, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is acknowledged, who waits and who runs the box are told; the next start finds the last commit."""
    heard: list[BaseException] = []
    made.box.writer.on_failed = heard.append
    made.ask(make(made, "kept"), actor=clerk)
    size = made.box.log.size
    monkeypatch.setattr(made.box.writer, "connection", Failing(made.box.writer.connection, "COMMIT"))
    outcomes = together(made, (clerk, make(made, "a")), (clerk, make(made, "b")))
    assert [type(each) for each in outcomes] == [Away, Away]
    assert isinstance(made.box.writer.failed, Fatal)
    assert heard == [made.box.writer.failed]
    with pytest.raises(Away):
        made.ask(make(made, "c"), actor=clerk)
    assert names(made) == ["kept"]
    assert made.reopen().log.size == size
    assert made.ask(make(made, "a"), actor=clerk).first == size


def test_an_error_behind_the_commit_stops_the_writer(
    made: Sandbox, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is durable then is not undone in memory: a smaller tree would be signed over a larger one."""
    size = made.box.log.size

    def raising() -> None:
        raise ValueError("the picture cannot be drawn")

    monkeypatch.setattr(made.box.batch, "committed", raising)
    assert isinstance(together(made, (clerk, make(made, "a")))[0], Away)
    assert isinstance(made.box.writer.failed, Fatal)
    assert made.reopen().log.size == size + 1


def test_an_error_between_writing_and_signing_leaves_nothing(
    made: Sandbox, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is decided again; the entries that it wrote the first time are not there twice, and none is missing."""
    seal, times = made.box.log.seal, []

    def sometimes(signer: Any) -> Any:
        times.append(1)
        if len(times) == 1:
            raise ValueError("no signature")
        return seal(signer)

    monkeypatch.setattr(made.box.log, "seal", sometimes)
    outcomes = together(made, *((clerk, make(made, *(f"{part} {n}" for n in range(100)))) for part in "abc"))
    assert all(isinstance(each, Answer) for each in outcomes)
    assert len(times) == 2
    check(made)
    assert len(names(made)) == 300


def test_a_database_that_another_program_holds_costs_no_restart(made: Sandbox, clerk: str) -> None:
    """Whoever waits is told to come again; once it is free the same act is done."""
    made.box.database.writer.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(made.folder / "box.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    name = act()
    try:
        assert isinstance(together(made, (clerk, make(made, "a")), acts=(name,))[0], Away)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert made.box.writer.failed is None
    assert isinstance(together(made, (clerk, make(made, "a")), acts=(name,))[0], Answer)


def test_sixty_four_callers_are_all_answered(made: Sandbox, clerk: str) -> None:
    """Tasks of an event loop wait side by side; each gets its own position, and every position is given once."""

    async def caller(number: int) -> list[Answer]:
        return [
            await made.box.perform(Asked(actor=clerk, act=act()), make(made, f"{number}/{turn}")) for turn in range(5)
        ]

    async def all_of_them() -> list[list[Answer]]:
        return await asyncio.gather(*(caller(number) for number in range(64)))

    size, statements = made.box.log.size, Statements(made)
    answers = [answer for some in asyncio.run(all_of_them()) for answer in some]
    assert sorted(answer.first for answer in answers) == list(range(size, size + 320))
    assert statements.count("COMMIT") < 160
    check(made)


def test_threads_ask_as_tasks_do(made: Sandbox, clerk: str) -> None:
    """Eight threads at once: everything is recorded once, refusals included in the count of none."""

    def some(number: int) -> int:
        done = 0
        for turn in range(10):
            try:
                made.box.perform_now(Asked(actor=clerk, act=act()), make(made, f"{(number + turn) % 12}"))
                done += 1
            except Refused:
                continue
        return done

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(some, range(8))) == 12
    assert len(names(made)) == 12


def test_a_caller_that_goes_away_stops_nobody(made: Sandbox, clerk: str) -> None:
    """Neither a cancelled task nor a cancelled future ends the writer; what they asked may be done all the same."""

    async def leave() -> None:
        task = asyncio.create_task(made.box.perform(Asked(actor=clerk, act=act()), make(made, "a")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with held(made):
        asyncio.run(leave())
        future = made.box.writer.submit(lambda: None)
        assert future.cancel()
    made.ask(make(made, "b"), actor=clerk)
    assert names(made) == ["a", "b"]


def test_a_command_that_stands_alone_shares_its_transaction_with_nobody(made: Sandbox, clerk: str) -> None:
    """An import is done between two commits, in its turn."""
    many = MakeMany(unit=made.root, names=("x", "y"))

    async def ask(command: Command) -> Answer:
        return await made.box.perform(Asked(actor=clerk, act=act()), command)

    async def all_of_them(gate: threading.Event) -> list[Answer]:
        some: list[Command] = [make(made, "a"), make(made, "b"), many, make(made, "c")]
        tasks = [asyncio.create_task(ask(command)) for command in some]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*tasks)

    statements = Statements(made)
    with held(made) as gate:
        answers = asyncio.run(all_of_them(gate))
    assert [a.first for a in answers] == sorted(a.first for a in answers)
    assert statements.count("COMMIT") == 3


def test_a_row_folded_in_a_batch_is_the_one_that_the_next_command_reads(made: Sandbox, clerk: str) -> None:
    """The second of two who paint one toy had seen it unpainted: both values are shown to him."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    red, blue = together(made, (clerk, Paint(toy=toy, colour="red")), (clerk, Paint(toy=toy, colour="blue")))
    assert isinstance(red, Answer)
    assert isinstance(blue, Refused)
    with made.reading() as read:
        row = read.row(Toy, toy)
    assert row is not None
    assert row.colour == "red"


def test_a_log_line_says_where_and_not_whom(made: Sandbox, clerk: str, caplog: pytest.LogCaptureFixture) -> None:
    """The message of an error may hold a person's name: type and place are logged, the message is not."""
    together(made, (clerk, Break(how="raise")))
    assert "ValueError < toys.py" in caplog.text
    assert "broken" not in caplog.text.replace("test_", "")
