"""The service person: under whose post the command line, tasks and seeds act. Made at the birth of every box, shown as such."""

import datetime as dt
from typing import Final

from chibox.commands import Command
from chibox.core_commands import Appoint, RegisterPerson
from chibox.errors import NotFound
from chibox.identity.permissions import Picture

ROLE: Final = "service"
SIGN_IN: Final = "service"


def appointed(root: str, person: str, day: dt.date) -> tuple[Command, ...]:
    """What the first administrator asks at a box's birth, so that no later act needs a person who is not there."""
    return RegisterPerson(sign_in=SIGN_IN, person=person), Appoint(person=person, role=ROLE, unit=root, day=day)


def service_of(picture: Picture) -> str:
    """The person who holds the post `service` of the whole box. Raises NotFound when that post was ended."""
    for person, posts in sorted(picture.posts.items()):
        if any(post.role == ROLE and post.unit == picture.root and post.until is None for post in posts):
            return person
    raise NotFound("The service account of this box holds no post any more: appoint it again.")
