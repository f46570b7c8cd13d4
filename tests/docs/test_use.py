"""The pages for staff: every label that they quote is one that a page shows, and they read as a good office clerk writes."""

import re
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po
from tests.docs.pages import DOCS, ROOT

from chibox.testing.wording import faults_of

PAGES: Final = sorted((DOCS / "use").glob("*.md"))
_LABEL: Final = re.compile("«([^»]+)»")
_CODE: Final = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_PLACE: Final = re.compile(r"\\\{\w+\\\}")
_SPELLED: Final = 12  # letters that a sentence with places must have of its own: “{name}” is no label


def said() -> list[re.Pattern[str]]:
    """Everything that pages say, in Vietnamese; whatever stands in a place may stand there."""
    found = []
    for catalogue in ROOT.glob("*/**/locale/vi.po"):
        if "tests" in catalogue.parts:
            continue
        with catalogue.open("rb") as file:
            for message in read_po(file, locale="vi"):
                texts = [message.string] if isinstance(message.string, str) else list(message.string or ())
                for text in (text for text in texts if message.id and text):
                    sentence = _PLACE.sub(".+", re.escape(text))
                    if "{" not in text or len(re.sub(r"\{\w+\}|\W", "", text)) >= _SPELLED:
                        found.append(re.compile(sentence))
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_quoted_label_is_shown_by_a_page(path: Path) -> None:
    """What stands between «» is a whole sentence or label of core or of a plugin."""
    labels = {" ".join(label.split()) for label in _LABEL.findall(path.read_text("utf-8"))}
    known = said()
    assert labels
    assert [label for label in sorted(labels) if not any(one.fullmatch(label) for one in known)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_it_reads_as_a_clerk_writes(path: Path) -> None:
    """The rules of wording hold: no word to avoid, tones in their place, sentences that can be read aloud."""
    text = _CODE.sub("tệp", path.read_text("utf-8"))
    assert unicodedata.is_normalized("NFC", text)
    lines = re.split(r"\n\n+|\n(?=[-|#\d])|\|", text)
    assert [f"{line[:60]}: {fault}" for line in lines for fault in faults_of(_flat(line))] == []


def _flat(line: str) -> str:
    """A line without the marks of its format."""
    return re.sub(r"\[([^\]]+)\]\([^)]+\)|\*\*|^#+ |^- |^\d+\. ", lambda m: m[1] or "", " ".join(line.split())).strip()
