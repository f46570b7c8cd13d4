"""What membership puts on the first page: whose probation ends, and how many members there are."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from chibox.plugin import Due, Number, Read, Rule, Sum, words
from chibox_membership.rules import PROBATION, due_until, months_later
from chibox_membership.tables import GONE, Member

LINES: Final = 50  # persons with a line of their own; those whose day is further ahead share one


def due(read: Read, person: str) -> Sequence[Due]:
    """A line for each whose probation is over or ends within a month, in the cells where the person sees members."""
    units = read.picture.scope(person, "membership.view", read.today)
    if not units:
        return ()
    t = read.table(Member)
    probationary = t.official_on.is_null() | (t.official_on > read.today)
    present = (t.cell.is_in(sorted(units)), t.status.not_in(sorted(GONE)))
    where = (*present, probationary, t.admitted_on <= due_until(read, read.today))
    count = read.count(Member, *where)
    if not count:
        return ()
    query = read.select(Member)
    for condition in where:
        query = query.where(condition)
    rule = read.rule(PROBATION)
    members = read.rows(Member, query.order_by(t.admitted_on).order_by(t.name_order).limit(LINES))
    lines = [_of(member.subject, member.full_name, member.admitted_on, rule) for member in members]
    if count > LINES:
        what = words("Consider the recognition of {count} more probationary members", count=count - LINES)
        lines.append(Due(what, "/membership/?state=due", count=count - LINES))
    return lines


def _of(subject: str, name: str, admitted: dt.date, rule: Rule) -> Due:
    ends = months_later(admitted, rule.value)
    return Due(
        words("Consider the recognition of {name}", name=name),
        f"/membership/{subject}",
        by=ends,
        why=words("{months} months of probation end on {day}", months=rule.value, day=ends),
        about=(subject,),
        sum=Sum(
            words("Admitted by the decision of {day}.", day=admitted),
            (words("{months} months later: {day}.", months=rule.value, day=ends),),
            rule=rule,
        ),
    )


def numbers(read: Read, units: Collection[str]) -> Sequence[Number]:
    """Members of these units; the official, probationary and exempt ones among them."""
    t = read.table(Member)
    where = (t.cell.is_in(sorted(units) or [""]), t.status.not_in(sorted(GONE)))
    members = read.count(Member, *where)
    probationary = read.count(Member, *where, t.official_on.is_null() | (t.official_on > read.today))
    list_ = "/membership/"
    return (
        Number(words("Members"), members, list_),
        Number(words("Official members"), members - probationary, f"{list_}?state=official_member"),
        Number(words("Probationary members"), probationary, f"{list_}?state=probationary_member"),
        Number(
            words("Exempt from activity"), read.count(Member, *where, t.status == "exempt"), f"{list_}?state=exempt"
        ),
    )
