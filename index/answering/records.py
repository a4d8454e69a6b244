"""Answers from the record: which articles there are, how many, who wrote one and when, which are the latest."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from index.analysis.question import Question, parse_question
from index.analysis.record_questions import RecordKind, RecordQuestion
from index.answering.spelling import correct_spelling
from index.collection.collection import Collection
from index.models import Article, SpellingCorrection, collapse_whitespace
from index.ranking.names import resolve_names
from index.ranking.query_expansion import index_terms_of

MAX_ARTICLES = 5
"""Most articles whose metadata is shown at once."""
MAX_LATEST = 3


@dataclass(frozen=True)
class RecordAnswer:
    """What the record says to a question; every word shown of it is metadata or counted."""

    kind: RecordKind
    articles: tuple[Article, ...] = ()
    """The articles that are asked about, or the latest, newest first. Empty where the question does not say which."""
    count: int = 0
    """How many articles there are; of those asked about, how many fit."""
    undated: int = 0
    """Of a question about the latest: how many articles have no recorded date."""
    corrections: tuple[SpellingCorrection, ...] = ()
    """Words of the question that were read as others."""


def answer_from_record(
    collection: Collection, asked: RecordQuestion, article: str | None = None
) -> RecordAnswer | None:
    """The record's answer; None where it has none, and the articles' text may have one.

    `article` is the id of the article that is talked about; ArticleUnknown where no article has it.
    """
    if asked.kind in {RecordKind.LIST, RecordKind.COUNT, RecordKind.HELP}:
        return RecordAnswer(asked.kind, count=collection.articles)
    if not collection.articles:
        return None
    if asked.kind is RecordKind.LATEST:
        return _latest(collection)
    if asked.about is None:
        only = article or (collection.ids[0] if collection.articles == 1 else None)
        there = () if only is None else (collection.article(only),)
        return RecordAnswer(asked.kind, there, len(there) or collection.articles)
    return _metadata(collection, asked.kind, asked.about)


def _latest(collection: Collection) -> RecordAnswer:
    dated = sorted(collection.dates.items(), key=lambda one: (_moment(one[1]), one[0]), reverse=True)
    newest = tuple(collection.article(article_id) for article_id, _ in dated[:MAX_LATEST])
    return RecordAnswer(RecordKind.LATEST, newest, collection.articles, collection.articles - len(dated))


def _moment(date: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _metadata(collection: Collection, kind: RecordKind, about: str) -> RecordAnswer | None:
    """The metadata of the articles that these words name: by their titles, else by what their sentences mention."""
    asked = parse_question(about)
    corrections: tuple[SpellingCorrection, ...] = ()
    found = _with_title(collection, about) or _with_terms_in_title(collection, asked)
    if not found:
        asked, corrections = correct_spelling(asked, collection)
        found = _with_terms_in_title(collection, asked) or _with_terms(collection, asked)
    if not found:
        return None
    articles = tuple(map(collection.article, found[:MAX_ARTICLES]))
    return RecordAnswer(kind, articles, len(found), corrections=corrections)


def _with_title(collection: Collection, title: str) -> list[str]:
    wanted = collapse_whitespace(title).casefold()
    return [one.id for one in collection.labels() if collapse_whitespace(one.label).casefold() == wanted]


def _with_terms_in_title(collection: Collection, asked: Question) -> list[str]:
    wanted = frozenset(resolve_names(asked, collection.bm25).terms)
    return sorted(collection.ids_with_title_terms(wanted)) if wanted else []


def _with_terms(collection: Collection, asked: Question) -> list[str]:
    """The articles that have all terms in their sentences."""
    wanted = resolve_names(asked, collection.bm25).terms
    holding = [collection.articles_with(index_terms_of(term)) for term in wanted]
    return sorted(frozenset.intersection(*holding)) if holding else []
