"""Columns of a sheet by number and by letter."""


def letters(number: int) -> str:
    """The letters of a column, counted from 1: A, Z, AA."""
    before, place = divmod(number - 1, 26)
    return (letters(before) if before else "") + chr(ord("A") + place)


def number(column: str) -> int:
    """The number of a column, counted from 1."""
    found = 0
    for sign in column:
        found = found * 26 + ord(sign) - ord("A") + 1
    return found
