"""What pages weigh: a walk over every link of a served box, in bytes as they are sent, compressed."""

import gzip
import re
from collections import Counter, deque
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.bench.served import Answered, Served

FIRST: Final = 30_000
"""Bytes of a page that a browser with nothing in store opens: HTML, styles, font, script and pictures."""
LATER: Final = 8_000
"""Bytes of every page after it: what those bring is kept for a year."""
PAPER, LONG = 40, 80
"""Bytes more for each row of a sheet to print, and of a list of which somebody asked for more rows than 25."""
_EACH: Final = 2
"""So many pages of one kind are weighed, the members of one list being much alike; of one narrowed in two ways, one."""
_MOST: Final = 500
_ID: Final = re.compile(r"[0-9a-f]{32}|\d+|[A-Za-z0-9_-]{40,}")
_LINKED: Final = re.compile(rb"url\(([^)\"']+)\)")
_BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip, deflate, br, zstd"}


class Weight(NamedTuple):
    """A page, the bytes of its HTML and of everything that it has a browser fetch; `rows`: of its tables."""

    path: str
    html: int
    files: int
    rows: int = 0

    @property
    def for_rows(self) -> int:
        """Bytes that it may weigh more than others, because of the rows that were asked for."""
        parts = urlsplit(self.path)
        asked = PAPER if parts.path.endswith(("/print", "/rest")) else LONG if "rows=" in parts.query else 0
        return asked * self.rows

    @property
    def is_light(self) -> bool:
        """Whether it weighs no more than a page may, opened first and opened later."""
        return self.html <= LATER + self.for_rows and self.html + self.files <= FIRST + self.for_rows


class _Links(HTMLParser):
    """What a page links to, and what a browser fetches for it without being asked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pages: list[str] = []
        self.files: list[str] = []
        self.rows = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "tr":
            self.rows += 1
        elif tag == "a" and "href" in named:
            self.pages.append(named["href"])
        elif tag == "link" and named.get("rel") in {"stylesheet", "icon", "preload"}:
            self.files.append(named["href"])
        elif tag in {"script", "img"} and named.get("src", "data:").partition(":")[0] != "data":
            self.files.append(named["src"])


class _Files:
    """The files that pages have a browser fetch; each is asked for once."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._known: dict[str, Answered] = {}

    def weigh(self, page: str, links: list[str]) -> int:
        """The bytes of the files that a page links to, each once, with what they link to in turn."""
        waiting, seen = [urljoin(page, link) for link in links], dict[str, Answered]()
        while waiting:
            address = waiting.pop()
            if address not in seen:
                seen[address] = answer = self._fetched(address)
                if answer.headers.get_content_type() == "text/css":
                    waiting += [urljoin(address, link.decode()) for link in _LINKED.findall(unpacked(answer))]
        return sum(len(answer.body) for answer in seen.values())

    def _fetched(self, address: str) -> Answered:
        if address not in self._known:
            self._known[address] = self._served.asked(address, _BROWSER)
            assert self._known[address].status == HTTPStatus.OK, address
        return self._known[address]


def weights(served: Served, cookie: str = "", *, begin: str = "/") -> list[Weight]:
    """Every page that is reached from `begin` by links, some of each kind; what is no HTML is not weighed.

    AssertionError for a link that leads nowhere.
    """
    waiting, met, found = deque([begin]), {begin}, list[Weight]()
    kinds, files = Counter[str](), _Files(served)
    headers = _BROWSER | ({"Cookie": cookie} if cookie else {})
    while waiting and len(found) < _MOST:
        path = waiting.popleft()
        answer = served.asked(path, headers)
        assert answer.status < HTTPStatus.BAD_REQUEST, f"{path}: {answer.status}"
        if answer.status != HTTPStatus.OK or answer.headers.get_content_type() != "text/html":
            continue
        links = _Links(unpacked(answer).decode())
        found.append(Weight(path, len(answer.body), files.weigh(path, links.files), links.rows))
        for target in (urlsplit(urljoin(path, link)) for link in links.pages):
            address = target.path + (f"?{target.query}" if target.query else "")
            what = kind(address)
            most = 1 if "&" in what else _EACH
            if not target.scheme and not target.netloc and address not in met and kinds[what] < most:
                met.add(address)
                kinds[what] += 1
                waiting.append(address)
    return found


def kind(address: str) -> str:
    """What pages that differ only in whom or what they are about have in common; files to keep, whatever is in them, too."""
    parts = urlsplit(address)
    path = _ID.sub("…", parts.path.rstrip("/"))
    names = () if "." in path else sorted({name for name, _ in parse_qsl(parts.query)})
    return f"{path}?" + "&".join(names)


def unpacked(answer: Answered) -> bytes:
    """The body as it was before it was compressed."""
    return gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
