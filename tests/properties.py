"""How many examples of a property are tried."""

from hypothesis import settings


def examples(number: int) -> int:
    """This many in the profile "full"; in another profile its share of them."""
    return number * settings().max_examples // settings.get_profile("full").max_examples
