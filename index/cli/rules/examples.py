"""Run the examples in rules: a text, and what the rule alone must leave of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.cleaning import Example, Rule, RuleScope, find_exclusions, lines, subtract_spans
from index.models import FrozenModel, Span, collapse_whitespace
from index.reading.plain_text import read_page_metadata


class ExampleOutcome(FrozenModel):
    """The result of one example."""

    rule: str
    number: int
    """Its number among the rule's examples, from 1."""
    text: str
    expected: str
    left: str
    """What the rule left, white space folded."""

    @property
    def holds(self) -> bool:
        """Whether the example passes."""
        return self.left == self.expected


def example_outcomes(rules: Sequence[Rule]) -> Iterator[ExampleOutcome]:
    """The results of every example, each rule alone."""
    for rule in rules:
        for number, example in enumerate(rule.example, 1):
            yield ExampleOutcome(
                rule=rule.name,
                number=number,
                text=example.text,
                expected=expected_text(example),
                left=remaining_text(rule, example),
            )


def is_near_miss(example: Example) -> bool:
    """Whether the rule must remove nothing."""
    return expected_text(example) == collapse_whitespace(example.text)


def expected_text(example: Example) -> str:
    """What must be left of an example's text, white space folded."""
    return collapse_whitespace(example.text if example.left is None else example.left)


def remaining_text(rule: Rule, example: Example) -> str:
    """What the rule alone leaves of an example's text, white space folded."""
    text, whole = example.text, [Span(0, len(example.text))]
    host = example.host or next(iter(rule.hosts), None)
    if rule.where is RuleScope.META:
        taken = read_page_metadata(text, lines(text), [rule]).exclusions
    else:
        taken = tuple(
            find_exclusions(text, subtract_spans(text, whole, ()), f"https://{host}/" if host else None, [rule])
        )
    return collapse_whitespace(
        " ".join(text[slice(*span)] for span in subtract_spans(text, whole, (cut.span for cut in taken)))
    )
