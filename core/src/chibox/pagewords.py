"""What pages, and covered values on them, are called to whoever was read: as the plugin words them whose pages they are."""

from collections.abc import Iterable, Mapping
from typing import Final

from chibox.errors import Words, words
from chibox.hooks import ReadPages

_OTHER_PAGE: Final = words("another page")
_OTHER_FIELD: Final = words("a covered value")
_PERSON: Final = words("People and posts")
_LOG: Final = words("Log and receipts")
READ_PAGES: Final = ReadPages(
    {
        "home": words("What is due"),
        "people": _PERSON,
        "person": _PERSON,
        "link": _PERSON,
        "log": _LOG,
        "act": _LOG,
        "receipt": _LOG,
        "undo": _LOG,
        "meanwhile": _LOG,
        "unit": words("Party organisations"),
        "erasing": words("Erasing what is held about somebody"),
        "evidence": words("All that is held about somebody, as a file"),
        "check": words("Checking a receipt"),
        "readers": words("Readers of the log"),
        "signing": words("Signing the log"),
        "seen": words("Who has read my file"),
        "delays": words("Reading for an inspection"),
    }
)


class PageWords:
    """The words of core and every plugin, by `<area>.<page>` as the access log has them."""

    def __init__(self, told: Iterable[tuple[str, ReadPages]]) -> None:
        self._pages: dict[str, Words] = {}
        self._fields: dict[tuple[str, str], Words] = {}
        for area, words_ in told:
            self._pages |= {f"{area}.{page}": said for page, said in words_.pages.items()}
            self._fields |= {(area, field): said for field, said in words_.fields.items()}

    def page(self, page: str) -> Words:
        """A page in words; one that nobody words, or whose plugin is gone, is "another page"."""
        return self._pages.get(page, _OTHER_PAGE)

    def field(self, page: str, field: str) -> Words:
        """A covered value of a page in words."""
        return self._fields.get((page.partition(".")[0], field), _OTHER_FIELD)

    @property
    def pages(self) -> Mapping[str, Words]:
        """Every page that has words."""
        return self._pages
