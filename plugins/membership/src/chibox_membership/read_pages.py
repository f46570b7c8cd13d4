"""What membership's pages, and the covered values on them, are called to whoever was read."""

from typing import Final

from chibox.plugin import ReadPages, Words, words
from chibox_membership import labels

_LIST: Final = words("The list")
_CHANGE: Final = words("Recording a change")
_IMPORT: Final = words("Importing a sheet")
_COVERED: Final = "covered"
"""What a reading notes that asked for every covered field at once."""


def read_pages() -> ReadPages:
    """Every page by which somebody may be read, and every field that is covered."""
    pages = {
        "member": words("The file"),
        "history": words("History"),
        "receipts": words("Receipts"),
        "readers": words("Who has read it"),
        "list": _LIST,
        "search": _LIST,
        "print": words("Print"),
        "export": words("Export"),
        "exports": words("Export"),
        "change": _CHANGE,
        "correct": words("Correcting"),
        "move": _CHANGE,
        "state": _CHANGE,
        "leave": _CHANGE,
        "note": _CHANGE,
        "meanwhile": _CHANGE,
        "enter": words("Adding a member"),
        "bulk": words("Recording for several at once"),
        "import": _IMPORT,
        "import_rest": _IMPORT,
        "compare": words("Comparing with a sheet"),
    }
    fields: dict[str, Words] = {name: group[0] for name, group in labels.GROUPS.items()}
    return ReadPages(pages, {**fields, **labels.FIELDS, _COVERED: words("numbers and religion")})
