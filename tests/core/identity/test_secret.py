"""Which secrets may be chosen, and that what is kept of them is worth nothing without the pepper."""

import pytest

from chibox.errors import Invalid
from chibox.identity.secret import Secrets, check, is_pin


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    """Secrets of one box."""
    return Secrets(b"p" * 32)


@pytest.mark.parametrize("secret", ["482913", "907154", "trời hôm nay đẹp", "abcdefgh", "12345678 "])
def test_a_pin_or_a_longer_password_may_be_chosen(secret: str) -> None:
    """Six digits that are no series, or at least eight characters."""
    check(secret, secret)


@pytest.mark.parametrize(
    "secret",
    ["", "1234567", "12345", "123456", "654321", "111111", "112112", "121212", "999998", "aaaaaaaa", "x" * 257],
)
def test_what_is_guessed_at_once_may_not(secret: str) -> None:
    """Short ones, series, repetitions and endless ones are refused at the field."""
    with pytest.raises(Invalid) as refused:
        check(secret, secret)
    assert refused.value.fields.keys() == {"secret"}


def test_both_fields_must_agree() -> None:
    """A slip of the finger is told at the second field, compared as people see it, not by code points."""
    with pytest.raises(Invalid) as refused:
        check("482913", "482931")
    assert refused.value.fields.keys() == {"again"}
    check("mật khẩu dài", "mật khẩu dài")


def test_a_secret_is_kept_for_one_person_of_one_box(secrets: Secrets) -> None:
    """What is kept opens with the same secret of the same person and box, and nothing else."""
    kept = secrets.keep("a" * 32, "482913")
    assert kept.startswith("$argon2id$")
    assert "482913" not in kept
    assert secrets.is_right("a" * 32, kept, "482913")
    assert not secrets.is_right("a" * 32, kept, "482914")
    assert not secrets.is_right("b" * 32, kept, "482913")
    assert not Secrets(b"q" * 32).is_right("a" * 32, kept, "482913")


def test_nothing_opens_where_nothing_is_kept(secrets: Secrets) -> None:
    """A person without a secret is not let in, whatever is typed, nor by the secret of nobody."""
    for typed in ("", "nothing", "482913"):
        assert not secrets.is_right("a" * 32, None, typed)
        assert not secrets.is_right("", None, typed)


def test_a_pin_is_told_from_a_password() -> None:
    """Six digits of any kind that people type are a PIN."""
    assert is_pin("482913")
    assert is_pin("４８２９１３")
    assert not is_pin("4829131")
