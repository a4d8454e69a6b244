"""Answers of the tests."""

from __future__ import annotations

from bot.state import QuoteReference, State, StoredAnswer, utc_now
from index.models import Span, Verdict

QUESTION = "Who built the dam?"


def given(state: State, name: str = "one", user: int = 7, **changed: object) -> StoredAnswer:
    made = StoredAnswer(
        id=name,
        at=utc_now(),
        asker=state.pseudonym(user),
        server=1,
        channel=2,
        question_message=2**63 - 1,
        question=QUESTION,
        verdict=Verdict.ANSWERED,
        quotes=(QuoteReference(article="dam", sha256="0" * 64, spans=(Span(1, 5), Span(7, 9)), matched=("dam",)),),
    )
    return made.model_copy(update=changed)
