"""Text that was typed for the fonts of before Unicode, TCVN3 (ABC) and VNI, and has come through as other letters."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

_FONTS: Final[Mapping[str, Any]] = tomllib.loads(files(__package__).joinpath("fonts.toml").read_text("utf-8"))
_UNICODE: Final[Mapping[str, Any]] = _FONTS["unicode"]
_VNI: Final[Mapping[str, Any]] = _FONTS["vni"]
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = TONES = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_BREVE, _ROOF = "\u0306", "\u0302"
ABC: Final[Mapping[str, str]] = {pair[0]: pair[1] for pair in _FONTS["abc"].split(" ")}
_TYPED: Final = {unicodedata.normalize("NFC", letter + tone) for letter in _UNICODE["vowels"] for tone in ("", *TONES)}
_ABC_SIGNS: Final = frozenset(sign for sign in ABC if sign.lower() not in _TYPED and sign != "\u00f1")
"""Signs that no Vietnamese text in Unicode holds; U+00F1 is a letter of Ede names."""

VNI_TONES: Final = dict(zip(_VNI["tones"], (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True))
VNI_ROOFS: Final = dict(zip(_VNI["roofs"], ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True))
VNI_BREVES: Final = dict(zip(_VNI["breves"], ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True))
VNI_ALONE: Final[Mapping[str, str]] = {pair[0]: pair[1] for pair in _VNI["alone"]}
_HOOKED: Final = {unicodedata.normalize("NFD", letter) for letter in _UNICODE["hooked"]}
_VNI_ADDED: Final = VNI_TONES.keys() | VNI_ROOFS.keys() | VNI_BREVES.keys()
_VNI_MARKS: Final = _VNI_ADDED - VNI_ALONE.keys()
_VNI_SIGNS: Final = re.compile(_VNI["signs"], re.IGNORECASE)
_SYLLABLE: Final = re.compile(_UNICODE["syllable"])
_TELLING: Final = re.compile(_UNICODE["telling"], re.IGNORECASE)
_LETTERS: Final = re.compile(_UNICODE["letters"], re.IGNORECASE)


def converted(text: str) -> tuple[str, ...]:
    """What the text is in Unicode, read as each of the old encodings that it plainly may be; nothing for any other text.

    Text that is Unicode already is never touched. Two readings mean that nobody can tell without looking.
    """
    if text.isascii() or _TELLING.search(unicodedata.normalize("NFC", text)):
        return ()
    readers = [_vni] if _VNI_SIGNS.search(text) else []
    readers += [_abc] if set(text) & _ABC_SIGNS else []
    found = [new for reader in readers if (new := reader(text)) is not None and new != text and _is_plain(new)]
    likely = [new for new in found if all(_is_syllable(word) for word in new.split())]
    return tuple(dict.fromkeys(likely or found))


def _abc(text: str) -> str | None:
    """Capitals with marks had a font of their own: among capitals a small one with a mark is a capital too."""
    words, are_names = [], any(word[:1].isascii() and word[:1].isupper() for word in text.split(" "))
    for word in text.split(" "):
        new = "".join(ABC.get(sign, sign) for sign in word)
        plain = [sign for sign in word if sign.isascii() and sign.isalpha()]
        if len(plain) > 1 and all(sign.isupper() for sign in plain):
            new = new.upper()
        elif are_names and not word[:1].isascii():
            new = new[:1].upper() + new[1:]
        words.append(new)
    return " ".join(words)


def _vni(text: str) -> str | None:
    out: list[str] = []
    for sign in text:
        small = sign.lower()
        before = unicodedata.normalize("NFD", out[-1].lower()) if out and small in _VNI_ADDED else ""
        mark = None
        if before in {"a", "e", "o", "u", "y", *_HOOKED} and small in VNI_TONES:
            mark = VNI_TONES[small]
        elif before in {"a", "e", "o"} and small in VNI_ROOFS:
            mark = _ROOF + VNI_ROOFS[small]
        elif before == "a" and small in VNI_BREVES:
            mark = _BREVE + VNI_BREVES[small]
        if mark is not None:
            out[-1] = unicodedata.normalize("NFC", unicodedata.normalize("NFD", out[-1]) + mark)
        elif small in VNI_ALONE:
            out.append(VNI_ALONE[small].upper() if sign.isupper() else VNI_ALONE[small])
        elif small in _VNI_MARKS:
            return None  # a mark without its vowel: it is another language of ours, such as Ede
        else:
            out.append(sign)
    return "".join(out)


def _is_syllable(word: str) -> bool:
    """Whether a word is built as Vietnamese ones are: one group of vowels that there is, one tone at most."""
    parts = unicodedata.normalize("NFD", word.lower())
    return (
        sum(parts.count(tone) for tone in TONES) <= 1
        and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", parts.translate(dict.fromkeys(map(ord, TONES)))))
        is not None
    )


def _is_plain(text: str) -> bool:
    """Whether every letter is one of Vietnamese, and no word changes its case in the middle."""
    return _LETTERS.fullmatch(text) is not None and all(
        word.isupper() or word[1:].islower() or len(word) == 1 or not word.isalpha() for word in text.split()
    )
