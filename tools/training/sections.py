"""Learn when a passage under headings answers: `python -m tools.training.sections FOLDER:QUESTIONS.jsonl …`.

A question is as in `verbatim eval`, and right where the first quotation contains the words of a gold. Each collection
is judged by a model that was learned from the others.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from index.analysis.question import Question, parse_question
from index.answering.answerability import is_under_heading, judge
from index.answering.quoting import extents, quote_passage
from index.answering.section_model import SectionModel, section_features
from index.answering.spelling import correct_spelling
from index.bm25.candidate_source import ChunkFilter, MaskFilter
from index.collection.collection import Collection
from index.engine import Engine
from index.models import collapse_whitespace
from index.ranking import rank

OUT = Path("index/answering/section_model.json")
INVERSE_REGULARIZATION = 0.3
NEAR_MISS_WEIGHT = 0.5
THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
THRESHOLD, MAY_ANSWER_THRESHOLD = 0.45, 0.1
"""Those that are written: a wrong quotation is worse than none, and what may answer is shown as such."""
QUOTES = str.maketrans("‘’“”", "''\"\"")
MARKS = re.compile(r"[`*_|\\]")
Numbers = npt.NDArray[np.float64]


class Example(NamedTuple):
    """The best passage for a question: its features, and whether it is right."""

    collection: str
    features: dict[str, float]
    is_right: bool
    is_answerable: bool
    is_near_miss: bool
    """Whether the section that answers was kept from the search."""


def main(arguments: Sequence[str]) -> None:
    """Learn from the collections named, print what they reach, and write the model."""
    names = [name for name in arguments if name != "--dry-run"]
    examples = [example for name in names for example in _examples(*map(Path, name.split(":")))]
    model = _learned(examples, names)
    sys.stdout.write(f"{len(examples)} questions under headings; threshold {model.threshold}\n")
    if "--dry-run" not in arguments:
        OUT.write_text(model.model_dump_json(indent=1) + "\n", "utf-8")


def _examples(folder: Path, questions: Path) -> Iterator[Example]:
    with tempfile.TemporaryDirectory() as data:
        collection = Engine.open(folder, Path(data)).collection
        for line in questions.read_text("utf-8").splitlines():
            asked = json.loads(line)
            golds: list[dict[str, str]] = asked.get("gold", [])
            question, _ = correct_spelling(parse_question(str(asked["question"])), collection)
            yield from _example(collection, question, golds, folder.name)
            if golds:  # the sections beside the right one: near misses
                yield from _example(collection, question, [], folder.name, _outside(collection, golds))


def _example(
    collection: Collection,
    question: Question,
    golds: Sequence[dict[str, str]],
    name: str,
    within: ChunkFilter | None = None,
) -> Iterator[Example]:
    ranked = rank(collection, question, within) if question.terms else None
    if ranked is None or not is_under_heading(ranked):
        return
    probability = judge(ranked).probabilities[0]
    passage = collection.passage(ranked.chunks[0], 0.0, frozenset(question.terms))
    quoted = quote_passage(passage, collection, None, extents(ranked)[ranked.chunks[0]])
    is_right = any(_holds(gold, quoted.article.id, quoted.text) for gold in golds)
    yield Example(name, section_features(ranked, probability), is_right, bool(golds), within is not None)


def _outside(collection: Collection, golds: Sequence[dict[str, str]]) -> ChunkFilter:
    """All chunks but those of the sections that hold a gold."""
    mask = np.ones(collection.sentences, np.bool_)
    for chunk in collection.chunks():
        start, end = collection.section_range(chunk) or (chunk, chunk + 1)
        if start == chunk and any(
            _holds(gold, collection.id_of(chunk), " ".join(map(collection.text, range(start, end)))) for gold in golds
        ):
            mask[start:end] = False
    return MaskFilter(mask)


def _holds(gold: dict[str, str], article: str, text: str) -> bool:
    return gold["article"] == article and _plain(gold["contains"]) in _plain(text)


def _plain(text: object) -> str:
    """Words as a reader sees them, without the marks that Markdown may leave."""
    return collapse_whitespace(MARKS.sub("", str(text).translate(QUOTES))).casefold()


def _learned(examples: Sequence[Example], names: Sequence[str]) -> SectionModel:
    """The model of all examples; prints what models that never saw a collection make of it, by threshold."""
    features = list(examples[0].features)
    rows = np.array([[example.features[name] for name in features] for example in examples])
    right = np.array([example.is_right for example in examples])
    collections = np.array([example.collection for example in examples])
    answerable = np.array([example.is_answerable for example in examples])
    near_miss = np.array([example.is_near_miss for example in examples])
    weights = np.where(near_miss, NEAR_MISS_WEIGHT, 1.0)
    unseen = np.zeros(len(examples))
    for name in sorted(set(collections)):
        others = collections != name
        unseen[~others] = _regression(rows[others], right[others], weights[others]).predict_proba(rows[~others])[:, 1]
    for threshold in THRESHOLDS:
        answered = unseen >= threshold
        figures = {
            "right": int((answered & right).sum()),
            "wrong": int((answered & ~right & answerable).sum()),
            "answered falsely": int((answered & ~answerable & ~near_miss).sum()),
            "near misses answered": int((answered & near_miss).sum()),
        }
        numbers = [int(kind.sum()) for kind in (answerable, ~answerable & ~near_miss, near_miss)]
        sys.stdout.write(f"threshold {threshold}: {figures} of {numbers}\n")
    scaler, regression = _regression(rows, right, weights).named_steps.values()
    slopes = regression.coef_[0] / scaler.scale_
    return SectionModel(
        about=f"Logistic regression over {len(examples)} questions: {', '.join(Path(name).name for name in names)}",
        weights=dict(zip(features, slopes.round(4).tolist(), strict=True)),
        offset=round(float(regression.intercept_[0] - slopes @ scaler.mean_), 4),
        threshold=THRESHOLD,
        may_answer_threshold=MAY_ANSWER_THRESHOLD,
    )


def _regression(rows: Numbers, right: npt.NDArray[np.bool_], weights: Numbers) -> Pipeline:
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(C=INVERSE_REGULARIZATION))
    return pipeline.fit(rows, right, logisticregression__sample_weight=weights)


if __name__ == "__main__":
    main(sys.argv[1:])
