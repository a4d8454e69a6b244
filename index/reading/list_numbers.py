"""The numbers that list items show: digits, letters, Roman numerals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_lowercase

VALUES = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
SIGNS = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
MAX_ROMAN = 3999


def letters(number: int) -> str:
    """Return a to z, then aa, ab and so on, as browsers do; digits for a number without a letter."""
    written, rest = "", number
    while rest > 0:
        rest, place = divmod(rest - 1, len(ascii_lowercase))
        written = ascii_lowercase[place] + written
    return written or str(number)


def roman(number: int) -> str:
    """Return a Roman numeral in small letters; digits for a number without one."""
    if not 0 < number <= MAX_ROMAN:
        return str(number)
    written = ""
    for sign, value in zip(SIGNS, VALUES, strict=True):
        times, number = divmod(number, value)
        written += sign * times
    return written


FORMATS: Mapping[str, Callable[[int], str]] = {
    "1": str,
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}
"""How the items of a list are numbered, by the type that HTML gives it."""
