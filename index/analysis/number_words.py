"""Numbers in words: three is 3, twenty-one is 21, a hundred and five is 105, and 2nd is second."""

from __future__ import annotations

_UNITS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth
"""
TEN, TWENTY, HUNDRED = 10, 20, 100
NUMBERS = {
    **{word: number for number, word in enumerate(_UNITS.split())},
    **{word: TEN * tens for tens, word in enumerate(_TENS.split(), 2)},
    "hundred": HUNDRED,
}
"""The words that are written as digits in the index."""
ORDINALS = {
    f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }": word
    for number, word in enumerate(_ORDINALS.split(), 1)
}
"""Digits that are written as words: a second is a time, too, so that these words are not made digits."""


def join_numbers(before: int, number: int) -> int:
    """One number from two words: 20 and 1, 3 and 100, 300 and 20; 0 where they are two numbers."""
    if number == HUNDRED:
        return before * HUNDRED if before < TWENTY else 0
    if before % HUNDRED == 0:
        return before + number if number < HUNDRED else 0
    return before + number if before % HUNDRED >= TWENTY and before % TEN == 0 and number < TEN else 0
