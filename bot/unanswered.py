"""Unanswered and badly rated questions, grouped, for `/admin gaps`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.state import Feedback, StoredAnswer
from index.analysis.analyzer import terms


@dataclass
class UnansweredQuestion:
    """A group of questions with the same terms."""

    question: str
    """The most recent wording."""
    id: str
    verdicts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Reasons that readers gave for rating an answer as not helpful."""
    last: str = ""
    """When it was last asked, in ISO 8601."""

    def to_json(self) -> dict[str, Any]:
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


def group_unanswered(found: Iterable[tuple[StoredAnswer, list[Feedback]]]) -> list[UnansweredQuestion]:
    """Group questions (newest first) by their terms; the largest group first."""
    gaps: dict[tuple[str, ...], UnansweredQuestion] = {}
    for stored, ratings in found:
        question = stored.question or ""
        key = tuple(sorted({term.term for term in terms(question)})) or (question.casefold(),)
        gap = gaps.setdefault(
            key, UnansweredQuestion(question, stored.id, last=stored.at.isoformat(timespec="seconds"))
        )
        gap.verdicts.append(stored.verdict.value)
        gap.complaints += [rating.reason.value if rating.reason else "not helpful" for rating in ratings]
    return sorted(gaps.values(), key=lambda gap: -len(gap.verdicts))
