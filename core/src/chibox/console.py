"""What a command of the command line is, and where it speaks: in the reader's language, results and complaints apart."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

import msgspec

from chibox.errors import ChiboxError, Invalid, Words, words
from chibox.web.locale import ENGLISH, LANGUAGES, VIETNAMESE, load, speaking, translate

_DEFAULT_BOX: Final = "var/demo"
_USAGE: Final = 2


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language that `--lang` or the environment asks for; Vietnamese, unless it is English."""
    for at, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            asked = value or next(iter(arguments[at + 1 :]), "")
            return ENGLISH if asked == ENGLISH else VIETNAMESE
    set_ = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return ENGLISH if set_.startswith(f"{ENGLISH}_") else VIETNAMESE


def default_box() -> Path:
    """The folder of the box that is meant when none is named: `CHIBOX_BOX`, else the practice box of `make run`."""
    return Path(os.environ.get("CHIBOX_BOX", _DEFAULT_BOX))


class Terminal:
    """Speaks one language. Every line is flushed: a pipe sees it as soon as a person would."""

    def __init__(self, language: str) -> None:
        self.language = language

    def said(self, sentence: Words) -> str:
        """The sentence in the language of this terminal."""
        with speaking(self.language):
            return translate(sentence)

    def speak_for(self, packages: Sequence[str]) -> None:
        """Know the words of these packages too."""
        load(packages)

    def say(self, sentence: Words) -> None:
        """A sentence on a line of its own."""
        self.show(self.said(sentence))

    def show(self, line: str) -> None:
        """A line as it is: a key, a link, a figure."""
        _write(sys.stdout, line)

    def complain(self, sentence: Words) -> None:
        """A sentence beside the results."""
        _write(sys.stderr, self.said(sentence))

    def refuse(self, error: ChiboxError) -> None:
        """Why something was not done, with the fields that were wrong."""
        self.complain(error.words)
        if isinstance(error, Invalid):
            for field, why in error.fields.items():
                _write(sys.stderr, f"  {field}: {self.said(why)}")

    def hung_up(self) -> None:
        """The other end of the pipe is closed: nothing more is written, also not by Python when it ends."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Parser(argparse.ArgumentParser):
    """Python's parser of arguments, whose headings and sentences come from the catalogue."""

    def __init__(self, name: str, purpose: Words, terminal: Terminal) -> None:
        super().__init__(
            prog=name,
            description=terminal.said(purpose),
            add_help=False,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.terminal = terminal
        self.listed = ""
        self.closing: Words | None = None
        self._positionals.title = terminal.said(words("Arguments"))
        self._optionals.title = terminal.said(words("Options"))
        self.add_argument("-h", "--help", action="help", help=terminal.said(words("Show this help")))
        self.add_argument("--lang", choices=LANGUAGES, help=terminal.said(words("Language: vi or en")))

    def takes(self, *names: str, help: Words, **more: object) -> None:  # noqa: A002 - as argparse calls it
        """`add_argument`, with its help in words."""
        self.add_argument(*names, help=self.terminal.said(help), **more)  # type: ignore[arg-type]

    def takes_box(self) -> None:
        """`--box DIR`, a path: which box is meant; the one of `CHIBOX_BOX`, else that of `make run`, when it is not given."""
        self.takes("--box", type=Path, metavar="DIR", default=default_box(), help=words("The folder of the box"))

    def format_usage(self) -> str:
        """The first line of the help."""
        formatter = self._get_formatter()
        prefix = f"{self.terminal.said(words('Usage'))}: "
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups, prefix)
        return formatter.format_help()

    def format_help(self) -> str:
        """Usage, purpose, the commands where there are several, arguments and options."""
        formatter = self._get_formatter()
        for group in self._action_groups:
            formatter.start_section(group.title)
            formatter.add_arguments(group._group_actions)  # noqa: SLF001 - our own groups
            formatter.end_section()
        parts = [self.format_usage(), f"{self.description}\n", self.listed, formatter.format_help()]
        if self.closing is not None:
            parts.append(f"{self.terminal.said(self.closing)}\n")
        return "\n".join(part for part in parts if part)

    def error(self, message: str) -> NoReturn:
        """What argparse has to say, in its own English, after a sentence of ours; ends with 2."""
        self.error_in_words(words("The command line was not understood: {why}", why=message))

    def error_in_words(self, why: Words) -> NoReturn:
        """Say why, and how to learn more; ends with 2."""
        self.terminal.complain(why)
        self.terminal.complain(words("`{name} --help` tells what can be asked.", name=self.prog))
        raise SystemExit(_USAGE)


class CliCommand(msgspec.Struct, frozen=True):
    """A command of the command line: `arguments` adds its own to the parser, `run` does it and returns the exit state.

    0: done; 1: refused. What it raises as `ChiboxError` is told, and ends with 1.
    """

    name: str
    help: Words
    arguments: Callable[[Parser], object]
    run: Callable[[argparse.Namespace, Terminal], int]


def _write(stream: object, line: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(f"{line.encode(encoding, 'replace').decode(encoding)}\n")  # type: ignore[attr-defined]
    stream.flush()  # type: ignore[attr-defined]
