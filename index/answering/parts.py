"""One answer to a question of two parts, which is answered only where both parts are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.analysis.question_parts import QuestionPart
from index.models import MAX_POSSIBLE_QUOTES, Answer, Quote, Source, Verdict


def join_parts(whole: Answer, parts: Sequence[QuestionPart], answers: Sequence[Answer]) -> Answer:
    """The answer to the whole question, given the answers to its parts.

    The best quotation for each part that is answered comes first. Where one part is answered and another is not, the
    verdict is `may_answer`, and the answer says which part is not.
    """
    answered = [_is_answered(answer, whole) for answer in answers]
    if not any(answered) and whole.verdict is not Verdict.ANSWERED:
        return whole
    best = [answer.quotes[0] for answer, is_answered in zip(answers, answered, strict=True) if is_answered]
    shown = drop_contained([*best, *whole.shown_quotes])[:MAX_POSSIBLE_QUOTES]
    unanswered = [part.span for part, is_answered in zip(parts, answered, strict=True) if not is_answered]
    least = min((answer.explanation for answer in answers), key=lambda one: one.probability)
    verdict = Verdict.ANSWERED if all(answered) else Verdict.MAY_ANSWER
    return whole.model_copy(
        update={
            "verdict": verdict,
            "quotes": tuple(shown) if verdict is Verdict.ANSWERED else (),
            "possible": tuple(shown) if verdict is Verdict.MAY_ANSWER else (),
            "nearest": tuple(one for one in whole.nearest if not any(contains(quote, one) for quote in shown)),
            "suggestions": (),
            "unanswered_parts": tuple(unanswered) if any(answered) else (),
            "explanation": whole.explanation.model_copy(
                update={"rule": "parts", "probability": least.probability, "threshold": least.threshold}
            ),
        }
    )


def _is_answered(answer: Answer, whole: Answer) -> bool:
    """Whether a part is answered, and no word of it was read as another one that the whole answer does not name."""
    read = {(one.written, one.corrected) for one in whole.corrections}
    return answer.verdict is Verdict.ANSWERED and all(
        (one.written, one.corrected) in read for one in answer.corrections
    )


def drop_contained(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotations, without those that another one contains, which takes the place of the first of them."""
    kept: list[Quote] = []
    for candidate in quotes:
        if not any(contains(other, candidate) for other in kept):
            place = next((place for place, other in enumerate(kept) if contains(candidate, other)), len(kept))
            kept[place:] = [candidate, *(other for other in kept[place:] if not contains(candidate, other))]
    return kept


def contains(one: Quote, other: Quote) -> bool:
    """Whether this quotation contains the other one, in an article that both name."""
    return any(_is_within(inner, outer) for outer in one.all_sources for inner in other.all_sources)


def _is_within(inner: Source, outer: Source) -> bool:
    return inner.article.id == outer.article.id and all(
        any(start <= span.start and span.end <= end for start, end in outer.spans) for span in inner.spans
    )
