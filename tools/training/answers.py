"""Whole answers by cross-validation: each question is asked with models that never saw its article."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from unittest.mock import patch

from index import ranking
from index.analysis.question import parse_question
from index.answering import answerability
from index.answering.encoder import Encoder
from index.collection.collection import Collection
from index.evaluation.metrics import measure
from index.evaluation.questions import EvaluationQuestion
from index.evaluation.runner import Result, ask_one, outcomes_of, with_unanswerable, without_articles, without_gold
from index.ranking import alignment
from index.ranking.alignment import AlignmentModel
from index.ranking.decision_trees import Model, TreeEnsemble

FIGURES = ("hit@1", "hit@3", "answered_rightly", "right_when_answered", "answered_though_unanswerable", "shown_rightly")


@dataclass(frozen=True)
class FoldModels:
    """The models of each fold, learned without its articles."""

    source: str
    """The name of the question set."""
    folds: Mapping[tuple[str, str], int]
    """The fold of each article, by the name of its set and its id."""
    alignments: tuple[AlignmentModel, ...]
    rankers: tuple[TreeEnsemble, ...]
    judges: tuple[TreeEnsemble, ...]

    @classmethod
    def of(
        cls,
        source: str,
        folds: Mapping[tuple[str, str], int],
        alignments: Sequence[AlignmentModel],
        rankers: Sequence[Model],
        judges: Sequence[Model],
    ) -> Self:
        """The models, ready to score."""
        trees = tuple(map(TreeEnsemble, rankers)), tuple(map(TreeEnsemble, judges))
        return cls(source, folds, tuple(alignments), *trees)

    @contextmanager
    def without(self, article: str) -> Iterator[None]:
        """Rank and decide meanwhile with the models that never saw this article."""
        known = self.folds.get((self.source, article))
        fold = zlib.crc32(article.encode()) % len(self.rankers) if known is None else known
        with (
            patch.object(alignment, "alignment_model", lambda: self.alignments[fold]),
            patch.object(ranking, "ranking_model", lambda: self.rankers[fold]),
            patch.object(answerability, "model_with", lambda _: self.judges[fold]),
        ):
            yield


def answers_report(
    collection: Collection,
    questions: Sequence[EvaluationQuestion],
    models: FoldModels,
    encoder: Encoder | None = None,
) -> list[str]:
    """A line a figure, with its 95 % interval: of all questions, and of the answerable without their article."""
    inside = outcomes_of([_asked(collection, question, models, encoder) for question in questions])
    left_out = [_asked(rest, question, models, encoder) for rest, question in without_articles(collection, questions)]
    removed = [
        _asked(without_gold(collection, question), question, models, encoder)
        for question in questions
        if question.answerable
    ]
    figures = measure(inside, FIGURES)
    for title, results in (("left_out", left_out), ("removed", removed)):
        both = measure(with_unanswerable(inside, outcomes_of(results)), ("answered_though_unanswerable", "shown"))
        figures |= {f"{title}.{name}": figure for name, figure in both.items()}
    return [
        f"{models.source} answers: {name} {figure.value:.4f} ({figure.low:.4f} to {figure.high:.4f})"
        for name, figure in figures.items()
        if figure.value is not None
    ]


def _asked(collection: Collection, question: EvaluationQuestion, models: FoldModels, encoder: Encoder | None) -> Result:
    with models.without(_article_of(collection, question)):
        return ask_one(collection, question, encoder)


def _article_of(collection: Collection, question: EvaluationQuestion) -> str:
    """The article that a question is about: its gold's, else that of the first candidate, as for an example."""
    if question.gold:
        return question.gold[0].article
    found = ranking.shortlist(collection, parse_question(question.question))
    return "" if found is None else collection.article_of(int(found.evidence.chunks[0])).id
