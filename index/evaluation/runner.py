"""Ask every question of a file: of the whole collection, without its articles, or without the answering sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

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


def ask_all(collection: Collection, questions: Sequence[EvaluationQuestion], progress: Progress) -> list[Result]:
    """One result for each question, in order; `progress` gets the number done and the total."""
    results = []
    for done, asked in enumerate(questions):
        progress(done, len(questions))
        results.append(ask_one(collection, asked))
    progress(len(questions), len(questions))
    return results


def ask_left_out(collection: Collection, questions: Sequence[EvaluationQuestion], progress: Progress) -> list[Result]:
    """The answerable questions, each asked of the collection without the articles that answer it."""
    groups: dict[frozenset[str], list[EvaluationQuestion]] = {}
    for asked in questions:
        if asked.answerable:
            groups.setdefault(frozenset(gold.article for gold in asked.gold), []).append(asked)
    total = sum(map(len, groups.values()))
    return list(_left_out(collection, groups.items(), total, progress))


def _left_out(
    collection: Collection,
    groups: Iterable[tuple[frozenset[str], list[EvaluationQuestion]]],
    total: int,
    progress: Progress,
) -> Iterator[Result]:
    done = 0
    for articles, questions in groups:
        rest = collection.without(articles)
        for asked in questions:
            progress(done, total)
            yield ask_one(rest, asked)
            done += 1
    progress(total, total)


def ask_removed(collection: Collection, questions: Sequence[EvaluationQuestion], progress: Progress) -> list[Result]:
    """The answerable questions, each asked of the collection without the sentences that answer it."""
    asked = [question for question in questions if question.answerable]
    results = []
    for done, question in enumerate(asked):
        progress(done, len(asked))
        results.append(ask_one(_without_gold(collection, question), question))
    progress(len(asked), len(asked))
    return results


def _without_gold(collection: Collection, question: EvaluationQuestion) -> Collection:
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
    ask: Callable[[Collection, Sequence[EvaluationQuestion], Progress], list[Result]]


VARIANTS = {
    "left_out": Variant("Articles left out", ask_left_out),
    "removed": Variant("Answering sentences removed", ask_removed),
}


def ask_one(collection: Collection, asked: EvaluationQuestion) -> Result:
    """Ask one question."""
    answer = answer_question(collection, asked.question)
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
