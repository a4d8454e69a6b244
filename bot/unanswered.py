"""Unanswered and badly rated questions, grouped, for `/admin gaps`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.state import Given, Rating
from index.analysis.analyzer import terms


@dataclass
class Gap:
    """A group of questions with the same terms."""

    question: str
    """The most recent wording."""
    id: str
    verdicts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Reasons that readers gave for rating an answer as not helpful."""
    last: str = ""
    """When it was last asked, in ISO 8601."""

    def line(self) -> dict[str, Any]:
        """Return the gap as a line of a question file: not answerable, until somebody adds an article."""
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
    """Group questions (newest first) by their terms; the largest group first."""
    gaps: dict[tuple[str, ...], Gap] = {}
    for given, ratings in found:
        question = given.question or ""
        key = tuple(sorted({term.term for term in terms(question)})) or (question.casefold(),)
        gap = gaps.setdefault(key, Gap(question, given.id, last=given.at.isoformat(timespec="seconds")))
        gap.verdicts.append(given.verdict.value)
        gap.complaints += [rating.why.value if rating.why else "not helpful" for rating in ratings]
    return sorted(gaps.values(), key=lambda gap: -len(gap.verdicts))
