"""How many examples a property test runs."""

from hypothesis import settings


def examples(number: int) -> int:
    """`number` in the profile "full", and proportionally fewer in another profile."""
    return number * settings().max_examples // settings.get_profile("full").max_examples
