"""Sessions are rows under a digest, and end by idleness, by age, and by being ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chibox.identity.sessions import AFTER, IDLE, KEPT_IDLE, KEPT_LONGEST, LONGEST, SCHEMA, Sessions
from chibox.store import Store

LUA, YEN = "a" * 32, "b" * 32
NOW = 1_795_564_800_000
MINUTE = 60_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A file of sessions."""
    made = Store(tmp_path / "accounts.db", SCHEMA)
    yield made
    made.close()


@pytest.fixture
def sessions(store: Store) -> Sessions:
    """The sessions in it."""
    return Sessions(store)


def test_a_session_is_found_by_its_token_only(sessions: Sessions, store: Store) -> None:
    """Each token is its own, and the file holds only digests of them."""
    one, _ = sessions.begin(LUA, "files", NOW, kept=False)
    two, _ = sessions.begin(LUA, "files", NOW, kept=False)
    found = sessions.find(one, NOW)
    assert one != two
    assert found
    assert (found.person, found.purpose) == (LUA, "files")
    assert sessions.find(one[:-1], NOW) is None
    assert sessions.find("", NOW) is None
    assert one.encode() not in store.path.read_bytes()


@pytest.mark.parametrize(("kept", "idle", "longest"), [(False, IDLE, LONGEST), (True, KEPT_IDLE, KEPT_LONGEST)])
def test_it_ends_when_idle_and_when_old(sessions: Sessions, kept: bool, idle: int, longest: int) -> None:
    """Left alone it ends after a while; in use it lasts, but not beyond its longest."""
    token, until = sessions.begin(LUA, "", NOW, kept=kept)
    assert until == NOW + longest
    assert sessions.find(token, NOW + idle - 1)
    assert sessions.find(token, NOW + 2 * idle - 2)
    assert sessions.find(token, NOW + 3 * idle) is None
    token, _ = sessions.begin(LUA, "", NOW, kept=kept)
    at = NOW
    while at + idle // 2 < NOW + longest:
        at += idle // 2
        assert sessions.find(token, at)
    assert sessions.find(token, NOW + longest) is None


def test_being_used_is_noted_once_a_minute(sessions: Sessions, store: Store) -> None:
    """Not every page writes into the file."""
    token, _ = sessions.begin(LUA, "", NOW, kept=False)

    def last(at: int) -> int:
        sessions.find(token, at)
        with store.reading() as run:
            return int(run.execute("SELECT last FROM session").fetchone()[0])

    assert [last(NOW + 1000), last(NOW + MINUTE), last(NOW + MINUTE + 1)] == [NOW, NOW, NOW + MINUTE + 1]


def test_signing_out_ends_one_or_all(sessions: Sessions) -> None:
    """One device, or every device of one person; others' sessions go on."""
    one, two, three = (sessions.begin(person, "", NOW, kept=False)[0] for person in (LUA, LUA, YEN))
    assert sessions.count(LUA, NOW) == 2
    sessions.end(one)
    assert [bool(sessions.find(token, NOW)) for token in (one, two, three)] == [False, True, True]
    assert sessions.end_all(LUA) == 1
    assert [bool(sessions.find(token, NOW)) for token in (one, two, three)] == [False, False, True]


def test_ended_ones_are_dropped(sessions: Sessions) -> None:
    """Purging takes those that ended a week ago, idle or old; till then it is known whose they were, and they open nothing."""
    sessions.begin(LUA, "", NOW - LONGEST - AFTER, kept=False)
    sessions.begin(LUA, "", NOW - IDLE - AFTER, kept=False)
    ended, _ = sessions.begin(LUA, "", NOW - IDLE - AFTER + 1, kept=False)
    living, _ = sessions.begin(LUA, "", NOW, kept=False)
    assert sessions.purge(NOW) == 2
    assert sessions.find(living, NOW)
    assert (sessions.whose(ended), sessions.find(ended, NOW)) == (LUA, None)


def test_only_named_columns_change(sessions: Sessions) -> None:
    """A session's purpose may change, its person never."""
    token, _ = sessions.begin(LUA, "", NOW, kept=False)
    session = sessions.find(token, NOW)
    assert session
    sessions.note(session, purpose="reports")
    found = sessions.find(token, NOW)
    assert found
    assert found.purpose == "reports"
    with pytest.raises(ValueError, match="person"):
        sessions.note(session, person=YEN)
