"""Ask every question of a file: of the whole collection, without its articles, or without the answering sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.answering.encoder import Encoder
from index.answering.pipeline import answer_question
from index.collection.collection import Collection
from index.evaluation.metrics import TOP, Outcomes
from index.evaluation.questions import EvaluationQuestion
from index.models import Answer, IndexedArticle, Verdict

Progress = Callable[[int, int], None]


class Result(NamedTuple):
    """A question, its answer, and the rank of the first right passage, from 0; None where none is right."""

    asked: EvaluationQuestion
    answer: Answer
    place: int | None

    @property
    def is_right_first(self) -> bool:
        """Whether the first passage answers the question."""
        return self.place == 0

    @property
    def is_shown_right(self) -> bool:
        """Whether one of the quotations that are shown at once answers the question."""
        return any(self.asked.is_right(quote) for quote in self.answer.shown_quotes)


def ask_all(
    collection: Collection,
    questions: Sequence[EvaluationQuestion],
    progress: Progress,
    encoder: Encoder | None = None,
) -> list[Result]:
    """One result for each question, in order; `progress` gets the number done and the total."""
    return _ask_each(((collection, question) for question in questions), len(questions), progress, encoder)


def ask_left_out(
    collection: Collection,
    questions: Sequence[EvaluationQuestion],
    progress: Progress,
    encoder: Encoder | None = None,
) -> list[Result]:
    """The answerable questions, each asked of the collection without the articles that answer it."""
    return _ask_each(without_articles(collection, questions), len(_answerable(questions)), progress, encoder)


def ask_removed(
    collection: Collection,
    questions: Sequence[EvaluationQuestion],
    progress: Progress,
    encoder: Encoder | None = None,
) -> list[Result]:
    """The answerable questions, each asked of the collection without the sentences that answer it."""
    answerable = _answerable(questions)
    asked = ((without_gold(collection, question), question) for question in answerable)
    return _ask_each(asked, len(answerable), progress, encoder)


def _ask_each(
    asked: Iterable[tuple[Collection, EvaluationQuestion]], total: int, progress: Progress, encoder: Encoder | None
) -> list[Result]:
    results: list[Result] = []
    for collection, question in asked:
        progress(len(results), total)
        results.append(ask_one(collection, question, encoder))
    progress(total, total)
    return results


def _answerable(questions: Iterable[EvaluationQuestion]) -> list[EvaluationQuestion]:
    return [question for question in questions if question.answerable]


def without_articles(
    collection: Collection, questions: Iterable[EvaluationQuestion]
) -> Iterator[tuple[Collection, EvaluationQuestion]]:
    """The answerable questions, each with the collection without the articles that answer it, article by article."""
    groups: dict[frozenset[str], list[EvaluationQuestion]] = {}
    for question in _answerable(questions):
        groups.setdefault(frozenset(gold.article for gold in question.gold), []).append(question)
    for articles, group in groups.items():
        rest = collection.without(articles)
        yield from ((rest, question) for question in group)


def without_gold(collection: Collection, question: EvaluationQuestion) -> Collection:
    """The collection without the question's gold sentences; the rest of their articles stays."""
    articles = frozenset(gold.article for gold in question.gold if collection.contains(gold.article))
    entries = [_without_sentences(collection.entry(article), question) for article in sorted(articles)]
    return Collection.from_views([*collection.without(articles).views, *Collection(entries).views])


def _without_sentences(entry: IndexedArticle, question: EvaluationQuestion) -> IndexedArticle:
    """The article without every sentence that gold words of the question stand in, or reach into."""
    text = entry.article.text
    wanted = [gold.contains for gold in question.gold if gold.article == entry.article.id]
    patterns = (r"\s+".join(map(re.escape, words.split())) for words in wanted)
    found = [match.span() for pattern in patterns for match in re.finditer(pattern, text)]
    kept = tuple(
        sentence
        for sentence in entry.sentences
        if not any(sentence.span.start < end and start < sentence.span.end for start, end in found)
    )
    return entry.model_copy(update={"sentences": kept})


class Variant(NamedTuple):
    """A way to ask the answerable questions without what answers them."""

    title: str
    ask: Callable[[Collection, Sequence[EvaluationQuestion], Progress, Encoder | None], list[Result]]


VARIANTS = {
    "left_out": Variant("Articles left out", ask_left_out),
    "removed": Variant("Answering sentences removed", ask_removed),
}


def ask_one(collection: Collection, asked: EvaluationQuestion, encoder: Encoder | None = None) -> Result:
    """Ask one question."""
    answer = answer_question(collection, asked.question, encoder=encoder)
    shown = (*answer.shown_quotes, *answer.nearest)
    return Result(asked, answer, next((place for place, quote in enumerate(shown) if asked.is_right(quote)), None))


def outcomes_of(results: Sequence[Result]) -> Outcomes:
    """The results as arrays."""
    return Outcomes(
        answerable=np.array([result.asked.answerable for result in results], np.bool_),
        answered=np.array([result.answer.verdict is Verdict.ANSWERED for result in results], np.bool_),
        shown=np.array([bool(result.answer.shown_quotes) for result in results], np.bool_),
        shown_right=np.array([result.is_shown_right for result in results], np.bool_),
        place=np.array([TOP if result.place is None else result.place for result in results], np.int64),
        probability=np.array([result.answer.explanation.probability for result in results]),
    )


def with_unanswerable(inside: Outcomes, without: Outcomes) -> Outcomes:
    """The answerable questions, and the same ones without what answers them, labelled unanswerable."""
    asked = inside.take(inside.answerable)
    nothing = np.zeros(len(without.answerable), np.bool_)
    return Outcomes(
        answerable=np.concatenate([asked.answerable, nothing]),
        answered=np.concatenate([asked.answered, without.answered]),
        shown=np.concatenate([asked.shown, without.shown]),
        shown_right=np.concatenate([asked.shown_right, nothing]),
        place=np.concatenate([asked.place, np.full(len(without.place), TOP)]),
        probability=np.concatenate([asked.probability, without.probability]),
    )
