"""What membership puts on the first page: whose probation ends, and how many members there are."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from chibox.plugin import Due, Number, Read, Rule, Sum, words
from chibox_membership.rules import PROBATION, due_until, months_later
from chibox_membership.tables import GONE, Member

LINES: Final = 50  # persons with a line of their own; those whose day is further ahead share one
_GONE: Final = ", ".join(f"'{status}'" for status in sorted(GONE))


def due(read: Read, person: str) -> Sequence[Due]:
    """A line for each whose probation is over or ends within a month, in the cells where the person sees members."""
    units = sorted(read.picture.scope(person, "membership.view", read.today))
    if not units:
        return ()
    cells = ", ".join("?" * len(units))
    where = f"admitted_on<=? AND cell IN ({cells}) AND status NOT IN ({_GONE})"
    arguments = [due_until(read, read.today).isoformat(), *units]
    columns = "admitted_on, name_order, full_name, subject"
    found = read.figures(Member, columns, f"official_on IS NULL AND {where}", arguments)
    found += read.figures(Member, columns, f"official_on>? AND {where}", [read.today.isoformat(), *arguments])
    if not found:
        return ()
    rule, found = read.rule(PROBATION), sorted(found)
    lines = [_of(subject, name, dt.date.fromisoformat(day), rule) for day, _, name, subject in found[:LINES]]
    if more := len(found) - len(lines):
        what = words("Consider the recognition of {count} more probationary members", count=more)
        lines.append(Due(what, "/membership/?state=due", count=more))
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
    cells = ", ".join("?" * len(units))
    columns = "count(*), total(official_on IS NULL OR official_on>?), total(status='exempt')"
    where = f"cell IN ({cells}) AND status NOT IN ({_GONE})"
    ((members, probationary, exempt),) = read.figures(
        Member, columns, where, sorted(units), before=[read.today.isoformat()]
    )
    list_ = "/membership/"
    return (
        Number(words("Members"), members, list_),
        Number(words("Official members"), members - int(probationary), f"{list_}?state=official_member"),
        Number(words("Probationary members"), int(probationary), f"{list_}?state=probationary_member"),
        Number(words("Exempt from activity"), int(exempt), f"{list_}?state=exempt"),
    )
