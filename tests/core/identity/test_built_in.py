"""Accounts of a box: a link that works once, tries that lock a name whether anybody bears it or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from chibox import keys
from chibox.clock import GivenClock
from chibox.errors import Invalid, NotFound
from chibox.identity import secret
from chibox.identity.accounts import Accounts, NotSignedIn, SignIn
from chibox.identity.built_in import LINK_DAYS, BuiltIn
from chibox.testing.boxes import TODAY

LUA = "a" * 32
DAY, MINUTE = 86_400_000, 60_000


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that cost little: hundreds are tried here."""
    monkeypatch.setattr(secret, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> GivenClock:
    """A clock that a test moves."""
    return GivenClock.on(TODAY)


@pytest.fixture
def accounts(tmp_path: Path, clock: GivenClock) -> Iterator[BuiltIn]:
    """Accounts of a box that knows one person, lua."""
    keys.make(tmp_path / "keys")
    made = BuiltIn.open(tmp_path, clock, {"lua": LUA}.get)
    yield made
    made.close()


def choose(accounts: BuiltIn, chosen: str = "482913") -> str:
    """Lua's link, used up."""
    token = accounts.one_time_link(LUA)
    accounts.choose_secret(token, chosen, chosen)
    return token


def tried(accounts: BuiltIn, name: str, secret: str) -> NotSignedIn | str:
    """Who proved it, or the refusal."""
    try:
        return accounts.finish({"name": name, "secret": secret}).person
    except NotSignedIn as refused:
        return refused


def test_it_is_both_interfaces(accounts: BuiltIn) -> None:
    """What a login server will do later, the built-in accounts do now, behind the same two doors."""
    sign_in: SignIn = accounts
    administration: Accounts = accounts
    assert sign_in.begin("/") is None
    assert not administration.state(LUA).secret


def test_nobody_has_a_secret_to_begin_with(accounts: BuiltIn) -> None:
    """No default password: nothing opens an account before its link was used."""
    assert not accounts.state(LUA).secret
    for typed in ("", "lua", "123456", "password"):
        assert isinstance(tried(accounts, "lua", typed), NotSignedIn)


def test_a_link_lets_its_person_choose_once(accounts: BuiltIn) -> None:
    """The secret chosen by the link opens the account, by the name in any case and spacing; the link is used up."""
    token = choose(accounts)
    assert tried(accounts, "  LUA ", "482913") == LUA
    assert accounts.state(LUA) == accounts.state(LUA).__class__(secret=True, pin=True)
    with pytest.raises(NotFound):
        accounts.choose_secret(token, "another secret", "another secret")
    assert tried(accounts, "lua", "482913") == LUA


def test_a_link_is_typed_from_paper(accounts: BuiltIn) -> None:
    """Capitals, blanks and missing dashes make no difference, and looking at it does not use it up."""
    token = accounts.one_time_link(LUA)
    assert accounts.person_of_link(token.upper().replace("-", " ")) == LUA
    assert accounts.choose_secret(token.replace("-", ""), "a long secret", "a long secret").person == LUA


def test_a_secret_that_may_not_be_leaves_the_link(accounts: BuiltIn) -> None:
    """Whoever chose 123456 may choose again by the same link."""
    token = accounts.one_time_link(LUA)
    with pytest.raises(Invalid):
        accounts.choose_secret(token, "123456", "123456")
    assert accounts.choose_secret(token, "482913", "482913").person == LUA


def test_a_link_ends(accounts: BuiltIn, clock: GivenClock) -> None:
    """After 14 days, when a newer one is made, and when the account is closed, it opens nothing."""
    first, second = accounts.one_time_link(LUA), accounts.one_time_link(LUA)
    with pytest.raises(NotFound):
        accounts.person_of_link(first)
    clock.at += LINK_DAYS * DAY + 1
    with pytest.raises(NotFound):
        accounts.choose_secret(second, "482913", "482913")
    third = accounts.one_time_link(LUA)
    accounts.close_account(LUA)
    with pytest.raises(NotFound):
        accounts.person_of_link(third)


def test_no_token_or_secret_stands_in_the_file(accounts: BuiltIn, tmp_path: Path) -> None:
    """The file holds digests: whoever reads it can neither use a link nor sign in."""
    token = accounts.one_time_link(LUA)
    choose(accounts, "a very long secret")
    accounts.close()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("accounts.db*"))
    assert token.encode() not in content
    assert b"a very long secret" not in content


@pytest.mark.parametrize("name", ["lua", "nobody", ""])
def test_wrong_tries_lock_a_name_for_minutes(accounts: BuiltIn, clock: GivenClock, name: str) -> None:
    """After five wrong tries the name is locked for 5 minutes, then 10; the words are the same whether anybody bears it."""
    choose(accounts)
    said = [tried(accounts, name, "999999") for _ in range(6)]
    assert [getattr(one, "wait", None) for one in said] == [0, 0, 0, 0, 300, 300]
    assert [str(one) for one in said[:4]] == ["Not signed in: the name, the PIN or the password is not right."] * 4
    clock.at += 5 * MINUTE
    assert [getattr(tried(accounts, name, "999999"), "wait", 0) for _ in range(5)] == [0, 0, 0, 0, 600]


def test_a_lock_holds_against_the_right_secret(accounts: BuiltIn, clock: GivenClock) -> None:
    """Within the lock the right secret opens nothing either; afterwards it does, and the count begins anew."""
    choose(accounts)
    for _ in range(5):
        tried(accounts, "lua", "999999")
    assert isinstance(tried(accounts, "lua", "482913"), NotSignedIn)
    clock.at += 5 * MINUTE
    assert tried(accounts, "lua", "482913") == LUA
    assert [getattr(tried(accounts, "lua", "999999"), "wait", 0) for _ in range(5)] == [0, 0, 0, 0, 300]


def test_trying_all_pins_takes_longer_than_anybody_lives(accounts: BuiltIn, clock: GivenClock) -> None:
    """Locks grow to an hour, and from the hundredth wrong try on to a day."""
    waits: list[int] = []
    while len(waits) < 22:
        answer = tried(accounts, "nobody", "1")
        assert isinstance(answer, NotSignedIn)
        if answer.wait:
            waits.append(answer.wait // 60)
            clock.at += answer.wait * 1000
    assert waits == [5, 10, 20, 40, *[60] * 15, 1440, 1440, 1440]


def test_a_name_that_nobody_bears_costs_as_much(accounts: BuiltIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same slow comparison is made for a known name, an unknown one and one without a secret."""
    made: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, kept: str, typed: bytes) -> bool:
        made.append(kept)
        return verify(hasher, kept, typed)

    choose(accounts)
    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in ("lua", "nobody", ""):
        tried(accounts, name, "1")
    assert len(made) == 3
    assert {kept.rsplit("$", 2)[0] for kept in made} == {made[0].rsplit("$", 2)[0]}


def test_the_secret_is_changed_by_who_knows_it(accounts: BuiltIn) -> None:
    """The old one is asked for, tries at it are counted, and the new one must be allowed."""
    choose(accounts)
    with pytest.raises(NotSignedIn):
        accounts.change_secret(LUA, "999999", "longer secret", "longer secret")
    with pytest.raises(Invalid):
        accounts.change_secret(LUA, "482913", "123", "123")
    accounts.change_secret(LUA, "482913", "longer secret", "longer secret")
    assert tried(accounts, "lua", "longer secret") == LUA
    assert isinstance(tried(accounts, "lua", "482913"), NotSignedIn)


def test_choices_are_kept_with_the_account(accounts: BuiltIn) -> None:
    """Language and size of text are kept apart from the secret; one left out stays as it was."""
    assert accounts.choices(LUA) == {}
    accounts.choose(LUA, "en", None)
    accounts.choose(LUA, None, "125")
    choose(accounts)
    assert accounts.choices(LUA) == {"lang": "en", "text": "125"}


def test_what_is_over_is_dropped(accounts: BuiltIn, clock: GivenClock) -> None:
    """Old links and forgotten tries leave no row behind."""
    accounts.one_time_link(LUA)
    tried(accounts, "nobody", "1")
    clock.at += 20 * DAY
    accounts.purge(clock.now())
    with accounts.store.reading() as run:
        assert [run.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("link", "try")] == [0, 0]
