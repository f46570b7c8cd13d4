"""A form as a page shows it: what stands in each field, what has to be mended, and the act it will become."""

import datetime as dt
import enum
from decimal import Decimal
from typing import Any, Self

import msgspec
from litestar.datastructures import UploadFile
from msgspec import UNSET

from chibox.errors import Away, Invalid, Refused, Words
from chibox.web import formats
from chibox.web.forms import ACT, FORM, SEEN, Sent, values_of
from chibox.web.locale import current, translate


class Meanwhile(msgspec.Struct, frozen=True):
    """What a colleague recorded while the form was open: who, when (ms), in which words, the fields that it states."""

    who: str
    when: int
    said: str
    values: dict[str, str]


class Form:
    """What the field macros show. `trouble` is a refusal of the whole, `errors` say what is wrong with single fields."""

    def __init__(self, values: dict[str, list[str]], act: str | None = None, seen: int | None = None) -> None:
        self._values = values
        self.act = act
        self.seen = seen
        self.errors: dict[str, Words] = {}
        self.trouble: Words | None = None
        self.meanwhile: list[Meanwhile] = []

    @classmethod
    def blank(cls, act: str | None = None, seen: int | None = None, **values: Any) -> Self:
        """An empty form, or one with a few fields filled already."""
        return cls({name: as_typed(value) for name, value in values.items()}, act, seen)

    @classmethod
    def of(cls, value: msgspec.Struct, act: str | None = None, seen: int | None = None) -> Self:
        """A form that shows what a struct holds, each field as a person would type it."""
        fields = msgspec.structs.fields(value)
        return cls({info.encode_name: as_typed(getattr(value, info.name), info.type) for info in fields}, act, seen)

    @classmethod
    def refused(cls, form: Sent, refusal: Refused | Away) -> Self:
        """The form as it was sent, with what has to be mended. Nothing typed is lost; files have to be chosen again."""
        sent = values_of(form)
        act, seen = (sent.pop(name, [""])[0] or None for name in (ACT, SEEN))
        kept = {name: [str(item) for item in items if not isinstance(item, UploadFile)] for name, items in sent.items()}
        again = cls(kept, act, int(seen) if seen and str(seen).isdecimal() else None)
        if isinstance(refusal, Invalid):
            again.errors = refusal.fields
        again.trouble = None if again.errors else refusal.words
        return again

    def value(self, name: str) -> str:
        """What stands in the field."""
        return next((value for value in reversed(self._values.get(name, [])) if value), "")

    def put(self, name: str, value: Any) -> None:
        """From now on `value` stands in the field, as a person would type it; None empties it."""
        self._values[name] = as_typed(value)

    def has(self, name: str, value: str) -> bool:
        """Whether the value is among those chosen."""
        return value in self._values.get(name, [])

    def error(self, name: str) -> str:
        """Why the field has to be mended; empty when it need not."""
        found = self.errors.get(name)
        return translate(found) if found else ""

    @property
    def stopped(self) -> bool:
        """Whether something has to be mended before this can be stored."""
        return bool(self.errors or self.trouble)


def as_typed(value: Any, hint: Any = None) -> list[str]:
    """A value as a person types it into its field; `hint`: the field's annotation."""
    if value is None or value is UNSET or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, list | tuple | set | frozenset):
        return [text for item in value for text in as_typed(item)]
    if isinstance(value, dt.date) or (isinstance(value, str) and "date" in _form(hint)):
        return [formats.date(value)]
    if isinstance(value, int | float | Decimal):
        return [formats.number(value, current())]
    return [str(value.value if isinstance(value, enum.Enum) else value)]


def _form(hint: Any) -> str:
    """The `form` of a field's Meta, wherever it stands in its annotation."""
    if isinstance(hint, msgspec.Meta):
        return str((hint.extra or {}).get(FORM, ""))
    inner = (*getattr(hint, "__metadata__", ()), *getattr(hint, "__args__", ()))
    return next((found for found in map(_form, inner) if found), "")
