"""The roll as a trial sees it: members by the numbers that a row is matched by, and by name and birth date."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from chibox.plugin import Read, search_key
from chibox_membership.tables import Member

NUMBERS: Final = ("national_id", "personal_id", "card_number")


class Roll:
    """Every member, taken at once: nothing of it is read again, so no snapshot has to stay open."""

    def __init__(self, read: Read) -> None:
        self.members: dict[str, Member] = {}
        self._by: dict[str, dict[str, Member]] = {key: {} for key in NUMBERS}
        self._named: dict[tuple[str, dt.date], list[Member]] = {}
        for member in read.rows(Member, read.select(Member)):
            self.members[member.subject] = member
            for key in NUMBERS:
                if (number := getattr(member, key)) is not None:
                    self._by[key][number] = member
            self._named.setdefault((search_key(member.full_name), member.born_on), []).append(member)

    def by_numbers(self, values: Mapping[str, Any]) -> list[Member]:
        """The members to whom the numbers of a row belong: none, one, or several that contradict each other."""
        found = {member.subject: member for key in NUMBERS if (member := self._by[key].get(values.get(key, "")))}
        return list(found.values())

    def namesakes(self, values: Mapping[str, Any]) -> list[Member]:
        """Members of the same name, whatever its marks, born on the same day."""
        name, born = values.get("full_name"), values.get("born_on")
        return self._named.get((search_key(name), born), []) if name and born else []
