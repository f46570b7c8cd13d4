"""Finding members in the roll: by name without marks, by number, by cell and state; today from rows, on a past day from facts."""

from chibox_membership.listing.asked import SIZE, SIZES, Found, Scope, Sort, State, Wanted
from chibox_membership.listing.facts import on
from chibox_membership.listing.rows import today

__all__ = ["SIZE", "SIZES", "Found", "Scope", "Sort", "State", "Wanted", "on", "today"]
