"""Do these passages answer this question? The decision, with its reasons in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import regex

from index.analysis import Term, terms
from index.article import Passage, Reasons, TermWeight, Verdict
from index.collection import Collection

THRESHOLD = 0.6
"""Share of the question's idf mass that a passage must hold to be called an answer."""
NEARBY = 0.5
"""What a term counts that only the passage's surroundings hold: the sentence before it, or its article's title."""
QUOTES_AT_MOST = 3
AS_GOOD = 0.9
"""A further passage is an answer in its own right from this share of the first one's score above the floor."""
ASKS_FOR_FIGURE = regex.compile(r"\bhow\s+(?:many|much)\b", regex.IGNORECASE)
# A number that is no part of a name (V4), or a word for one.
FIGURE = regex.compile(
    r"(?<![\p{L}\p{N}-])\p{N}"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\p{L}+teen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|half|several|few|many|single)\b",
    regex.IGNORECASE,
)


class Decision(NamedTuple):
    """The verdict, its reasons, and the passages that answer, best first: none unless the verdict is answered."""

    verdict: Verdict
    reasons: Reasons
    supporting: tuple[Passage, ...]


def decide(question: str, asked: Sequence[Term], ranked: Sequence[Passage], collection: Collection) -> Decision:
    """Whether the passages answer the question.

    A passage answers when it holds enough of what is asked for, each term weighed by its idf. A term that no article
    holds has the highest idf that there is: a question about something that the articles never mention is not
    answered by a passage about all the rest of it.

    Args:
        question: as it was asked.
        asked: its terms.
        ranked: passages, best first.
        collection: where they were found.
    """
    if not asked:
        return Decision(Verdict.UNCLEAR, Reasons(rule="nothing-to-search-for", threshold=THRESHOLD), ())
    idf = {term.term: collection.bm25.idf_of(term.term) for term in asked}
    judged = [(passage, _held(passage, idf, collection)) for passage in ranked]
    coverages = [_share(held, idf) for _, held in judged]
    covered = [found for found, coverage in zip(judged, coverages, strict=True) if coverage >= THRESHOLD]
    good = [found for found in covered if _has_figure_if_asked(question, collection.text(found[0].chunk))]
    best = max(range(len(judged)), key=lambda place: (coverages[place], -place), default=None)
    reasons = Reasons(
        rule="no-figure" if covered and not good else "coverage" if judged else "no-passage",
        probability=round(coverages[best], 4) if best is not None else 0.0,
        coverage=round(coverages[best], 4) if best is not None else 0.0,
        threshold=THRESHOLD,
        terms=_weights(question, asked, idf, judged[best][1] if best is not None else {}, collection),
    )
    if not good:
        return Decision(Verdict.NOT_FOUND, reasons, ())
    floor = collection.bm25.floor([term.term for term in asked])
    return Decision(Verdict.ANSWERED, reasons, tuple(_in_their_own_right(good, floor)[:QUOTES_AT_MOST]))


def _in_their_own_right(good: Sequence[tuple[Passage, dict[str, float]]], floor: float) -> list[Passage]:
    """The first passage, and those that score nearly as high and hold themselves every term that it holds."""
    first, first_held = good[0]
    wanted = {term for term, part in first_held.items() if part == 1}
    return [
        passage
        for passage, held in good
        if passage.score - floor >= AS_GOOD * (first.score - floor) and all(held[term] == 1 for term in wanted)
    ]


def _has_figure_if_asked(question: str, text: str) -> bool:
    """A question after how many or how much is answered by a figure, or by nothing."""
    return not ASKS_FOR_FIGURE.search(question) or FIGURE.search(text) is not None


def _share(held: dict[str, float], idf: dict[str, float]) -> float:
    return sum(idf[term] * part for term, part in held.items()) / sum(idf.values())


def _held(passage: Passage, idf: dict[str, float], collection: Collection) -> dict[str, float]:
    """For each term of the question how much of it the passage holds: 1, NEARBY or 0."""
    inside = {term.term for term in terms(collection.text(passage.chunk))}
    around = {term.term for text in _surroundings(passage, collection) for term in terms(text)}
    return {term: 1.0 if term in inside else NEARBY if term in around else 0.0 for term in idf}


def _surroundings(passage: Passage, collection: Collection) -> list[str]:
    before = passage.chunk - 1
    texts = [passage.article.title.value] if passage.article.title else []
    if before >= 0 and collection.chunks[before][0].article.id == passage.article.id:
        texts.append(collection.text(before))
    return texts


def _weights(
    question: str, asked: Sequence[Term], idf: dict[str, float], held: dict[str, float], collection: Collection
) -> tuple[TermWeight, ...]:
    words = {term.term: question[term.start : term.end] for term in reversed(asked)}
    return tuple(
        TermWeight(
            word=words[term],
            term=term,
            idf=round(weight, 4),
            seen=term in collection.bm25.idf,
            matched=held.get(term, 0.0),
        )
        for term, weight in idf.items()
    )
