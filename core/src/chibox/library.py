"""Everything that core and plugins declare, gathered once when a box opens."""

from chibox.commands import Command, Definition
from chibox.identity.roles import Role
from chibox.organisation.rules import RuleBook
from chibox.plugins import Plugins
from chibox.reading import Library
from chibox.records.record import Kinds


def declared(plugins: Plugins) -> tuple[Library, dict[type[Command], Definition], dict[str, Role]]:
    """The library, the commands by their type, the roles by name."""
    held_on = tuple(held for _, held in plugins.each("held_on"))
    library = Library(
        Kinds(plugins.flat("kinds")), plugins.flat("projections"), RuleBook(plugins.flat("rules")), held_on
    )
    commands = {t: d for _, found in plugins.each("commands") for t, d in found.definitions.items()}
    return library, commands, {role.name: role for role in plugins.flat("roles")}
