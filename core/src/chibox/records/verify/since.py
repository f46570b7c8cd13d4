"""Since when faults are there, as far as older checkpoints show it."""

from collections.abc import Sequence

from chibox.errors import Words, words
from chibox.records.notes import to_base64
from chibox.records.verify.generations import Found
from chibox.records.verify.marks import Mark
from chibox.records.verify.report import Report


class Since:
    """Takes down which older checkpoints hold and which do not; `tell` says for each generation with faults what that shows."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._held: dict[str, list[Mark]] = {}
        self._broken: dict[str, list[Mark]] = {}

    def holds(self, mark: Mark, found: Found) -> None:
        """The log has the root of `mark` at its size."""
        self._held.setdefault(found.label, []).append(mark)

    def breaks(self, mark: Mark, found: Found) -> None:
        """It does not."""
        self._broken.setdefault(found.label, []).append(mark)

    def tell(self, generations: Sequence[Found]) -> None:
        """One sentence for each generation that is not whole."""
        if not self._report.findings:
            for found in generations:
                if sizes := [mark.size for mark in self._held.get(found.label, ()) if mark.label != "paper"]:
                    what = words(
                        "it has grown from the {count} older checkpoints that were given, the largest of {size} entries",
                        count=len(sizes), size=max(sizes),
                    )  # fmt: skip
                    self._report.notes.append(what)
            return
        told = [self._one(found) for found in generations if self._is_wrong(found)]
        self._report.since += _distinct(told)

    def _is_wrong(self, found: Found) -> bool:
        return found.label in self._broken or any(one.log == found.label for one in self._report.findings)

    def _one(self, found: Found) -> Words:
        marks = self._held.get(found.label, [])
        entries = found.walk.roots_of_entries(mark.size for mark in marks)
        whole = [
            mark.size for mark in marks if (root := entries.get(mark.size)) and to_base64(root).startswith(mark.text)
        ]
        broken = [mark.size for mark in self._broken.get(found.label, ())]
        if not marks and not broken:
            return words(
                "Nobody gave an older checkpoint that could be verified: since when the faults are there cannot be told."
            )
        if not whole:
            least = min(broken or [mark.size for mark in marks])
            return words(
                "Already at the checkpoint of {size} entries, seen before, it is not whole any more.", size=least
            )
        size = max(whole)
        if later := [one for one in broken if one > size]:
            return words(
                "Whole up to the checkpoint of {size} entries, seen before; no longer at the one of {later} entries.",
                size=size, later=min(later),
            )  # fmt: skip
        faults = [one.at for one in self._report.findings if one.log == found.label and one.at is not None]
        if all(at >= size for at in faults):
            return words("Whole up to the checkpoint of {size} entries, seen before; the faults are newer.", size=size)
        return words(
            "Its first {size} entries are those that were seen before; what is wrong with them was so then, or lies beside them.",
            size=size,
        )  # fmt: skip


def _distinct(told: Sequence[Words]) -> list[Words]:
    return [one for number, one in enumerate(told) if one not in told[:number]]
