"""Training examples: questions asked of whole collections, of small ones, and of ones without their article."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from index.analysis.analyzer import terms
from index.analysis.question import parse_question
from index.analysis.thesaurus import related
from index.analysis.word_vectors import stems_of
from index.collection.collection import Collection
from index.evaluation.questions import EvaluationQuestion
from index.evaluation.runner import without_gold
from index.models import IndexedArticle, SentenceKind, collapse_whitespace
from index.ranking import features_of_candidates, shortlist
from index.ranking.features import Column, RankingInput

LEAST = 15
"""Sentences that each of the two articles in a small collection keeps at least, if it has so many."""
SMALL = 0.35
"""Share of the questions that are also asked of a small collection. Of questions in one's own words, all are asked of
a small collection, and this share also of the whole one."""
ALIKE_OTHER, MOST_ALIKE = 0.5, 3
"""In what share of the small collections the other article is one of so many whose words are most alike: the articles
of a server are about related things, and are harder to tell apart."""
SMALL_LEFT_OUT = 0.5
"""Share of those that are also asked of another small collection, which does not hold the answer."""
REWORDINGS = 2
REPLACED, LOST, ALIKE = 0.8, 0.3, 0.4
"""`REPLACED`: share of the words common to question and answer, except names, that a rewording replaces. `LOST`: share
of these that it drops. `ALIKE`: the lowest thesaurus weight of a replacement."""
MAX_LEFT_OUT = 70
"""Questions of an article that are asked without it."""


class Setting(StrEnum):
    """The collection that a question is asked of."""

    WHOLE = "whole"
    SMALL = "small"
    REMOVED = "answer removed"
    SMALL_REMOVED = "small, answer removed"
    LEFT_OUT = "left out"
    SMALL_LEFT_OUT = "small, left out"
    REWORDED = "small, in other words"


@dataclass(frozen=True, slots=True)
class Example:
    """A question asked of a collection."""

    source: str
    """The name of the question set."""
    setting: Setting
    group: str
    """The article that the question is about: examples of one group are never on both sides of a split."""
    answerable: bool
    in_own_words: bool
    """Whether the asker had not read the article."""
    asked: RankingInput
    features: dict[str, Column]
    right: npt.NDArray[np.bool_]
    """For each candidate whether it is an answer."""


def gold_chunks(collection: Collection, question: EvaluationQuestion) -> set[int]:
    """The chunks that answer a question."""
    wanted = [(gold.article, collapse_whitespace(gold.contains)) for gold in question.gold]
    articles = {article for article, _ in wanted}
    return {
        chunk
        for chunk in collection.chunks()
        if collection.article_of(chunk).id in articles
        and any(
            collection.article_of(chunk).id == article and text in collapse_whitespace(collection.text(chunk))
            for article, text in wanted
        )
    }


def examples(
    source: str, entries: Sequence[IndexedArticle], questions: Sequence[EvaluationQuestion]
) -> Iterator[Example]:
    """All examples of one set of articles and questions; reproducible."""
    whole = Collection(entries)
    golds = [gold_chunks(whole, question) for question in questions]
    alike = _most_alike(entries)
    chance = random.Random(source)  # noqa: S311  # a sample, not a secret
    near: tuple[str, int] | None = None
    small: dict[tuple[str, int], Collection] = {}
    asked_whole = []
    for question, gold in zip(questions, golds, strict=True):
        is_chosen = chance.random() <= SMALL
        if is_chosen or not _is_in_own_words(question):
            asked_whole.append(question)
            yield from _asked_of_whole(source, question, whole, gold)
        if gold:
            chunk = whole.sentence(min(gold))
            near = (chunk.article, chunk.paragraph)
        if near is None or not (is_chosen or _is_in_own_words(question)):
            continue
        if near not in small:
            small[near] = _small(entries, near, alike, chance)
        yield from _asked_of_small(source, question, near, small, chance)
    yield from _left_out(source, whole, asked_whole)


def _is_in_own_words(question: EvaluationQuestion) -> bool:
    """Whether the file says so: the key `wording` has the value `own`."""
    return question.kind("wording") == "own"


def _asked_of_whole(source: str, question: EvaluationQuestion, whole: Collection, gold: set[int]) -> Iterator[Example]:
    """The question asked of all articles, and of all without the sentences that answer it."""
    example = _example(source, Setting.WHOLE, whole, question, gold)
    if example is not None:
        yield example
    if gold:
        yield from _removed(source, Setting.REMOVED, whole, question, question.gold[0].article)


def _asked_of_small(
    source: str,
    question: EvaluationQuestion,
    near: tuple[str, int],
    small: Mapping[tuple[str, int], Collection],
    chance: random.Random,
) -> Iterator[Example]:
    """The question asked of the small collection around its paragraph, or around that of the last answered question."""
    made = _example(source, Setting.SMALL, small[near], question, gold_chunks(small[near], question), near[0])
    if made is not None:
        yield made
    gold = gold_chunks(small[near], question)
    if gold:
        yield from _removed(source, Setting.SMALL_REMOVED, small[near], question, near[0])
    for _ in range(REWORDINGS if gold and not _is_in_own_words(question) else 0):
        reworded = question.model_copy(update={"question": _reworded(question.question, small[near], gold, chance)})
        made = _example(source, Setting.REWORDED, small[near], reworded, gold, near[0])
        if made is not None:
            yield made
    other = chance.choice(list(small))
    if question.answerable and other[0] != near[0] and chance.random() < SMALL_LEFT_OUT:
        made = _example(source, Setting.SMALL_LEFT_OUT, small[other], question, set(), near[0])
        if made is not None:
            yield made


def _removed(
    source: str, setting: Setting, collection: Collection, question: EvaluationQuestion, group: str
) -> Iterator[Example]:
    """The question asked of the collection without the sentences that answer it."""
    made = _example(source, setting, without_gold(collection, question), question, set(), group)
    if made is not None:
        yield made


def _reworded(text: str, collection: Collection, gold: set[int], chance: random.Random) -> str:
    """The question as a person who has not read the article would word it: with synonyms, some words missing."""
    common = {term.term for chunk in gold for term in terms(collection.text(chunk))}
    for term in reversed(terms(text)):
        if term.term not in common or text[term.start].isupper() or chance.random() > REPLACED:
            continue
        others = [other for other, weight in related(term.term).items() if weight >= ALIKE and other not in common]
        word = chance.choice(others) if others and chance.random() > LOST else ""
        text = text[: term.start] + word + text[term.end :]
    return text


def _left_out(source: str, whole: Collection, questions: Sequence[EvaluationQuestion]) -> Iterator[Example]:
    about: dict[str, list[EvaluationQuestion]] = {}
    for question in questions:
        if question.answerable:
            about.setdefault(question.gold[0].article, []).append(question)
    for article, group in about.items():
        others = whole.without(frozenset({article}))
        for question in group[:MAX_LEFT_OUT]:
            made = _example(source, Setting.LEFT_OUT, others, question, set(), article)
            if made is not None:
                yield made


def _small(
    entries: Sequence[IndexedArticle],
    near: tuple[str, int],
    alike: Mapping[str, Sequence[IndexedArticle]],
    chance: random.Random,
) -> Collection:
    """The paragraphs around one, and as many of another article: the size of two news articles."""
    article, paragraph = near
    home = next(entry for entry in entries if entry.article.id == article)
    others = [entry for entry in entries if entry.article.id != article]
    other = chance.choice(alike[article] if chance.random() < ALIKE_OTHER else others)
    last = max((sentence.paragraph for sentence in other.sentences), default=0)
    return Collection([_excerpt(home, paragraph), _excerpt(other, chance.randrange(last + 1))])


def _most_alike(entries: Sequence[IndexedArticle]) -> dict[str, list[IndexedArticle]]:
    """For each article's id, the articles whose words are most alike: by the cosine of their idf."""
    texts = [
        " ".join(entry.article.text[piece.span.start : piece.span.end] for piece in entry.sentences)
        for entry in entries
    ]
    vectors = TfidfVectorizer(analyzer=lambda text: list(stems_of(text)), binary=True).fit_transform(texts)
    likeness = (vectors @ vectors.T).toarray()
    np.fill_diagonal(likeness, -1)
    best = np.argsort(-likeness, axis=1, kind="stable")[:, :MOST_ALIKE]
    return {
        entry.article.id: [entries[place] for place in row] for entry, row in zip(entries, best.tolist(), strict=True)
    }


def _excerpt(entry: IndexedArticle, paragraph: int) -> IndexedArticle:
    """The article's paragraphs nearest to one, until they have `LEAST` sentences; and what is in no paragraph."""
    body = [sentence for sentence in entry.sentences if sentence.kind is SentenceKind.BODY]
    distances = sorted(abs(sentence.paragraph - paragraph) for sentence in body)
    farthest = distances[min(LEAST, len(distances)) - 1] if distances else 0
    kept = tuple(
        sentence
        for sentence in entry.sentences
        if sentence.kind is not SentenceKind.BODY or abs(sentence.paragraph - paragraph) <= farthest
    )
    return entry.model_copy(update={"sentences": kept})


def _example(  # noqa: PLR0913, PLR0917  # the fields of an example
    source: str,
    setting: Setting,
    collection: Collection,
    question: EvaluationQuestion,
    gold: set[int],
    group: str | None = None,
) -> Example | None:
    asked = shortlist(collection, parse_question(question.question))
    if asked is None:
        return None
    chunks = asked.evidence.chunks.tolist()
    if group is None:
        given = question.gold
        group = given[0].article if given else collection.article_of(chunks[0]).id
    return Example(
        source=source,
        setting=setting,
        group=group,
        answerable=bool(gold),
        in_own_words=_is_in_own_words(question),
        asked=asked,
        features=features_of_candidates(asked),
        right=np.array([chunk in gold for chunk in chunks]),
    )
