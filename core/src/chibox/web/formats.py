"""How dates, numbers, times and numbers of papers are written; pure functions, the language is an argument."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from chibox.clock import local

SPACE: Final = "\u00a0"  # a number alone at the start of a line is misread
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


def shown(value: Any, language: str) -> str:
    """A parameter of a sentence as a person writes it. A whole number is a count: a year is given as text."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value, language)
    return str(value)


def date(value: dt.date | str | None) -> str:
    """dd/MM/yyyy; of an ISO text whose day or month is unknown what is known: 08/1987, 1987. Nothing for None.

    Raises `ValueError` for a text that is no ISO date.
    """
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    parts = _PARTIAL.match(value)
    if not parts:
        raise ValueError(f"not an ISO date: {value!r}")
    return "/".join(part for part in reversed(parts.groups()) if part)


def time(value: dt.datetime | int) -> str:
    """19:30 in Viet Nam; a whole number is ms since 1970, as entries carry it."""
    return f"{_local(value):%H:%M}"


def moment(value: dt.datetime | int) -> str:
    """19:30, 03/12/2026: when something was recorded."""
    at = _local(value)
    return f"{time(at)}, {date(at.date())}"


def _local(value: dt.datetime | int) -> dt.datetime:
    return local(value) if isinstance(value, int) else value


def number(value: float | Decimal, language: str, digits: int | None = None) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; `digits` after the comma, or as many as there are."""
    text = f"{value:,}" if digits is None else f"{value:,.{digits}f}"
    text = text.replace("-", "−")
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def share(part: int, whole: int, language: str) -> str:
    """85,7%, or nothing when there is nothing to share."""
    return number(round(100 * part / whole, 1), language, 1) + "%" if whole else ""


def groups(digits: str | None) -> str:
    """A number of a paper by groups of three, a phone number as 4-3-3: as it is read out. What is not digits stays."""
    text = digits or ""
    if not text.isdecimal():
        return text
    phone = len(text) == 10 and text.startswith("0")  # noqa: PLR2004 - the length of a Vietnamese phone number
    first = 4 if phone else len(text) % 3 or 3
    rest = [text[at : at + 3] for at in range(first, len(text), 3)]
    return SPACE.join([text[:first], *rest])


def signs(root: str) -> str:
    """A root in groups of four signs: as a person reads it aloud, and finds the place again."""
    return " ".join(root[at : at + 4] for at in range(0, len(root), 4))


def mask(digits: str | None) -> str:
    """A personal number with its middle hidden: the first six and the last two digits tell people apart on paper."""
    text = digits or ""
    return groups(text[:6]) + SPACE + "•" * max(len(text) - 8, 0) + text[-2:] if len(text) > 8 else "•" * len(text)  # noqa: PLR2004
