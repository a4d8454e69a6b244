"""Questions that were not answered, or whose answer somebody found bad: the same ones together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.state import Given, Rating
from index.analysis.analyzer import terms


@dataclass
class Gap:
    """Questions with the same terms."""

    question: str
    """As it was asked last."""
    id: str
    verdicts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What readers said is wrong with the answers."""
    last: str = ""
    """When it was asked last, in ISO 8601."""

    def line(self) -> dict[str, Any]:
        """As a line of a question file: unanswerable, until somebody adds what answers it."""
        return {
            "id": self.id,
            "question": self.question,
            "answerable": False,
            "gold": [],
            "times": len(self.verdicts),
            "last": self.last,
            "verdict": self.verdicts[0],
            "complaints": self.complaints,
        }


def grouped(found: Iterable[tuple[Given, list[Rating]]]) -> list[Gap]:
    """The questions, the newest first, grouped by their terms; the most frequent group first."""
    gaps: dict[tuple[str, ...], Gap] = {}
    for given, ratings in found:
        question = given.question or ""
        key = tuple(sorted({term.term for term in terms(question)})) or (question.casefold(),)
        gap = gaps.setdefault(key, Gap(question, given.id, last=given.at.isoformat(timespec="seconds")))
        gap.verdicts.append(given.verdict.value)
        gap.complaints += [rating.why.value if rating.why else "not helpful" for rating in ratings]
    return sorted(gaps.values(), key=lambda gap: -len(gap.verdicts))
