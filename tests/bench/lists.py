"""The list at 30,000 members: pages of the real server, and the product's reads against the same asked of sqlite3 by hand."""

import http.client
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from statistics import median
from typing import Any, Final, get_args
from urllib.parse import urlencode

from tests.bench.asking import members
from tests.bench.seed import MEMBERS, Seed
from tests.bench.served import told
from tests.bench.watch import Watch

from chibox.box import Box
from chibox.office import Office
from chibox.plugin import Read, search_key
from chibox.site.who import COOKIE
from chibox_membership import listing
from chibox_membership.listing import SIZE, Scope, Sort, State, Wanted
from chibox_membership.rules import due_until
from chibox_membership.tables import GONE, Member

PAGES: Final = 240  # asked for in a round
WORDS: Final = ("Hường", "thị", "Khuyến", "Nguyễn Văn An", "Lò Thị", "0123", "99000")
"""Searches: a given name, a middle name that a third bears, a rare one, three words, a surname of the hills, digits."""
_ORDERS: Final[dict[Sort, str]] = {
    "name": "name_order",
    "-name": "name_order DESC",
    "born": "born_on",
    "admitted": "admitted_on",
}
_LAST: Final = MEMBERS // SIZE
_PRESENT: Final = "status NOT IN (" + ", ".join(f"'{state}'" for state in sorted(GONE)) + ")"
_PERCENT: Final = 0.99


def paged(seed: Seed, _: Watch) -> dict[str, float]:
    """Milliseconds of pages asked for one after the other on one connection: the median, and the 99th of a hundred."""
    with seed.copied() as folder:
        box = Box.open(folder, plugins=seed.plugins, clock=seed.clock)
        with closing(box), closing(Office(box)) as office:
            token, _end = office.sessions.begin(seed.clerk, "", seed.clock.now(), kept=False)
        with told([sys.executable, "-m", "tests.bench.echo", str(folder)]) as served:
            connection = http.client.HTTPConnection("127.0.0.1", served.port)
            addresses = list(_addresses(seed))
            taken = sorted(_seconds(connection, each, token) for each in addresses[:10] + addresses)[:PAGES]
            connection.close()
    return {"page p50": median(taken) * 1000, "page p99": taken[int(_PERCENT * len(taken))] * 1000}


def _addresses(seed: Seed) -> Iterator[str]:
    """Lists of every order, state and some cells, their pages from the first to the last; the same ones in each round."""
    drawn = random.Random("pages")
    for number in range(PAGES):
        asked: dict[str, Any] = {"sort": drawn.choice(get_args(Sort))}
        if number % 3 == 1:
            asked["state"] = drawn.choice(get_args(State))
        elif number % 3 == 2:
            asked["cell"] = drawn.choice(seed.cells)
        last = _LAST if number % 3 == 0 else _LAST // 10
        yield "/membership/?" + urlencode({**asked, "page": drawn.choice((1, last, drawn.randint(1, last)))})


def _seconds(connection: http.client.HTTPConnection, address: str, token: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", address, headers={"Cookie": f"{COOKIE}={token}", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, address
    return time.perf_counter() - begun


def read(seed: Seed, watch: Watch) -> dict[str, float]:
    """Seconds of listing and of searching, by the product and by hand, asked by turns: both find as many members."""
    searches = [Wanted(q=word) for word in WORDS]
    with seed.opened() as box, watch.timed("lists and searches, by the product and by hand"):
        last = -(-len(members(box)) // SIZE)
        pages = (1, 2, last // 4, last // 2, last)
        lists = [Wanted(sort=sort, page=page) for sort in _ORDERS for page in pages]
        return {**_both(box, "list", lists), **_both(box, "search", searches)}


def _both(box: Box, name: str, wishes: Sequence[Wanted]) -> dict[str, float]:
    """Each wish twice, in both orders: the product's answer; by hand the rows of the page, and how many there are in all."""
    found = dict.fromkeys((name, f"{name} rows", f"{name} count"), 0.0)
    for turn in range(2 * len(wishes)):
        wanted, told = wishes[turn // 2], dict[str, Any]()
        with box.reading() as look:
            asked = _asked(look, name, wanted)
            for side in asked if turn % 2 else reversed(asked):
                begun = time.perf_counter()
                told[side] = asked[side]()
                found[side] += time.perf_counter() - begun
        shown = told[name]
        by_hand = len(told[f"{name} rows"]), told[f"{name} count"][0][0]
        assert (len(shown.rows), shown.count) == by_hand, (wanted, shown.count, by_hand)
    return found


def _asked(look: Read, name: str, wanted: Wanted) -> dict[str, Callable[[], Any]]:
    """The product's question, and the same two in SQL by who knows the table: whole rows of one page, and the count of all."""
    table, cells = look.library.table(Member), tuple(look.picture.units)
    scope, due = Scope(frozenset(cells), frozenset(cells), cells), due_until(look, look.today)
    columns = ", ".join(f'"{column}"' for column in table.fields)
    where, values = _like(wanted.q) if wanted.q else ("1", [])
    of = f'FROM "{table.name}" WHERE'
    order = f"{_ORDERS[wanted.sort or 'name']}, subject LIMIT ? OFFSET ?"
    if wanted.q:
        rows = f"SELECT {columns} {of} {where} AND {_PRESENT} ORDER BY {order}"
    else:  # the narrow index first, then the rows: four times as fast as in one step
        narrow = f"SELECT subject {of} box=1 AND +{_PRESENT} ORDER BY {order}"
        rows = f"SELECT {columns} {of} box=1 AND subject IN ({narrow}) ORDER BY +{_ORDERS[wanted.sort or 'name']}"
    place = [*values, SIZE, ((wanted.page or 1) - 1) * SIZE]
    run = look.connection.execute
    return {
        name: lambda: listing.today(look, scope, wanted, due),
        f"{name} rows": lambda: run(rows, place).fetchall(),
        f"{name} count": lambda: run(f"SELECT count(*) {of} box=1 AND {where} AND {_PRESENT}", values).fetchall(),
    }


def _like(q: str) -> tuple[str, list[Any]]:
    if q.isdigit():
        return "personal_id LIKE ?", [f"%{q}%"]
    words = search_key(q).split()
    return " AND ".join(["name_words LIKE ?"] * len(words)), [f"% {word}%" for word in words]
