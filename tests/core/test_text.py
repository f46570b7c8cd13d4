"""Search keys, the order of names, and the door against invisible characters."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.text import LETTERS, TONES, Unclean, clean, given_name, name_order, nfc, search_key, split_name

VOWELS = "aăâeêioôơuưy"
CONSONANTS = [letter for letter in LETTERS if letter not in VOWELS]


@st.composite
def syllables(draw: st.DrawFn) -> str:
    """One syllable: consonants, a vowel with any tone, consonants; composed, in any case."""
    start = draw(st.text(CONSONANTS, max_size=2))
    vowel = unicodedata.normalize("NFC", draw(st.sampled_from(VOWELS)) + draw(st.sampled_from(["", *TONES])))
    return draw(st.sampled_from([str.lower, str.upper, str.title]))(
        start + vowel + draw(st.text(CONSONANTS, max_size=2))
    )


names = st.lists(syllables(), min_size=1, max_size=4).map(" ".join)


def rank(name: str) -> list[tuple[list[int], list[int]]]:
    """The order of a name, told the slow and obvious way."""
    words = unicodedata.normalize("NFC", name.lower()).split()
    ranks = []
    for word in [words[-1], *words[:-1]]:
        bare, tones = "", []
        for letter in word:
            parts = unicodedata.normalize("NFD", letter)
            tones += [TONES.index(mark) for mark in parts if mark in TONES]
            bare += unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
        ranks.append(([LETTERS.index(letter) for letter in bare], tones))
    return ranks


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("nguyen thi huong", "Nguyễn Thị Hường"),
        ("hoa", "hoà"),
        ("hòa", "hoà"),
        ("thuy", "Thủy"),
        ("dang", "ĐẶNG"),
        ("dang", "Ðặng"),
        ("h'nhuon eban nie", "H’Nhuôn  Êban\tNiê"),
        ("h'nhuon", "HʼNhuôn"),
        ("khoi", "Kho\u0301i"),
        ("gie-trieng", "Gié–Triêng"),
    ],
)
def test_what_is_typed_without_marks_finds_what_is_written(typed: str, written: str) -> None:
    """Marks, case, đ, place of the tone, kind of apostrophe and white space make no difference to a search key."""
    assert search_key(typed) == search_key(written)


@given(names)
def test_a_search_key_is_its_own_key(name: str) -> None:
    """A key searched again is the same key, and holds plain letters only."""
    key = search_key(name)
    assert search_key(key) == key
    assert key.isascii()


@given(st.text())
def test_composition_makes_no_difference_to_a_search_key(text: str) -> None:
    """NFC and NFD of one text have one search key, whatever the text."""
    assert search_key(unicodedata.normalize("NFD", text)) == search_key(nfc(text))


def test_people_are_ordered_by_given_name_then_by_the_rest() -> None:
    """The given name decides first, then surname and middle names, letters before tones in each word."""
    ordered = [
        "Trần Văn An", "Nguyễn Thị Án", "Lê Văn Anh", "Đỗ Thị Ánh", "Vũ Ăn", "Bùi Văn Ân", "Lò Văn Chung",
        "Nguyễn Dung", "Nguyễn Đào", "Lê Văn Hoa", "Trần Thị Hoa", "Lê Văn Hòa", "Phạm Thị Hoà", "Nguyễn Văn Hoàng",
        "Nguyễn Thị Hương", "Nguyễn Thị Hường", "Đinh Sơn", "Lê Ước", "Lê Văn Yên",
    ]  # fmt: skip
    mixed = ordered[1::2] + ordered[::2]
    assert sorted(mixed, key=name_order) == ordered


def test_letters_and_tones_stand_in_their_order() -> None:
    """The alphabet runs from a to z with the Vietnamese letters in their places; tones run from ngang to nặng."""
    assert [*LETTERS] == sorted(LETTERS, key=name_order)
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert all(name_order(one) < name_order(two) for one, two in pairwise(tones))


@given(names, names)
def test_binary_order_of_keys_is_the_order_of_names(one: str, two: str) -> None:
    """Comparing two keys byte by byte gives what comparing the names word by word, letters then tones, gives."""
    assert (name_order(one) < name_order(two)) == (rank(one) < rank(two))
    assert (name_order(one).encode() < name_order(two).encode()) == (rank(one) < rank(two))
    assert name_order(one).isascii()


@given(names)
def test_form_and_case_make_no_difference_to_the_order(name: str) -> None:
    """A name in NFD, in capitals or with odd spaces sorts where the name sorts."""
    assert name_order(unicodedata.normalize("NFD", name)) == name_order(name)
    assert name_order(name.upper()) == name_order(name)
    assert name_order(f"  {name.replace(' ', '   ')} ") == name_order(name)


def test_the_place_of_the_tone_makes_no_difference_to_the_order() -> None:
    """Hoà and Hòa, Thuý and Thúy sort alike."""
    assert name_order("Lê Hoà") == name_order("Lê Hòa")
    assert name_order("Lê Thuý") == name_order("Lê Thúy")


@pytest.mark.parametrize(
    ("name", "rest", "given_"),
    [
        ("Nguyễn Thị  Hường", "Nguyễn Thị", "Hường"),
        ("K'Brèoh", "", "K'Brèoh"),
        ("H’Nhuôn Êban Niê", "H’Nhuôn Êban", "Niê"),
        ("  ", "", ""),
    ],
)
def test_a_name_is_split_before_its_last_word(name: str, rest: str, given_: str) -> None:
    """The last word is the given name; a name of one word has no rest; no name has neither."""
    assert split_name(name) == (rest, given_)
    assert given_name(name) == given_


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nguyễn \t Thị\nHường\u00a0", "Nguyễn Thị Hường"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Hường"), "Nguyễn Thị Hường"),
        ("H’Nhuôn Êñuôl Bon\u0306", "H’Nhuôn Êñuôl Bon\u0306"),
        ("ơ\u0306n", "ơ\u0306n"),
        ("số 5/2, tổ 3 (“xóm Đình”)", "số 5/2, tổ 3 (“xóm Đình”)"),
        ("Иванов Иван", "Иванов Иван"),
        ("", ""),
    ],
)
def test_clean_text_is_composed_and_single_spaced(typed: str, kept: str) -> None:
    """White space is folded, letters are composed, and letters of Viet Nam's other languages are welcome."""
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "reason", "code_point"),
    [
        ("Ng\u200buyễn", "invisible", "U+200B"),
        ("Nguyễn\u202e", "invisible", "U+202E"),
        ("Nguyễn\u2066", "invisible", "U+2066"),
        ("\ufeffNguyễn", "invisible", "U+FEFF"),
        ("Ng\u00aduyễn", "invisible", "U+00AD"),
        ("a\u034fb", "invisible", "U+034F"),
        ("a\ufe0f", "invisible", "U+FE0F"),
        ("\ue000", "invisible", "U+E000"),
        ("\ud800", "invisible", "U+D800"),
        ("Nguyễn\x00", "control", "U+0000"),
        ("Nguyễn\x1c", "control", "U+001C"),
        ("Nguyễn\u2028Văn", "control", "U+2028"),
        ("Nguyễn Văn А", "script", "U+0410"),
        ("Νguyễn", "script", "U+039D"),
        ("Ðặng Văn Ba", "script", "U+00D0"),
        ("Ba\uff21", "script", "U+FF21"),
        ("tổ ٣", "script", "U+0663"),
        ("\u0301a", "mark", "U+0301"),
        ("x\u0302\u0303\u0304", "mark", "U+0304"),
        ("a\u20dd", "mark", "U+20DD"),
    ],
)
def test_a_character_that_has_no_place_is_named(text: str, reason: str, code_point: str) -> None:
    """What cannot be seen, or only looks right, is refused by its code point, with words for a person."""
    with pytest.raises(Unclean) as refused:
        clean(text)
    assert refused.value.reason == reason
    assert refused.value.code_point == code_point
    assert code_point in str(refused.value.words)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Text that was let in is let in again, unchanged, composed and printable."""
    try:
        kept = clean(text)
    except Unclean:
        return
    assert clean(kept) == kept == nfc(kept)
    assert kept.isprintable()


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["C", "Z"])))
def test_plain_latin_text_is_let_in(text: str) -> None:
    """Letters, digits and marks of the Latin blocks are never refused, but for what only looks like one."""
    kept = "".join(sign for sign in text if sign not in "ÐðƉɖªºµ")
    assert clean(kept) == nfc(kept)
