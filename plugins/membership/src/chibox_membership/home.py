"""What membership puts on the first page: whose probation ends, and how many members there are."""

from collections.abc import Collection, Sequence

from chibox.plugin import Due, Number, Read, words
from chibox_membership.rules import PROBATION, due_until
from chibox_membership.tables import GONE, Member


def due(read: Read, person: str) -> Sequence[Due]:
    """One line for all whose probation is over or ends within a month, in the cells where the person sees members."""
    units = read.picture.scope(person, "membership.view", read.today)
    if not units:
        return ()
    t = read.table(Member)
    probationary = t.official_on.is_null() | (t.official_on > read.today)
    where = (t.cell.is_in(sorted(units)), t.status.not_in(sorted(GONE)), probationary)
    count = read.count(Member, *where, t.admitted_on <= due_until(read, read.today))
    if not count:
        return ()
    rule = read.rule(PROBATION)
    return (
        Due(
            words("Consider the recognition of {count} probationary members", count=count),
            "/membership/?state=due",
            why=words(
                "{months} months of probation, counted from the decision, end within a month or are over: "
                "{document} ({issuer}, {issued})",
                months=rule.value, document=rule.document, issuer=rule.issuer, issued=rule.issued,
            ),
        ),
    )  # fmt: skip


def numbers(read: Read, units: Collection[str]) -> Sequence[Number]:
    """Members of these units, and the probationary ones among them."""
    t = read.table(Member)
    where = (t.cell.is_in(sorted(units) or [""]), t.status.not_in(sorted(GONE)))
    probationary = t.official_on.is_null() | (t.official_on > read.today)
    return (
        Number(words("Members"), read.count(Member, *where), "/membership/"),
        Number(words("Probationary members"), read.count(Member, *where, probationary),
               "/membership/?state=probationary_member"),
    )  # fmt: skip
