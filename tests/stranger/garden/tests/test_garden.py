"""The garden's own tests, as its author runs them: with what an installed chibox brings along, and nothing else."""

from collections.abc import Callable, Sequence
from typing import Any

from chibox_garden.plugin import Plant, Plot, Watch

from chibox.testing.boxes import Sandbox
from chibox.testing.contract import check_swap, contract

test_contract = contract("garden")


def test_what_is_planted_stands_on_the_page(box: Sandbox, signed_in: Callable[[str], Any]) -> None:
    """For whoever may view it there; an operator finds nothing."""
    clerk = box.someone("clerk")
    plot = box.subject(box.ask(Plant(unit=box.root, what="  Bưởi   Năm Roi "), actor=clerk))
    box.ask(Watch(plots=(plot,), seen="mưa"), actor=clerk)
    with box.reading() as read:
        assert read.row(Plot, plot) == Plot(plot, box.root, "Bưởi Năm Roi", "mưa")
    assert "Bưởi Năm Roi" in signed_in(clerk).get("/garden").text
    assert signed_in(box.administrator).get("/garden").status_code == 404


def test_nobody_learns_whose_plot_was_watched(box: Sandbox) -> None:
    """With two plots exchanged, the log of the same nights is the same but for commitments."""

    def nights(made: Sandbox, people: Sequence[str]) -> None:
        clerk = made.someone("clerk")
        plots = [made.subject(made.ask(Plant(unit=made.root, what="chè"), actor=clerk)) for _ in people]
        turns = sorted(range(len(people)), key=lambda n: people[n])
        made.ask(Watch(plots=tuple(plots[n] for n in turns), seen="gió"), actor=clerk)
        for n in turns:
            made.ask(Watch(plots=(plots[n],), seen="mưa"), actor=clerk)

    assert check_swap(box.plugins, nights) == []
