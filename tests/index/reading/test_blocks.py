"""What a block interrupts is excluded on both sides, unless what stands before it was but a label."""

from __future__ import annotations

import pytest

from index.reading.blocks import BROKEN, ExclusionReason, TextBlock, lay_out

LEFT_OUT = ExclusionReason("boilerplate", "not-the-article")
ADVERTISEMENT = TextBlock("Buy it now!", LEFT_OUT, flow=2)
REST = "Per for King Erik of Norway. It rained."


@pytest.mark.parametrize(
    ("before", "is_half"),
    [
        (TextBlock("Tor visited the dam with", flow=1), True),
        (TextBlock("Tor visited the dam with", LEFT_OUT, flow=1), True),
        (TextBlock("Tor visited the dam.", LEFT_OUT, flow=1), False),
        (TextBlock("More about dams", LEFT_OUT, flow=1), False),
        (TextBlock("Tor visited the dam with", LEFT_OUT, flow=3), False),
    ],
)
def test_what_goes_on_after_an_interruption_is_a_half(before: TextBlock, is_half: bool) -> None:
    laid = lay_out([before, ADVERTISEMENT, TextBlock(REST, flow=1)], "a.html")
    broken = [laid.text[slice(*cut.span)] for cut in laid.exclusions if cut.rule == BROKEN.rule]
    assert ("Per for King Erik of Norway." in broken) == is_half
