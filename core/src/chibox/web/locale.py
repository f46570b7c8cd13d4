"""Which language a person reads, and the sentence in it: msgids are English, `vi.po` of each package has the rest."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.runtime import Undefined
from markupsafe import Markup, escape

from chibox.errors import Words
from chibox.web import formats

VIETNAMESE: Final = "vi"
ENGLISH: Final = "en"
LANGUAGES: Final = (VIETNAMESE, ENGLISH)

_language: ContextVar[str] = ContextVar("language", default=VIETNAMESE)
_catalogues: dict[str, GNUTranslations] = {}


def load(packages: Iterable[str]) -> None:
    """Reads `locale/vi.po` of each package once; the first package that knows a msgid has the say.

    A package without a catalogue speaks English: that is for the contract suite to refuse, not a reason for a box to stop.
    """
    for package in packages:
        source = files(package).joinpath("locale/vi.po")
        if package in _catalogues or not source.is_file():
            continue
        catalogue = _compiled(source)
        for first in list(_catalogues.values())[:1]:
            first.add_fallback(catalogue)
        _catalogues[package] = catalogue


def _compiled(source: Traversable) -> GNUTranslations:
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=VIETNAMESE))
    compiled.seek(0)
    return GNUTranslations(compiled)


def current() -> str:
    """The language of this request: `vi`, or `en` by choice."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it `language` is the current one; a language that we do not have leaves it as it was."""
    token = _language.set(language if language in LANGUAGES else current())
    try:
        yield
    finally:
        _language.reset(token)


def _translations() -> NullTranslations:
    if current() == ENGLISH:
        return NullTranslations()
    if not _catalogues:
        load(["chibox"])
    return next(iter(_catalogues.values()))


def gettext(msgid: str, /, **params: Any) -> str:
    """The sentence in the current language, its `{named}` parameters filled in as a person writes them."""
    return _fill(_translations().gettext(msgid), params)


def ngettext(one: str, many: str, number: int, /, **params: Any) -> str:
    """As `gettext`, in the form that goes with `number`, which is the parameter `{n}`."""
    return _fill(_translations().ngettext(one, many, number), {"n": number, **params})


def translate(words: Words) -> str:
    """The words of a refusal or a label, in the current language."""
    return gettext(words.msgid, **words.params)


def _fill(text: str, params: dict[str, Any]) -> str:
    """A parameter that is HTML makes the whole HTML: the rest is escaped."""
    shown = {name: _shown(value) for name, value in params.items()}
    if any(isinstance(value, Markup) for value in shown.values()):
        return escape(text).format(**shown)
    return text.format(**shown) if shown else text


def _shown(value: Any) -> str:
    if isinstance(value, Undefined):
        raise TypeError(f"a parameter of a sentence is missing: {value._undefined_name}")  # noqa: SLF001
    return translate(value) if isinstance(value, Words) else formats.shown(value, current())


def sentence_tail(text: str) -> str:
    """A sentence as it stands behind a colon: Vietnamese goes on in small letters, English keeps its capital."""
    return text[:1].lower() + text[1:] if current() == VIETNAMESE else text
