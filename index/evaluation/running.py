"""Asking every question of a file, of the collection and, where wanted, of the collection without its articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.answering import answer_from
from index.article import Answer, Verdict
from index.collection import Collection
from index.evaluation.figures import TOP, Outcomes
from index.evaluation.questions import GivenQuestion

Progress = Callable[[int, int], None]


class Result(NamedTuple):
    """A question, what was answered, and the place of the first right passage, from 0; None where none is right."""

    asked: GivenQuestion
    answer: Answer
    place: int | None

    @property
    def is_right_first(self) -> bool:
        """Whether the first passage answers the question."""
        return self.place == 0


def ask_all(collection: Collection, questions: Sequence[GivenQuestion], progress: Progress) -> list[Result]:
    """A result a question, in order; `progress` is told how many are done, and of how many."""
    results = []
    for done, asked in enumerate(questions):
        progress(done, len(questions))
        results.append(_result(collection, asked))
    progress(len(questions), len(questions))
    return results


def ask_left_out(collection: Collection, questions: Sequence[GivenQuestion], progress: Progress) -> list[Result]:
    """The answerable questions, each asked of the collection without the articles that answer it."""
    groups: dict[frozenset[str], list[GivenQuestion]] = {}
    for asked in questions:
        if asked.answerable:
            groups.setdefault(frozenset(gold.article for gold in asked.gold), []).append(asked)
    total = sum(map(len, groups.values()))
    return list(_left_out(collection, groups.items(), total, progress))


def _left_out(
    collection: Collection,
    groups: Iterable[tuple[frozenset[str], list[GivenQuestion]]],
    total: int,
    progress: Progress,
) -> Iterator[Result]:
    done = 0
    for articles, questions in groups:
        rest = collection.without(articles)
        for asked in questions:
            progress(done, total)
            yield _result(rest, asked)
            done += 1
    progress(total, total)


def _result(collection: Collection, asked: GivenQuestion) -> Result:
    answer = answer_from(collection, asked.question)
    shown = (*answer.quotes, *answer.nearest)
    return Result(asked, answer, next((place for place, quote in enumerate(shown) if asked.is_right(quote)), None))


def outcomes_of(results: Sequence[Result]) -> Outcomes:
    """The results as arrays."""
    return Outcomes(
        answerable=np.array([result.asked.answerable for result in results], np.bool_),
        answered=np.array([result.answer.verdict is Verdict.ANSWERED for result in results], np.bool_),
        place=np.array([TOP if result.place is None else result.place for result in results], np.int64),
        probability=np.array([result.answer.reasons.probability for result in results]),
    )


def against_left_out(inside: Outcomes, left_out: Outcomes) -> Outcomes:
    """Answerable questions as they are, and the same ones as unanswerable: what tells the one from the other."""
    asked = inside.take(inside.answerable)
    return Outcomes(
        answerable=np.concatenate([asked.answerable, np.zeros(len(left_out.answerable), np.bool_)]),
        answered=np.concatenate([asked.answered, left_out.answered]),
        place=np.concatenate([asked.place, np.full(len(left_out.place), TOP)]),
        probability=np.concatenate([asked.probability, left_out.probability]),
    )
