"""Erasing takes two people, soon after another, who both look at what there is; then the content is gone and its place stays."""

from collections.abc import Sequence

import pytest
from tests.core.together import make
from tests.core.toys import Correct, Hide, Paint, Toy

from chibox.commands import Answer, Asked
from chibox.core_commands import EndPost, Undo
from chibox.erasing.commands import AskErasure, Erase, WithdrawErasure
from chibox.erasing.dues import due
from chibox.erasing.records import ErasureAsked, SealedErasureAsked
from chibox.erasing.tables import DONE, OPEN, WITHDRAWN, Erasure
from chibox.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from chibox.identity.tables import Post
from chibox.records.core import Erased, Joined, SealedErased
from chibox.records.envelope import SEALED, decode
from chibox.records.stated import state
from chibox.testing.boxes import TODAY, Sandbox, act

DAY = 86_400_000


@pytest.fixture
def secretary(made: Sandbox) -> str:
    """Who approves everywhere."""
    return made.someone("committee_secretary")


@pytest.fixture
def toy(made: Sandbox, clerk: str) -> str:
    """A toy of which three records tell."""
    first = made.ask(make(made, "Hà Thị Yên"), actor=clerk)
    subject = made.subject(first)
    made.ask(Paint(toy=subject, colour="red"), actor=clerk)
    made.ask(Correct(toy=subject, position=first.first, name="Hà Thị Yến"), actor=clerk)
    return subject


def asked(made: Sandbox, answer: Answer) -> str:
    """The id of the record by which it was asked."""
    return made.entry(answer.first).rid


def ask(made: Sandbox, actor: str, subject: str, records: Sequence[str] = ()) -> str:
    """Ask for the erasure of a toy."""
    return asked(made, made.ask(AskErasure(subject=subject, reason="request", records=tuple(records)), actor=actor))


def row(made: Sandbox, request: str) -> Erasure:
    """The erasure as it stands."""
    with made.reading() as read:
        found = read.row(Erasure, request)
    assert found is not None
    return found


def test_two_people_erase_what_is_held(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """Every body and fact about the subject goes; entries stay; the record of the erasure names them and what asked for it."""
    positions = [p for p in range(made.box.log.size) if made.entry(p).subject == toy]
    envelopes = [made.box.log.entry(p) for p in positions]
    request = ask(made, clerk, toy)
    assert row(made, request).state == OPEN
    answer = made.ask(Erase(asked=request), actor=secretary)
    (record,) = made.stated(answer)
    assert isinstance(record, Erased)
    assert set(record.records) == {made.entry(p).rid for p in positions}
    assert made.entry(answer.first).refs == (f"r{request}",)
    assert [made.entry(p).body for p in positions] == [None] * len(positions)
    assert [made.box.log.entry(p) for p in positions] == envelopes
    with made.reading() as read:
        assert read.facts([toy]) == {}
        (left,) = read.rows(Toy, read.select(Toy))
    assert left.name is None
    found = row(made, request)
    assert (found.state, found.closed, found.closed_by, found.count) == (DONE, answer.first, secretary, 3)


def test_the_same_person_cannot_do_both(made: Sandbox, toy: str) -> None:
    """Also with posts for both, such as the service account's."""
    both = made.someone("service")
    request = ask(made, both, toy)
    with pytest.raises(Refused, match="second person"):
        made.ask(Erase(asked=request), actor=both)
    made.ask(Erase(asked=request), actor=made.someone("service"))


def test_who_may_not_is_refused(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """Asking needs to capture, doing needs to approve, in every unit concerned; looking on is not enough."""
    elsewhere = made.unit("Chi bộ 1")
    for actor in (secretary, made.someone("clerk", elsewhere), made.administrator, made.someone("cell_secretary")):
        with pytest.raises(Forbidden):
            ask(made, actor, toy)
    request = ask(made, clerk, toy)
    for actor in (made.someone("clerk"), made.someone("committee_secretary", elsewhere), made.administrator):
        with pytest.raises(Forbidden):
            made.ask(Erase(asked=request), actor=actor)
    assert row(made, request).state == OPEN


def test_after_thirty_days_it_is_asked_again(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """On the thirtieth day it is still done."""
    request = ask(made, clerk, toy)
    made.clock.at += 30 * DAY + 1
    with pytest.raises(Refused, match="30 days"):
        made.ask(Erase(asked=request), actor=secretary)
    made.ask(Erase(asked=ask(made, clerk, toy)), actor=secretary)


def test_what_was_recorded_since_is_looked_at_first(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """A record after the asking refuses it; withdrawn and asked again it takes that record in too."""
    request = ask(made, clerk, toy)
    made.ask(Paint(toy=toy, colour="blue"), actor=clerk)
    with pytest.raises(Conflict, match="1 records"):
        made.ask(Erase(asked=request), actor=secretary)
    with pytest.raises(Refused, match="already"):
        ask(made, clerk, toy)
    made.ask(WithdrawErasure(asked=request), actor=clerk)
    assert row(made, request).state == WITHDRAWN
    with pytest.raises(Refused, match="withdrawn"):
        made.ask(Erase(asked=request), actor=secretary)
    made.ask(Erase(asked=ask(made, clerk, toy)), actor=secretary)
    assert row(made, request).state == WITHDRAWN


def test_it_is_done_once(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """Done, it is neither done again nor withdrawn, nor asked again: nothing is held any more. No undo brings it back."""
    request = ask(made, clerk, toy)
    answer = made.ask(Erase(asked=request), actor=secretary)
    with pytest.raises(Refused, match="done before"):
        made.ask(WithdrawErasure(asked=request), actor=secretary)
    with pytest.raises(Refused, match="done before"):
        made.ask(Erase(asked=request), actor=secretary)
    with pytest.raises(NotFound, match="erased before"):
        ask(made, clerk, toy)
    with pytest.raises(Refused, match="final"):
        made.ask(Undo(act=answer.act), actor=secretary)


def test_some_records_can_be_named(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """Only those go; a record of somebody else cannot be named."""
    painted = next(p for p in range(made.box.log.size) if made.entry(p).kind == "toys.painted.1")
    other = made.ask(make(made, "b"), actor=clerk)
    with pytest.raises(Invalid, match="1 of the records"):
        ask(made, clerk, toy, [made.entry(other.first).rid])
    made.ask(Erase(asked=ask(made, clerk, toy, [made.entry(painted).rid])), actor=secretary)
    assert made.entry(painted).body is None
    with made.reading() as read:
        assert read.row(Toy, toy).name == "Hà Thị Yến"  # type: ignore[union-attr]


def test_opaque_records_are_asked_for_by_an_opaque_record(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """The envelope names nobody, and who keeps no opaque records is not told by it that there are any."""
    made.ask(Hide(toys=(toy,), place="under the bed"), actor=clerk)
    answer = made.ask(AskErasure(subject=toy, reason="request"), actor=clerk)
    envelope = decode(made.box.log.entry(answer.first))
    assert (envelope.kind, envelope.refs) == (SEALED, ())
    assert envelope.subject != toy
    assert isinstance(made.stated(answer)[0], SealedErasureAsked)
    done = made.ask(Erase(asked=asked(made, answer)), actor=secretary)
    assert isinstance(made.stated(done)[0], SealedErased)
    assert row(made, asked(made, answer)).state == DONE
    with made.reading() as read:
        assert read.row(Toy, toy).hidden is None  # type: ignore[union-attr]


def test_open_records_are_asked_for_openly(made: Sandbox, clerk: str, toy: str) -> None:
    """Their asking is an open record about the subject."""
    answer = made.ask(AskErasure(subject=toy, reason="retention"), actor=clerk)
    assert type(made.stated(answer)[0]) is ErasureAsked
    assert made.subject(answer) == toy


def test_a_holder_of_a_post_is_not_erased(made: Sandbox, clerk: str) -> None:
    """The post is ended first; the account's records then go with the rest."""
    both, other = made.someone("service"), made.someone("service")
    with pytest.raises(Refused, match="post"):
        ask(made, both, clerk)
    with made.reading() as read:
        (post,) = read.found(Post, "person=?", (clerk,))
    made.ask(EndPost(post=post.subject, day=TODAY))
    made.ask(Erase(asked=ask(made, both, clerk)), actor=other)
    with made.reading() as read:
        assert read.picture.posts.get(clerk, []) == []


def test_the_second_person_is_told(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """What is due names the request for who may do it, not for who asked, until it is done or over."""
    request = ask(made, clerk, toy)
    with made.reading() as read:
        (line,) = due(read, secretary)
        assert line.address == f"/erasing/{request}"
        assert due(read, clerk) == due(read, made.administrator) == []
    made.ask(Erase(asked=request), actor=secretary)
    with made.reading() as read:
        assert due(read, secretary) == []


def test_a_unit_is_not_erased(made: Sandbox) -> None:
    """Only what is held about a person is."""
    with pytest.raises(Refused, match="a person"):
        ask(made, made.someone("service"), made.unit("Chi bộ 1"))


def test_one_person_under_two_ids_is_erased_whole(made: Sandbox, clerk: str, secretary: str, toy: str) -> None:
    """What was found to be the same goes together, whichever of the ids is asked for."""
    other = made.subject(made.ask(make(made, "the same"), actor=clerk))
    stated = [state(Joined(old=other, new=toy), toy, made.root)]
    read = made.box.read_inside(made.administrator)
    who = Asked(actor=made.administrator, act=act())
    made.box.writer.submit(lambda: made.box.turns.append(who, stated, read, "core", None, None)).result()
    made.ask(Erase(asked=ask(made, clerk, other)), actor=secretary)
    with made.reading() as looked:
        assert looked.facts([toy, other]) == {}
