"""The service account: there from the birth of a box, under a post of its own, shown as such."""

import pytest

from chibox.core_commands import EndPost
from chibox.errors import NotFound
from chibox.identity import purposes
from chibox.identity.service import ROLE, SIGN_IN, service_of
from chibox.identity.tables import Person
from chibox.testing.boxes import TODAY, Sandbox


def test_a_box_is_born_with_it(made: Sandbox) -> None:
    """Its registration and its post stand in the log, done by the first administrator."""
    service = service_of(made.box.picture)
    with made.reading() as read:
        row = read.row(Person, service)
    assert row
    assert row.sign_in == SIGN_IN
    assert [post.role for post in made.box.picture.held(service, TODAY)] == [ROLE]
    assert [made.entry(position).by for position in (1, 2)] == [made.administrator] * 2


def test_without_its_post_nothing_acts_in_its_name(made: Sandbox) -> None:
    """An administrator who ends its post has ended what command line and tasks may do."""
    service = service_of(made.box.picture)
    (post,) = made.box.picture.held(service, TODAY)
    made.ask(EndPost(post=post.subject, day=TODAY))
    with pytest.raises(NotFound):
        service_of(made.box.picture)


def test_each_role_has_a_usual_purpose_that_may_be_chosen() -> None:
    """What is preselected stands in the list of today; a role that nobody thought of reads for its own affairs."""
    names = {purpose.name for purpose in purposes.on(TODAY)}
    for role in ("clerk", "cell_secretary", "committee_secretary", "service", "somebody"):
        assert purposes.usual([role]) in names
    assert purposes.usual(["somebody", "clerk"]) == "files"
    assert purposes.on(purposes.PURPOSES[0].since.replace(year=2000)) == []
