"""`make train`: train ranker.json and answerability.json, and print their scores by cross-validation.

    python -m tools.training NAME.articles.jsonl:NAME.questions.jsonl …

The printed figures are of models that never saw the article in question: five folds over the articles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.answering.answerability import may_answer_threshold
from index.answering.answerability_features import answerability_features
from index.collection.collection import Collection
from index.evaluation.articles import read_article_file
from index.evaluation.metrics import TOP, Outcomes, auroc
from index.evaluation.plots import draw_plots
from index.evaluation.questions import EvaluationQuestion, read_questions
from index.models import MAX_POSSIBLE_QUOTES, IndexedArticle
from index.ranking import Ranked, order_by_model
from index.ranking.decision_trees import Model, TreeEnsemble
from index.ranking.features import Column
from tools.training.answers import FoldModels, answers_report
from tools.training.examples import Example, Setting, examples
from tools.training.learning import calibrated, learn_ranker, learn_support, mixed, weights_of, written

FOLDS = 5
DRAWN = 5000
INDEX = Path(__file__).parents[2] / "index"
THRESHOLD = 0.55
"""Above 0.5, because a wrong quotation is worse than none."""


class Outcome(NamedTuple):
    """An example's result by a model that never saw its article."""

    example: Example
    right: npt.NDArray[np.bool_]
    """In the ranker's order."""
    signals: dict[str, float]


def folds_of(made: Sequence[Example]) -> npt.NDArray[np.intp]:
    """A fold for each example: the articles of each set are distributed over the folds in turn."""
    fold: dict[str, int] = {}
    for source in sorted({example.source for example in made}):
        groups = sorted({example.group for example in made if example.source == source})
        fold.update({group: place % FOLDS for place, group in enumerate(groups)})
    return np.array([fold[example.group] for example in made])


def outcome(example: Example, forest: TreeEnsemble) -> Outcome:
    """Rank the example with this forest."""
    ranked: Ranked = order_by_model(forest, example.asked, example.features)
    order = {chunk: place for place, chunk in enumerate(example.asked.evidence.chunks.tolist())}
    return Outcome(example, example.right[[order[chunk] for chunk in ranked.chunks]], answerability_features(ranked))


class Learned(NamedTuple):
    """The models learned from all examples, and what models that never saw an example's article make of it."""

    ranker: Model
    support: Model
    known: list[Outcome]
    """An outcome an example."""
    sums: Column
    """The decision's sum, an example each."""
    folds: dict[tuple[str, str], int]
    """The fold of each article, by the name of its set and its id."""
    rankers: list[Model]
    """One a fold, learned without it."""
    supports: list[Model]
    """Likewise."""


def learn(made: Sequence[Example], without: tuple[str, ...] = ()) -> Learned:
    """Learn both models from all examples, and from all but those of each fold.

    Features whose names begin with one of `without` are not used.
    """
    folds, weights = folds_of(made), weights_of(made)
    names = [name for name in made[0].features if not name.startswith(without)]
    outcomes: list[Outcome | None] = [None] * len(made)
    rankers = []
    for fold in range(FOLDS):
        seen = [example for example, home in zip(made, folds, strict=True) if home != fold]
        rankers.append(learn_ranker(seen, names))
        forest = TreeEnsemble(rankers[-1])
        for place in np.flatnonzero(folds == fold).tolist():
            outcomes[place] = outcome(made[place], forest)
    known = [
        found._replace(signals={name: value for name, value in found.signals.items() if not name.startswith(without)})
        for found in outcomes
        if found is not None
    ]
    answerable = np.array([example.answerable for example in made])
    sums = np.zeros(len(made))
    # A reworded question was never really asked: it trains the ranking only, not the decision.
    asked = np.array([example.setting is not Setting.REWORDED for example in made])
    supports = []
    for fold in range(FOLDS):
        inside = np.flatnonzero((folds != fold) & asked).tolist()
        supports.append(learn_support([known[place].signals for place in inside], answerable[inside], weights[inside]))
        forest = TreeEnsemble(supports[-1])
        outside = np.flatnonzero(folds == fold).tolist()
        rows = np.array([[known[place].signals[name] for name in forest.model.features] for place in outside])
        sums[outside] = forest.scores(rows)
    right = np.array([bool(found.right[0]) for found in known])
    decision = learn_support(
        [known[place].signals for place in np.flatnonzero(asked)], answerable[asked], weights[asked]
    )
    mix = mixed([example for example in made if example.setting is not Setting.REWORDED])
    return Learned(
        ranker=learn_ranker(made, names),
        support=calibrated(decision, sums[asked], right[asked], mix, THRESHOLD),
        known=known,
        sums=sums,
        folds={(example.source, example.group): int(home) for example, home in zip(made, folds, strict=True)},
        rankers=rankers,
        supports=[calibrated(one, sums[asked], right[asked], mix, THRESHOLD) for one in supports],
    )


def report(known: Sequence[Outcome], sums: Column, support: Model) -> list[str]:
    """One line a set: the scores on unseen articles."""
    lines = []
    forest = TreeEnsemble(support)
    chances = np.array([forest.probability(float(one)) for one in sums])
    right = np.array([bool(found.right[0]) for found in known])
    answerable = np.array([found.example.answerable for found in known])
    for source in sorted({found.example.source for found in known}):
        for setting in Setting:
            chosen = np.array([found.example.source == source and found.example.setting is setting for found in known])
            inside = np.array(
                [found.example.source == source and found.example.setting is _inside(setting) for found in known]
            )
            asked = chosen & answerable
            line = f"{source} {setting.value}: {int(chosen.sum())} questions"
            if asked.any():
                tops = [found.right for found, taken in zip(known, asked, strict=True) if taken]
                line += f", hit@1 {right[asked].mean():.4f}, hit@3 {np.mean([top[:3].any() for top in tops]):.4f}"
            negative = chosen & ~answerable
            positive = inside & answerable
            if negative.any() and positive.any():
                both = positive | negative
                line += f", AUROC {auroc(sums[both], answerable[both]) or 0.0:.4f}"
            line += f", Brier score {np.mean((chances[chosen] - right[chosen]) ** 2):.4f}"
            lines.append(line)
    asked = np.array([found.example.setting is not Setting.REWORDED for found in known])
    mix = mixed([found.example for found, real in zip(known, asked, strict=True) if real])
    squares = (chances[asked] - right[asked]) ** 2
    lines.append(f"Brier score over the mix of questions: {np.sum(mix * squares) / mix.sum():.4f}")
    return lines


def in_the_mix(known: Sequence[Outcome], sums: Column, support: Model) -> Outcomes:
    """A sample of outcomes in the mix of questions that the probability is calibrated for; reproducible."""
    asked = [place for place, found in enumerate(known) if found.example.setting is not Setting.REWORDED]
    weights = mixed([known[place].example for place in asked])
    drawn = np.random.default_rng(0).choice(asked, DRAWN, p=weights / weights.sum()).tolist()
    forest = TreeEnsemble(support)
    right = [known[place].right for place in drawn]
    sizes = [known[place].example.asked.collection.sentences for place in drawn]
    chances = np.array([forest.probability(float(sums[place])) for place in drawn])
    return Outcomes(
        answerable=np.array([known[place].example.answerable for place in drawn]),
        answered=chances >= support.threshold,
        shown=chances >= np.array([may_answer_threshold(size) for size in sizes]),
        shown_right=np.array([bool(found[:MAX_POSSIBLE_QUOTES].any()) for found in right]),
        place=np.array([int(found[:TOP].argmax()) if found[:TOP].any() else TOP for found in right]),
        probability=chances,
    )


def _inside(setting: Setting) -> Setting:
    """The setting whose answerable questions are the positives for this one."""
    return {Setting.LEFT_OUT: Setting.WHOLE, Setting.SMALL_LEFT_OUT: Setting.SMALL}.get(setting, setting)


def _read_set(pair: str) -> tuple[str, tuple[IndexedArticle, ...], tuple[EvaluationQuestion, ...]]:
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
    arguments = parser.parse_args()
    made: list[Example] = []
    sets = [_read_set(pair) for pair in arguments.sets]
    for source, entries, questions in sets:
        made += examples(source, entries, questions)
    learned = learn(made, tuple(arguments.without))
    sys.stdout.write("\n".join(report(learned.known, learned.sums, learned.support)) + "\n")
    for source, entries, questions in sets if arguments.answers else ():
        models = FoldModels.of(source, learned.folds, learned.rankers, learned.supports)
        sys.stdout.write("\n".join(answers_report(Collection(entries), questions, models)) + "\n")
    if arguments.plots is not None:
        draw_plots(arguments.plots, in_the_mix(learned.known, learned.sums, learned.support))
    if not arguments.dry_run:
        (INDEX / "ranking" / "ranker.json").write_text(written(learned.ranker), "utf-8")
        (INDEX / "answering" / "answerability.json").write_text(written(learned.support), "utf-8")


if __name__ == "__main__":
    main()
