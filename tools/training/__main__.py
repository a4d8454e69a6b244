"""`make train`: train alignment.npz, ranker.json and answerability.json, and print their scores by cross-validation.

    python -m tools.training NAME.articles.jsonl:NAME.questions.jsonl …

The printed figures are of models that never saw the article in question: five folds over the articles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.answering.answerability import JUDGED, may_answer_threshold, probability_of_any
from index.answering.answerability_features import answerability_features, order_by_meaning
from index.answering.encoder import Encoder
from index.collection.collection import Collection
from index.evaluation.articles import read_article_file
from index.evaluation.metrics import TOP, Outcomes, auroc
from index.evaluation.plots import draw_plots
from index.evaluation.questions import EvaluationQuestion, read_questions
from index.models import MAX_POSSIBLE_QUOTES, IndexedArticle
from index.ranking import Ranked, order_by_model
from index.ranking.alignment import AlignmentModel, Words, alignment_features
from index.ranking.decision_trees import Model, TreeEnsemble
from index.ranking.features import Column
from tools.training.alignment import learn_alignment, save_alignment
from tools.training.answers import FoldModels, answers_report
from tools.training.examples import Example, Setting, examples
from tools.training.learning import (
    calibrated,
    decision_weights_of,
    learn_ranker,
    learn_support,
    mixed,
    weights_of,
    written,
)

QuestionSet = tuple[str, tuple[IndexedArticle, ...], tuple[EvaluationQuestion, ...]]
FOLDS = 5
DRAWN = 5000
INDEX = Path(__file__).parents[2] / "index"
THRESHOLD, SEMANTIC_THRESHOLD = 0.77, 0.75
"""Well above 0.5, because a wrong quotation is worse than one that is shown with a caveat."""


class Outcome(NamedTuple):
    """An example's result by a model that never saw its article."""

    example: Example
    right: npt.NDArray[np.bool_]
    """In the ranker's order."""
    signals: dict[str, Column]
    """Of the best candidates."""

    @property
    def judged(self) -> npt.NDArray[np.bool_]:
        """Which of the best candidates are right."""
        return self.right[:JUDGED]


def folds_of(made: Sequence[Example]) -> npt.NDArray[np.intp]:
    """A fold for each example: the articles of each set are distributed over the folds in turn."""
    fold: dict[str, int] = {}
    for source in sorted({example.source for example in made}):
        groups = sorted({example.group for example in made if example.source == source})
        fold.update({group: place % FOLDS for place, group in enumerate(groups)})
    return np.array([fold[example.group] for example in made])


def outcome(example: Example, forest: TreeEnsemble, encoder: Encoder | None = None) -> Outcome:
    """Rank the example with this forest; with an encoder, its cosines are features too."""
    ranked: Ranked = order_by_model(forest, example.asked, example.features)
    ranked, semantic = (ranked, {}) if encoder is None else order_by_meaning(ranked, JUDGED, encoder)
    order = {chunk: place for place, chunk in enumerate(example.asked.evidence.chunks.tolist())}
    right = example.right[[order[chunk] for chunk in ranked.chunks]]
    return Outcome(example, right, answerability_features(ranked, JUDGED) | semantic)


class Aligned(NamedTuple):
    """The alignment learned from all examples, and the examples with what the others' alignments make of them."""

    examples: list[Example]
    model: AlignmentModel
    models: list[AlignmentModel]
    """One a fold, learned without it."""


def aligned(made: Sequence[Example]) -> Aligned:
    """Learn the alignment from all examples, and from all but those of each fold.

    An example's features are of the alignment that was learned without its fold. The ranker that a fold is tested with
    has learned from the others' examples, whose alignments have seen the fold: its figures flatter a little.
    """
    folds, weights = folds_of(made), weights_of(made)
    words = [Words.of(example.asked) for example in made]
    useful = np.array(
        [
            example.right.any() and not example.right.all() and len(found.question) > 0
            for example, found in zip(made, words, strict=True)
        ]
    )

    def learned_from(chosen: npt.NDArray[np.bool_]) -> AlignmentModel:
        places = np.flatnonzero(chosen & useful).tolist()
        return learn_alignment(
            [words[place] for place in places], [made[place].right for place in places], weights[places]
        )

    models = [learned_from(folds != fold) for fold in range(FOLDS)]
    unseen = [
        replace(example, features=example.features | alignment_features(example.asked, models[home]))
        for example, home in zip(made, folds, strict=True)
    ]
    return Aligned(unseen, learned_from(folds >= 0), models)


class Learned(NamedTuple):
    """The models learned from all examples, and what models that never saw an example's article make of it."""

    ranker: Model
    support: Model
    known: list[Outcome]
    """An outcome an example."""
    sums: list[Column]
    """The sums of the best candidates, an example each."""
    right: npt.NDArray[np.bool_]
    """Whether that candidate is right."""
    folds: dict[tuple[str, str], int]
    """The fold of each article, by the name of its set and its id."""
    rankers: list[Model]
    """One a fold, learned without it."""
    supports: list[Model]
    """Likewise."""


def learn(made: Sequence[Example], without: tuple[str, ...] = (), encoder: Encoder | None = None) -> Learned:
    """Learn both models from all examples, and from all but those of each fold.

    Features whose names begin with one of `without` are not used; those of the `encoder` are, if there is one.
    """
    folds, weights = folds_of(made), decision_weights_of(made)
    names = [name for name in made[0].features if not name.startswith(without)]
    outcomes: list[Outcome | None] = [None] * len(made)
    rankers = []
    for fold in range(FOLDS):
        seen = [example for example, home in zip(made, folds, strict=True) if home != fold]
        rankers.append(learn_ranker(seen, names))
        forest = TreeEnsemble(rankers[-1])
        for place in np.flatnonzero(folds == fold).tolist():
            outcomes[place] = outcome(made[place], forest, encoder)
    known = [
        found._replace(signals={name: value for name, value in found.signals.items() if not name.startswith(without)})
        for found in outcomes
        if found is not None
    ]
    sums: list[Column] = [np.zeros(0)] * len(made)
    # A reworded question was never really asked: it trains the ranking only, not the decision.
    asked = np.array([example.setting is not Setting.REWORDED for example in made])
    supports = []
    right = np.zeros(len(made), np.bool_)
    for fold in range(FOLDS):
        inside = np.flatnonzero((folds != fold) & asked).tolist()
        supports.append(_learn_support(known, inside, weights))
        forest = TreeEnsemble(supports[-1])
        for place in np.flatnonzero(folds == fold).tolist():
            scores = forest.scores(forest.feature_matrix(known[place].signals))
            sums[place], right[place] = scores, known[place].judged[scores.argmax()]
    highest = np.array([scores.max() for scores in sums])
    decision = _learn_support(known, np.flatnonzero(asked).tolist(), weights)
    mix = mixed([example for example in made if example.setting is not Setting.REWORDED])
    threshold = THRESHOLD if encoder is None else SEMANTIC_THRESHOLD
    return Learned(
        ranker=learn_ranker(made, names),
        support=calibrated(decision, highest[asked], right[asked], mix, threshold),
        known=known,
        sums=sums,
        right=right,
        folds={(example.source, example.group): int(home) for example, home in zip(made, folds, strict=True)},
        rankers=rankers,
        supports=[calibrated(one, highest[asked], right[asked], mix, threshold) for one in supports],
    )


def _learn_support(known: Sequence[Outcome], places: Sequence[int], weights: Column) -> Model:
    return learn_support(
        [known[place].signals for place in places], [known[place].judged for place in places], weights[places]
    )


def report(learned: Learned) -> list[str]:
    """One line a set: the scores on unseen articles."""
    lines = []
    known, right, forest = learned.known, learned.right, TreeEnsemble(learned.support)
    chances = np.array([forest.probability(float(scores.max())) for scores in learned.sums])
    answerable = np.array([found.example.answerable for found in known])
    for source in sorted({found.example.source for found in known}):
        for setting in Setting:
            chosen = np.array([found.example.source == source and found.example.setting is setting for found in known])
            inside = np.array(
                [found.example.source == source and found.example.setting is _inside(setting) for found in known]
            )
            asked = chosen & answerable
            line = f"{source} {setting.value}: {int(chosen.sum())} questions"
            if not chosen.any():
                continue
            if asked.any():
                tops = [found.right for found, taken in zip(known, asked, strict=True) if taken]
                line += f", hit@1 {right[asked].mean():.4f}, hit@3 {np.mean([top[:3].any() for top in tops]):.4f}"
            negative = chosen & ~answerable
            positive = inside & answerable
            if negative.any() and positive.any():
                both = positive | negative
                line += f", AUROC {auroc(chances[both], answerable[both]) or 0.0:.4f}"
            line += f", Brier score {np.mean((chances[chosen] - right[chosen]) ** 2):.4f}"
            lines.append(line)
    asked = np.array([found.example.setting is not Setting.REWORDED for found in known])
    mix = mixed([found.example for found, real in zip(known, asked, strict=True) if real])
    squares = (chances[asked] - right[asked]) ** 2
    lines.append(f"Brier score over the mix of questions: {np.sum(mix * squares) / mix.sum():.4f}")
    return lines


def in_the_mix(learned: Learned) -> Outcomes:
    """A sample of outcomes in the mix of questions that the probability is calibrated for; reproducible."""
    known, support = learned.known, learned.support
    asked = [place for place, found in enumerate(known) if found.example.setting is not Setting.REWORDED]
    weights = mixed([known[place].example for place in asked])
    drawn = np.random.default_rng(0).choice(asked, DRAWN, p=weights / weights.sum()).tolist()
    forest = TreeEnsemble(support)
    asked_of = [known[place].example.asked.collection for place in drawn]
    each = [[forest.probability(score) for score in learned.sums[place].tolist()] for place in drawn]
    of_any = np.array([probability_of_any(chances) for chances in each])
    chances = np.array([max(chances) for chances in each])
    return Outcomes(
        answerable=np.array([known[place].example.answerable for place in drawn]),
        answered=chances >= support.threshold,
        shown=of_any >= np.array([may_answer_threshold(one.sentences, one.articles) for one in asked_of]),
        shown_right=np.array([bool(known[place].right[:MAX_POSSIBLE_QUOTES].any()) for place in drawn]),
        place=np.array([0 if learned.right[place] else _rank_of_right(known[place].right) for place in drawn]),
        probability=chances,
    )


def _rank_of_right(right: npt.NDArray[np.bool_]) -> int:
    """The rank of the first right candidate behind the one that is rated highest, which is wrong."""
    return max(1, int(right[:TOP].argmax())) if right[:TOP].any() else TOP


def _inside(setting: Setting) -> Setting:
    """The setting whose answerable questions are the positives for this one."""
    if setting in {Setting.LEFT_OUT, Setting.REMOVED}:
        return Setting.WHOLE
    return Setting.SMALL if setting in {Setting.SMALL_LEFT_OUT, Setting.SMALL_REMOVED} else setting


def _read_set(pair: str) -> QuestionSet:
    """The name of a question set, its articles and its questions."""
    articles, questions = (Path(name) for name in pair.split(":"))
    return questions.name.split(".")[0], read_article_file(articles), read_questions(questions)


def main() -> None:
    """Train, report, and write the models."""
    parser = argparse.ArgumentParser(prog="make train", description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="ARTICLES.jsonl:QUESTIONS.jsonl")
    parser.add_argument("--dry-run", action="store_true", help="report only, and write nothing")
    parser.add_argument("--answers", action="store_true", help="report whole answers by cross-validation, too")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw risk over coverage, and reliability")
    parser.add_argument(
        "--without", nargs="+", default=(), metavar="FEATURE", help="leave out the features whose names begin so"
    )
    parser.add_argument(
        "--encoder",
        type=Path,
        metavar="FOLDER",
        help="also learn answerability_semantic.json, the decision with the cosines of this encoder",
    )
    arguments = parser.parse_args()
    encoder = None if arguments.encoder is None else Encoder.open(arguments.encoder)
    made: list[Example] = []
    sets = [_read_set(pair) for pair in arguments.sets]
    for source, entries, questions in sets:
        made += examples(source, entries, questions)
    alignments = aligned(made)
    learned = learn(alignments.examples, tuple(arguments.without))
    _report_all(learned, alignments.models, sets if arguments.answers else ())
    if arguments.plots is not None:
        draw_plots(arguments.plots, in_the_mix(learned))
    if not arguments.dry_run:
        save_alignment(alignments.model, INDEX / "ranking" / "alignment.npz")
        (INDEX / "ranking" / "ranker.json").write_text(written(learned.ranker), "utf-8")
        (INDEX / "answering" / "answerability.json").write_text(written(learned.support), "utf-8")
    if encoder is not None:
        learned = learn(alignments.examples, tuple(arguments.without), encoder)
        sys.stdout.write(f"With the encoder {encoder.name}:\n")
        _report_all(learned, alignments.models, sets if arguments.answers else (), encoder)
        if not arguments.dry_run:
            (INDEX / "answering" / "answerability_semantic.json").write_text(written(learned.support), "utf-8")


def _report_all(
    learned: Learned,
    alignments: Sequence[AlignmentModel],
    sets: Iterable[QuestionSet],
    encoder: Encoder | None = None,
) -> None:
    """Print the scores on unseen articles, and those of whole answers on these sets."""
    sys.stdout.write("\n".join(report(learned)) + "\n")
    for source, entries, questions in sets:
        models = FoldModels.of(source, learned.folds, alignments, learned.rankers, learned.supports)
        sys.stdout.write("\n".join(answers_report(Collection(entries), questions, models, encoder)) + "\n")


if __name__ == "__main__":
    main()
