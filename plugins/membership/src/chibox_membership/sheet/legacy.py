"""Text that was typed for the fonts of before Unicode, TCVN3 (ABC) and VNI, and has come through as other letters."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_ABC: Final = (
    "µà ¸á ¶ả ·ã ¹ạ ¨ă »ằ ¾ắ ¼ẳ ½ẵ Æặ ©â Çầ Êấ Èẩ Éẫ Ëậ Ìè Ðé Îẻ Ïẽ Ñẹ ªê Òề Õế Óể Ôễ Öệ ×ì Ýí Øỉ Üĩ Þị "
    "ßò ãó áỏ âõ äọ «ô åồ èố æổ çỗ éộ ¬ơ êờ íớ ëở ìỡ îợ ïù óú ñủ òũ ôụ \xadư õừ øứ öử ÷ữ ùự úỳ ýý ûỷ üỹ þỵ ®đ "
    "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ"
)
_ABC_LETTERS: Final[Mapping[str, str]] = {pair[0]: pair[1] for pair in _ABC.split(" ")}
_TYPED: Final = frozenset(
    unicodedata.normalize("NFC", letter + tone)
    for letter in "aăâeêioôơuưyđ"
    for tone in ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
)
_ABC_SIGNS: Final = frozenset(sign for sign in _ABC_LETTERS if sign.lower() not in _TYPED and sign != "ñ")
"""Signs that no Vietnamese text in Unicode holds; ñ is a letter of Ê-đê names."""

_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_BREVE, _ROOF = "\u0306", "\u0302"
_VNI_TONES: Final = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_ROOFS: Final = {"â": "", "à": _GRAVE, "á": _ACUTE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVES: Final = {"ê": "", "è": _GRAVE, "é": _ACUTE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_ALONE: Final = {"æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}
_VNI_MARKS: Final = (_VNI_TONES.keys() | _VNI_ROOFS.keys() | _VNI_BREVES.keys()) - _VNI_ALONE.keys()
_VNI_SIGNS: Final = re.compile("[øûïåäëüöñæ]|a[êâàáãèéúùõ]|e[âàáãùõ]|o[âùõ]|[uyôö][ùõ]|yõ", re.IGNORECASE)
_TONES: Final = (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT)
_SYLLABLE: Final = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
    "(?:uyê|uya|uyu|uây|uôi|ươi|ươu|iêu|yêu|oai|oao|oay|oeo|a[iouy]?|ă|â[uy]?|eo?|êu?|i[aêu]?|o[aăei]?|ôi?|ơi?"
    "|u[aâêiôơy]?|ư[aiơu]?|yê?)"
    "(?:ng|nh|ch|[cmnpt])?"
)
_UNICODE: Final = re.compile("[ăđơưĩũ\u1ea0-\u1ef9]", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[a-zà-ỹđ0-9 ,.;:()/&'’\-]*", re.IGNORECASE)


def converted(text: str) -> tuple[str, ...]:
    """What the text is in Unicode, read as each of the old encodings that it plainly may be; nothing for any other text.

    Text that is Unicode already is never touched. Two readings mean that nobody can tell without looking.
    """
    if text.isascii() or _UNICODE.search(unicodedata.normalize("NFC", text)):
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
        new = "".join(_ABC_LETTERS.get(sign, sign) for sign in word)
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
        before = unicodedata.normalize("NFD", out[-1].lower()) if out else ""
        mark = None
        if before in {"a", "e", "o", "u", "y", "o\u031b", "u\u031b"} and small in _VNI_TONES:
            mark = _VNI_TONES[small]
        elif before in {"a", "e", "o"} and small in _VNI_ROOFS:
            mark = _ROOF + _VNI_ROOFS[small]
        elif before == "a" and small in _VNI_BREVES:
            mark = _BREVE + _VNI_BREVES[small]
        if mark is not None:
            out[-1] = unicodedata.normalize("NFC", unicodedata.normalize("NFD", out[-1]) + mark)
        elif small in _VNI_ALONE:
            out.append(_VNI_ALONE[small].upper() if sign.isupper() else _VNI_ALONE[small])
        elif small in _VNI_MARKS:
            return None  # a mark without its vowel: it is another language of ours, such as Êñuôl
        else:
            out.append(sign)
    return "".join(out)


def _is_syllable(word: str) -> bool:
    """Whether a word is built as Vietnamese ones are: one group of vowels that there is, one tone at most."""
    parts = unicodedata.normalize("NFD", word.lower())
    return (
        sum(parts.count(tone) for tone in _TONES) <= 1
        and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", parts.translate(dict.fromkeys(map(ord, _TONES)))))
        is not None
    )


def _is_plain(text: str) -> bool:
    """Whether every letter is one of Vietnamese, and no word changes its case in the middle."""
    return _LETTERS.fullmatch(text) is not None and all(
        word.isupper() or word[1:].islower() or len(word) == 1 or not word.isalpha() for word in text.split()
    )
