"""How often the open part of the page may be asked: so much a minute from one address, so much from all together."""

import threading
from typing import Final

_MINUTE: Final = 60_000
_KNOWN: Final = 4096  # addresses; with more in one minute only the sum counts


class Pace:
    """Counts in memory, minute by minute: it is there to keep the box free, not to remember anybody."""

    def __init__(self, one: int, all_: int) -> None:
        self._one, self._all = one, all_
        self._lock = threading.Lock()
        self._minute, self._sum = -1, 0
        self._counts: dict[str, int] = {}

    def take(self, address: str, now: int) -> bool:
        """Count one more; False when that is too many, for this address or for all."""
        with self._lock:
            if self._minute != now // _MINUTE:
                self._minute, self._sum = now // _MINUTE, 0
                self._counts.clear()
            if self._sum >= self._all or self._counts.get(address, 0) >= self._one:
                return False
            self._sum += 1
            if address in self._counts or len(self._counts) < _KNOWN:
                self._counts[address] = self._counts.get(address, 0) + 1
            return True
