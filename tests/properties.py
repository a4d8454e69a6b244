"""How many examples a property test runs, and how many of many alike cases run in the fast tier."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def examples(number: int) -> int:
    """`number` in the profile "full", and proportionally fewer in another profile."""
    return number * settings().max_examples // settings.get_profile("full").max_examples


def one_in(number: int, cases: Iterable[Any]) -> list[Any]:
    """The cases for `parametrize`; all but each `number`th are marked slow. A tuple is the values of a case."""
    return [
        pytest.param(*(case if type(case) is tuple else (case,)), marks=[pytest.mark.slow] if place % number else [])
        for place, case in enumerate(cases)
    ]
