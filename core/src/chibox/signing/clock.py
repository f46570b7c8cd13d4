"""A clock by which nothing may be dated: so far behind the last entry, or ahead of it, that it must be wrong."""

from typing import Final

_BACK: Final = 3_600_000  # ms
_AHEAD: Final = 366 * 86_400_000
_FIRST: Final = (
    1_577_836_800_000  # 2020: a clock without battery says 1970 or 2000; seeds tell of some years before today
)


def is_wrong(now: int, last: int) -> bool:
    """Whether a clock that says `now` may date nothing after an entry of the time `last` (ms; 0 for none)."""
    return now < _FIRST or now < last - _BACK or bool(last and now > last + _AHEAD)
