"""What people do about who signs: two of them open the next generation of the log; an operator changes its key."""

from chibox.box import Box
from chibox.commands import Answer
from chibox.errors import Away
from chibox.identity import service
from chibox.signing.asked import Ask


def ask_opening(box: Box, person: str, *, stolen: bool = False, generation: int | None = None) -> Ask:
    """The first of two people asks for the next generation; `stolen`: because the key is in foreign hands.

    `generation`: a larger number than the box would give it. Raises as `Succession.request`. Durable on return.
    """
    with box.reading(person) as read:
        return box.succession.request(read, person, stolen=stolen, generation=generation)


def open_generation(box: Box, person: str) -> Answer:
    """The second of two people agrees: the log goes on in its next generation, and the box records again.

    Raises as `Succession.open_next`, Away while the disk or the clock stops the box. A crash leaves the generation before, and
    what was asked; or the next one, which the next start finishes.
    """
    _check_passing(box)
    key = box.succession.key_to_go_on(box.key)
    answer: Answer = box.writer.submit(
        lambda: box.succession.open_next(box.read_inside(person), person, key), alone=True
    ).result()
    go_on(box, key)
    return answer


def announce_key(box: Box) -> Answer:
    """A new key is made, and signs beside the first from now on; stated under the service post.

    Raises Away while the box does not sign, Refused while another key is announced. A crash leaves at most a key that nothing
    names yet, which is taken the next time.
    """
    _check_signing(box)
    person, key = service.service_of(box.picture), box.succession.next_key()
    answer: Answer = box.writer.submit(
        lambda: box.succession.announce(box.read_inside(person), person, key), alone=True
    ).result()
    box.look()
    return answer


def retire_key(box: Box) -> Answer:
    """The announced key signs alone from now on, and its file takes the place of the old one.

    Raises Away while the box does not sign, Refused when no key is announced.
    """
    _check_signing(box)
    person = service.service_of(box.picture)
    answer: Answer = box.writer.submit(
        lambda: box.succession.retire(box.read_inside(person), person), alone=True
    ).result()
    box.look()
    box.succession.put_away(box.key)
    return answer


def go_on(box: Box, key: str) -> None:
    """After the commit of an opening: marks and files say what the log says."""
    box.succession.settle(key)
    box.look()


def _check_passing(box: Box) -> None:
    if (passing := box.signing.passing(box.writer.failed)) is not None:
        raise Away("{why} Nothing is recorded until that has ended. Nothing that had a receipt number is lost.",
                   why=passing.words)  # fmt: skip


def _check_signing(box: Box) -> None:
    _check_passing(box)
    if (halted := box.signing.halted) is not None:
        raise Away("{why} Nothing is recorded until that has ended. Nothing that had a receipt number is lost.",
                   why=halted.words)  # fmt: skip
