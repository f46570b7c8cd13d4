"""Roles: what a post permits, and which classes of field it opens. Plugins add their own by the hook `roles`."""

from typing import Final

import msgspec

from chibox.identity.classes import ClassName


class Role(msgspec.Struct, frozen=True):
    """A role, by its English name: permissions such as `membership.view` (or `*.view` for every open area), classes of field.

    `operator` marks IT: health, versions, logs, and no person's data whatever it is granted.
    """

    name: str
    label: str  # msgid
    grants: frozenset[str]
    classes: frozenset[ClassName] = frozenset()
    operator: bool = False

    def permits(self, permission: str) -> bool:
        """Whether the role gives `<area>.<scope>`."""
        return permission in self.grants or f"*.{permission.rpartition('.')[2]}" in self.grants


ALL: Final[frozenset[ClassName]] = frozenset({"contact", "ordinary", "identity", "sensitive"})
SERVICE: Final = "service"  # whoever holds it does not sign in: the command line, tasks and seeds act under it
CORE_ROLES: Final = (
    Role("administrator", "Administrator", frozenset({"core.administer", "core.operate"}), operator=True),
    Role("operator", "Operator", frozenset({"core.operate"}), operator=True),
    Role(SERVICE, "Service account", frozenset({"*.capture", "*.view", "*.approve", "core.administer"}), ALL),
    Role("clerk", "Member clerk", frozenset({"*.capture", "*.view"}), ALL),
    Role("committee_secretary", "Secretary of the committee", frozenset({"*.view", "*.approve"}), ALL),
    Role("cell_secretary", "Secretary of a cell", frozenset({"*.view"}), frozenset({"contact", "ordinary"})),
)
