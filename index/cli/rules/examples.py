"""Run the examples in rules: a text, and what the rule alone must leave of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.cleaning import Example, Rule, Where, excluded, lines, remaining
from index.models import Noun, Span, fold
from index.reading.plain_text import read_page_facts


class Outcome(Noun):
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


def outcomes(rules: Sequence[Rule]) -> Iterator[Outcome]:
    """The results of every example, each rule alone."""
    for rule in rules:
        for number, example in enumerate(rule.example, 1):
            yield Outcome(
                rule=rule.name,
                number=number,
                text=example.text,
                expected=expected_of(example),
                left=left_by(rule, example),
            )


def is_near_miss(example: Example) -> bool:
    """Whether the rule must remove nothing."""
    return expected_of(example) == fold(example.text)


def expected_of(example: Example) -> str:
    """What must be left of an example's text, white space folded."""
    return fold(example.text if example.left is None else example.left)


def left_by(rule: Rule, example: Example) -> str:
    """What the rule alone leaves of an example's text, white space folded."""
    text, whole = example.text, [Span(0, len(example.text))]
    host = example.host or next(iter(rule.hosts), None)
    if rule.where is Where.META:
        taken = read_page_facts(text, lines(text), [rule]).exclusions
    else:
        taken = tuple(excluded(text, remaining(text, whole, ()), f"https://{host}/" if host else None, [rule]))
    return fold(" ".join(text[slice(*span)] for span in remaining(text, whole, (cut.span for cut in taken))))
