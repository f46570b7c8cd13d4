"""Whether a package's words are whole: every msgid has its Vietnamese, and that is what a good office clerk would write."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from chibox.testing.msgids import Msgid, used

SYLLABLES: Final = 30  # a sentence; on a page for members 18
_TONE = "[\u0300\u0301\u0309\u0303\u0323]"
_LATE_TONE = re.compile(rf"(?<!q)(?:o[ae]|uy){_TONE}(?![\w\u0300-\u036f])", re.IGNORECASE)
_EARLY_TONE = re.compile(rf"qu{_TONE}(?=[yiae])|gi{_TONE}(?=[aouu])", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_MARKS: Final = {
    re.compile(r" [:;?!,.](?:\s|$)"): "a blank before a mark",
    re.compile(r'"'): "a straight quote; write “ ”",
    re.compile(r"\.\.\.(?!/)"): "three dots; write …",
    re.compile("\u00ad"): "a soft hyphen",
    re.compile(r"!"): "an exclamation mark",
}
_HTML = re.compile(r"</?[a-z][^>]*>")


def check_catalogue(package: Path, *, syllables: int = SYLLABLES) -> list[str]:
    """What is wrong with the words of a package, one line each; empty when nothing is.

    `package` is the folder of the importable package: its `locale/vi.po` is held against every msgid in its templates and
    modules, and each translation against the rules of wording. A package that says nothing needs no catalogue.
    """
    needed, faults = used(package)
    file = package / "locale" / "vi.po"
    if not file.is_file():
        return [*faults, *(f"{msgid.where}: no locale/vi.po has “{msgid.one}”" for msgid in needed)]
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale="vi", abort_invalid=True)
    known = {_key(message.id): message for message in catalogue if message.id}
    found = [*faults, *_missing(needed, known), *_stale(needed, known, catalogue)]
    for msgid, message in known.items():
        found += [f"“{msgid}”: {fault}" for fault in _of_message(message, syllables)]
    return found


def _key(msgid: Any) -> str:
    return str(msgid[0] if isinstance(msgid, list | tuple) else msgid)


def _missing(needed: list[Msgid], known: dict[str, Message]) -> Iterator[str]:
    for msgid in needed:
        message = known.get(msgid.one)
        if message is None:
            yield f"{msgid.where}: vi.po lacks “{msgid.one}”"
        elif (msgid.many is None) != isinstance(message.id, str):
            yield f"{msgid.where}: “{msgid.one}” has a plural in one of code and vi.po only"


def _stale(needed: list[Msgid], known: dict[str, Message], catalogue: Catalog) -> Iterator[str]:
    for msgid in known.keys() - {msgid.one for msgid in needed}:
        yield f"“{msgid}”: nothing uses it any more"
    for message in catalogue.obsolete.values():
        yield f"“{_key(message.id)}”: an obsolete entry; take it out"


def _of_message(message: Message, syllables: int) -> Iterator[str]:
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [])
    source = message.id if isinstance(message.id, str) else message.id[1]
    if message.fuzzy:
        yield "is marked fuzzy"
    if not all(texts) or not texts:
        yield "is not translated"
        return
    for text in texts:
        if placeholders(source) != placeholders(text):
            yield f"other placeholders: {sorted(placeholders(source))} and {sorted(placeholders(text))}"
        yield from faults_of(text, syllables)


def placeholders(text: str) -> Counter[str]:
    """The names in braces and how often each stands there."""
    return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def faults_of(text: str, syllables: int = SYLLABLES) -> list[str]:
    """What a reader of the rules of wording would mark in a Vietnamese text."""
    found = []
    plain = _HTML.sub("", text)
    split = unicodedata.normalize("NFD", plain)
    if not unicodedata.is_normalized("NFC", text):
        found.append("is not NFC")
    if _LATE_TONE.search(split) or _EARLY_TONE.search(split):
        found.append("a tone mark stands on the wrong letter")
    found += [fault for mark, fault in _MARKS.items() if mark.search(plain)]
    found += [f"“{match[0]}”: {rule.instead}" for rule in _avoided() if (match := rule.pattern.search(plain))]
    for sentence in _SENTENCE.split(plain):
        count = len(sentence.split())
        if count > syllables:
            found.append(f"a sentence of {count} syllables; at most {syllables}")
    return found


class _Avoided(NamedTuple):
    pattern: re.Pattern[str]
    instead: str


@cache
def _avoided() -> tuple[_Avoided, ...]:
    rules = tomllib.loads(files("chibox.testing").joinpath("wording.toml").read_text("utf-8"))["avoid"]
    return tuple(
        _Avoided(
            re.compile(rf"(?<!\w)(?:{rule['words']})(?!\w)", 0 if rule.get("case") else re.IGNORECASE), rule["instead"]
        )
        for rule in rules
    )
