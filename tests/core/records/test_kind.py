"""What a kind may declare: a wrong declaration is refused where it stands, when its module is imported."""

import pytest

from chibox.records.record import Fact, Record, kind


class Painted(Record, frozen=True):
    """Something has a colour."""

    colour: str


@pytest.mark.parametrize(
    ("name", "facts", "wrong"),
    [
        ("painted", (), "is no name of a kind"),
        ("toy.Painted.1", (), "is no name of a kind"),
        ("toy.painted.0", (), "is no name of a kind"),
        ("toy.painted.1", ("size",), "no field"),
        ("toy.painted.1", (Fact("colour", "since"),), "no field"),
        ("toy.painted.1", ("colour", Fact("colour")), "stated as two facts"),
    ],
)
def test_a_kind_with_a_wrong_declaration_is_refused(name: str, facts: tuple[Fact | str, ...], wrong: str) -> None:
    """The error says which rule it breaks: the form of its name, a field that is not there, a field stated twice."""
    with pytest.raises(TypeError, match=wrong):
        kind(name, facts=facts)(Painted)
