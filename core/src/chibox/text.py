"""Vietnamese text: search without marks, order by given name, and a door that lets no invisible character in."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from chibox.errors import words

LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
"""The letters in their order; f, j, w and z stand after their Latin neighbours."""
TONES: Final = "\u0300\u0309\u0303\u0301\u0323"
"""The marks of huyền, hỏi, ngã, sắc, nặng, in their order; ngang has none and comes first."""

_APOSTROPHES = "'`´ʹʻʼʽˈ‘’‛′＇ꞌ"
_LOOKS_LIKE_D_STROKE = "ÐðƉɖ"  # letters of other alphabets that old converters left in the place of Đ and đ
_MARKS = re.compile("[\u0300-\u036f]")
_SPACE = re.compile("[ \t\r\n\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
_INVISIBLE = re.compile(f"[{_INVISIBLE_LETTERS}]")
_SEARCH = str.maketrans(
    {chr(mark): None for mark in range(0x300, 0x370)}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff")
    | dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys("‐‑‒–—−", "-")
    | dict.fromkeys("đ" + _LOOKS_LIKE_D_STROKE.lower(), "d")
)

_END_OF_LETTERS = "!"  # above the space between words, below digits and letters: the shorter word comes first
_TONE_CODES = {mark: chr(ord(_END_OF_LETTERS) + 1 + place) for place, mark in enumerate(TONES)}
_OTHER_MARK = chr(ord(_END_OF_LETTERS) + 1 + len(TONES))
_LETTER_CODES = {letter: chr(ord("A") + place) for place, letter in enumerate(LETTERS)}
_MOST_MARKS = 2  # on one letter, beyond those composed with it: Ê-đê writes ơ̆
_SHAPED = {unicodedata.normalize("NFD", letter): letter for letter in "ăâêôơư"}

_TYPED = {unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in ("", *TONES)}
_TYPED |= {letter.upper() for letter in _TYPED}
_USUAL = re.compile("[" + "".join(sorted(letter for letter in _TYPED if len(letter) == 1)) + "0-9 ,.;:()/&\"'’“”–-]*")


class Split(NamedTuple):
    """A name in two: the given name is the last word, the rest stands before it."""

    rest: str
    given: str


class Unclean(ValueError):
    """A text holds a character that has no place in it; `code_point` names it (U+200B), `words` say it to a person."""

    _SENTENCES: Final = {
        "control": words("This text holds the control character {code_point}. Type the text again."),
        "invisible": words("This text holds the invisible character {code_point}. Type the text again."),
        "script": words("“{character}” ({code_point}) only looks like a letter of this text. Type the word again."),
        "mark": words("This text holds a mark without its letter, {code_point}. Type the word again."),
    }

    def __init__(self, character: str, reason: Literal["control", "invisible", "script", "mark"]) -> None:
        self.character = character
        self.reason: Final = reason
        self.code_point = f"U+{ord(character):04X}"
        shown = {"character": character} if reason == "script" else {}
        self.words = self._SENTENCES[reason]._replace(params={"code_point": self.code_point, **shown})
        super().__init__(str(self.words))


def nfc(text: str) -> str:
    """The text composed, as every file, row and page holds it."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=1 << 14)
def _search_word(word: str) -> str:
    return unicodedata.normalize("NFD", word.lower()).translate(_SEARCH)


def search_key(text: str) -> str:
    """What two spellings share: no marks, no case, đ as d, one kind of apostrophe and dash, single spaces.

    hoà and hòa have one key; "nguyen thi huong" is the key of Nguyễn Thị Hường.
    """
    return " ".join(map(_search_word, text.split()))


@lru_cache(maxsize=1 << 14)
def _word_order(word: str) -> str:
    letters: list[str] = []
    marks: list[str] = []
    for sign in unicodedata.normalize("NFD", word.lower()):
        if sign in _TONE_CODES:
            marks.append(_TONE_CODES[sign])
        elif letters and letters[-1] + sign in _SHAPED:
            letters[-1] = _SHAPED[letters[-1] + sign]
        elif _MARKS.match(sign):
            marks.append(_OTHER_MARK)
        elif sign.isalnum():
            letters.append(sign)
    return "".join([_LETTER_CODES.get(letter, letter) for letter in letters]) + _END_OF_LETTERS + "".join(marks)


def name_order(full_name: str) -> str:
    """A key whose binary order is the Vietnamese order of names: the given name, then the rest word by word.

    Within a word the letters decide first (a ă â b c d đ …), then the tone (ngang huyền hỏi ngã sắc nặng). Case,
    apostrophes, dashes, the place of the tone mark and the form of composition make no difference.
    """
    words = full_name.split()
    return " ".join(map(_word_order, [*words[-1:], *words[:-1]]))


def text_order(text: str) -> str:
    """A key whose binary order is the Vietnamese order of titles and units: word by word from the first, as `name_order`."""
    return " ".join(map(_word_order, text.split()))


def split_name(full_name: str) -> Split:
    """The name in two, composed and with single spaces."""
    words = nfc(full_name).split()
    return Split(" ".join(words[:-1]), words[-1] if words else "")


def given_name(full_name: str) -> str:
    """The word by which a person is called: the last."""
    return split_name(full_name).given


def clean(text: str) -> str:
    """The text composed, stripped, with single spaces; raises `Unclean` for what cannot be seen or only looks right.

    Refused are control and invisible characters (bidirectional marks, zero width, private use), digits and letters of
    a second script, and marks without a letter. Line breaks and tabs count as space.
    """
    if text.isascii() and text.isalnum():  # numbers and codes: most of what a sheet holds
        return text
    folded = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
    if not _USUAL.fullmatch(folded):
        _look(folded)
    return folded


def _look(text: str) -> None:
    """Refuse what has no place in `text`, whatever stands first; the slow way, for what is not plainly usual."""
    marks = _MOST_MARKS
    for sign in text:
        category = unicodedata.category(sign)
        if category in {"Cc", "Zl", "Zp"}:
            raise Unclean(sign, "control")
        if category[0] == "C" or _INVISIBLE.match(sign):
            raise Unclean(sign, "invisible")
        if category[0] == "M":
            marks += 1
            if marks > _MOST_MARKS or category == "Me":
                raise Unclean(sign, "mark")
        else:
            marks = 0 if category[0] == "L" else _MOST_MARKS
    _one_script(text)


def _one_script(text: str) -> None:
    """Refuse the first letter that is not of the text's script: Latin if any letter is, else that of the first."""
    letters = [(sign, _script(sign)) for sign in text if unicodedata.category(sign) in {"Lu", "Ll", "Lt", "Lo", "Nd"}]
    scripts = {script for _, script in letters}
    main = "LATIN" if "LATIN" in scripts else next((script for _, script in letters if script != "DIGIT"), "DIGIT")
    for sign, script in letters:
        if script not in {main, "DIGIT"}:
            raise Unclean(sign, "script")


def _script(sign: str) -> str:
    return "LOOKALIKE" if sign in _LOOKS_LIKE_D_STROKE else unicodedata.name(sign, "").partition(" ")[0]
