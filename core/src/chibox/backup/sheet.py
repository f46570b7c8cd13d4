"""The sealed sheet: the secrets that no backup holds, as a page to print, and read back from what a person typed."""

import re
from importlib.resources import files
from typing import Final, NamedTuple

import pyrage
import segno
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from chibox.backup import recovery
from chibox.backup.lines import LOG_KEY, RECOVERY, SHAPES, WrongLine, printed, typed
from chibox.errors import Refused, Words, words
from chibox.web import locale

_tags: Final = re.compile(r"<(style|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
_labelled: Final = re.compile(r"\s*([RK][1-4])\b[\s.:|]*(.*)", re.IGNORECASE).fullmatch
_whole: Final = re.compile(rf"{recovery.PREFIX}[A-Z0-9]{{58}}", re.IGNORECASE).search
_HEX_KEY: Final = 64


class Sheet(NamedTuple):
    """What is on a sheet. `seed`: the log key as 64 hex characters, empty where the service manager keeps it."""

    committee: str
    name: str
    day: str
    key_print: str
    identity: str
    seed: str

    @property
    def recovery_lines(self) -> list[tuple[str, str]]:
        """Label and line of each line of the recovery key, whose text begins with `AGE-SECRET-KEY-1`."""
        return printed(RECOVERY, self.identity.removeprefix(recovery.PREFIX))

    @property
    def key_lines(self) -> list[tuple[str, str]]:
        """Label and line of each line of the log key."""
        return printed(LOG_KEY, self.seed) if self.seed else []


class Secrets(NamedTuple):
    """What was read from a sheet: the recovery key, and the log key's seed where it was given."""

    identity: pyrage.x25519.Identity
    seed: bytes | None


def page(sheet: Sheet, language: str) -> str:
    """The sheet as a page of its own to print on A4, in that language; nothing in it is fetched from anywhere."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["_"] = locale.gettext
    own = files("chibox.backup").joinpath("templates")
    template = environment.from_string(own.joinpath("sheet.html").read_text())
    style = Markup("<style>{}</style>").format(Markup(own.joinpath("sheet.css").read_text()))  # noqa: S704 - our own file
    with locale.speaking(language):
        return template.render(
            sheet=sheet,
            style=style,
            language=language,
            steps=list(map(locale.translate, STEPS)),
            codes=[_code(s) for s in _secrets(sheet)],
        )


def lines(sheet: Sheet) -> list[str]:
    """The secrets alone, for a terminal."""
    return [f"{label}  {line}" for label, line in (*sheet.recovery_lines, *sheet.key_lines)]


def read_sheet(text: str) -> Secrets:
    """The secrets in a text: the lines of a sheet, labelled or in their order, a whole page of it, or a recovery key alone.

    Raises WrongLine for the first line that is wrong, Refused when a line is missing.
    """
    plain = _tags.sub(" ", text)
    whole = _whole(plain)
    given = _given(plain) if whole is None else {}
    seed = _joined(LOG_KEY.labels, given)
    if whole is not None:
        return Secrets(recovery.identity(whole[0]), None)
    secret = _joined(RECOVERY.labels, given)
    if secret is None:
        raise Refused("The lines R1 to R4 of the sheet are missing.")
    return Secrets(recovery.identity(recovery.PREFIX + secret), None if seed is None else bytes.fromhex(seed))


def wrong_lines(text: str) -> list[WrongLine]:
    """Every line that is wrong, in their order."""
    found = []
    for label, line in _given(_tags.sub(" ", text)).items():
        try:
            _part(label, line)
        except WrongLine as wrong:
            found.append(wrong)
    return found


def _given(text: str) -> dict[str, str]:
    """The lines that were typed, by label. Where none has a label, the first line that is not empty is R1, and so on."""
    found = [line for line in text.splitlines() if line.strip()]
    labelled = [match for match in map(_labelled, found) if match and match[2].strip()]
    if labelled:
        return {match[1].upper(): match[2] for match in labelled}
    labels = [label for shape in SHAPES for label in shape.labels]
    return dict(zip(labels, found, strict=False))


def _joined(labels: tuple[str, ...], given: dict[str, str]) -> str | None:
    """The secret of these lines; None when none of them is there. Raises WrongLine, Refused when only some are."""
    there = [label for label in labels if label in given]
    if not there:
        return None
    if len(there) < len(labels):
        missing = ", ".join(label for label in labels if label not in given)
        raise Refused("Lines of the sheet are missing: {labels}.", labels=missing)
    return "".join(_part(label, given[label]) for label in labels)


def _part(label: str, line: str) -> str:
    shape = next(shape for shape in SHAPES if label in shape.labels)
    return typed(shape, label, line)


def _secrets(sheet: Sheet) -> list[tuple[str, str]]:
    """What each code on the page holds, under the letter of its lines."""
    return [("R", sheet.identity), *([("K", sheet.seed.upper())] if sheet.seed else [])]


def _code(secret: tuple[str, str]) -> tuple[str, Markup]:
    letter, text = secret
    return letter, Markup(segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True))  # noqa: S704


STEPS: Final[tuple[Words, ...]] = (
    words("Print this page twice. Then delete the file, and empty the printer's memory if it has one."),
    words("Check each print by reading it back: chibox sheet BOX --check. Type the lines as they stand on paper."),
    words(
        "Put each print into an envelope of its own, seal it, and write the name of the committee and the day on it."
    ),
    words("Two people sign across the seal: the secretary, and who looks after the box."),
    words("Keep the two envelopes in two places, away from the box: a fire or a thief must not get both."),
    words("Look at the seals once a year. If one is broken, make a new sheet: chibox sheet BOX --renew."),
)
