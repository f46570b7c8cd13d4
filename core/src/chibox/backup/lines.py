"""Secrets as lines that a person types from paper: a label, groups of signs, and six signs by which a wrong line is noticed.

The six are the checksum of BIP 173 over the label and the line: up to four wrong signs in a line are always noticed, any other
error but once in a thousand million.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from chibox.errors import Words, words

_SIGNS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # BIP 173; no sign looks like another one
_HEX: Final = "0123456789abcdef"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SUM: Final = 6
_noise: Final = re.compile(r"[\s.\-_:|]+")


class Shape(NamedTuple):
    """How a secret is cut: the letter of its labels, its signs, the groups of each line, what is mistaken for what."""

    letter: str
    signs: str
    groups: tuple[tuple[int, ...], ...]
    mistaken: dict[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its lines, in order: R1, R2 and so on."""
        return tuple(f"{self.letter}{number}" for number in range(1, len(self.groups) + 1))


RECOVERY: Final = Shape("R", _SIGNS, ((5, 5, 5), (5, 5, 5), (5, 5, 4), (5, 5, 4)), {"o": "0", "i": "l", "1": "l"})
LOG_KEY: Final = Shape("K", _HEX, ((4, 4, 4, 4),) * 4, {"o": "0", "i": "1", "l": "1"})
SHAPES: Final = (RECOVERY, LOG_KEY)


class WrongLine(ValueError):
    """A line was not typed as it is printed."""

    def __init__(self, label: str, why: Words) -> None:
        super().__init__(f"{label}: {why}")
        self.label, self.words = label, why


def printed(shape: Shape, secret: str) -> list[tuple[str, str]]:
    """Label and line of each line of a secret: its groups, then the checksum. `secret` has exactly the signs of the shape."""
    found = []
    for label, widths in zip(shape.labels, shape.groups, strict=True):
        line, secret = secret[: sum(widths)].lower(), secret[sum(widths) :]
        groups = [*_cut(line, widths), _sum(shape, label, line)]
        found.append((label, " ".join(groups).upper()))
    return found


def typed(shape: Shape, label: str, line: str) -> str:
    """The part of the secret on that line, as somebody typed it. Raises WrongLine, which says what is wrong with it."""
    widths = shape.groups[shape.labels.index(label)]
    length = sum(widths)
    signs = _noise.sub("", line.lower())
    if len(signs) == length + _SUM + len(label):
        signs = signs.removeprefix(label.lower())
    if len(signs) != length + _SUM:
        why = words("it has {found} signs and ought to have {wanted}", found=len(signs), wanted=length + _SUM)
        raise WrongLine(label, why)
    part = "".join(shape.mistaken.get(sign, sign) for sign in signs[:length])
    check = "".join(RECOVERY.mistaken.get(sign, sign) for sign in signs[length:])
    for sign, known in (*((sign, shape.signs) for sign in part), *((sign, _SIGNS) for sign in check)):
        if sign not in known:
            raise WrongLine(label, words("the sign {sign} stands on no sheet", sign=sign.upper()))
    if _sum(shape, label, part) != check:
        raise WrongLine(label, words("a sign in it is wrong"))
    return part


def _cut(line: str, widths: Sequence[int]) -> list[str]:
    ends = [sum(widths[: at + 1]) for at in range(len(widths))]
    return [line[end - width : end] for end, width in zip(ends, widths, strict=True)]


def _sum(shape: Shape, label: str, line: str) -> str:
    """The checksum of BIP 173 over the label, as its human-readable part, and the signs of the line."""
    lower = label.lower()
    values = [*(ord(c) >> 5 for c in lower), 0, *(ord(c) & 31 for c in lower), *map(shape.signs.index, line)]
    rest = 1
    for value in [*values, *[0] * _SUM]:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            rest ^= generator if top >> bit & 1 else 0
    rest ^= 1
    return "".join(_SIGNS[rest >> 5 * (_SUM - 1 - at) & 31] for at in range(_SUM))
