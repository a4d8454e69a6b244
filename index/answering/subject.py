"""What a follow-up is about: the words and the sentences that it takes over from the questions before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import regex

from index.analysis.follow_up import FollowUpKind, follow_up_pattern, parse_follow_up, without_question_word
from index.analysis.languages import ENGLISH, terms_in
from index.analysis.question import parse_question
from index.analysis.question_parts import OPENING
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection, merge_sentences
from index.collection.deduplication import with_sources
from index.models import Preceding, Quote, SentenceKind, Source, collapse_whitespace
from index.ranking.names import is_name, resolve_names
from index.ranking.query_expansion import index_terms_of

NEAR = 2
"""Sentences before and after a quotation that belong to its subject."""
MAX_WORDS = 500
"""Characters of an earlier question that are taken over."""
MAX_WIDENED = 1000
"""Characters up to which a quotation is shown with the sentences around it."""
NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}'’-]*(?:\s+\p{Lu}[\p{L}\p{M}\p{N}'’-]*)*")
WITHOUT_WORDS = frozenset({FollowUpKind.BARE, FollowUpKind.MORE, FollowUpKind.RECORD})
"""Follow-ups that change nothing about the subject."""


@dataclass(frozen=True)
class Subject:
    """What the questions before a follow-up are about."""

    question: str
    """The latest of them that names something."""
    words: str
    """What they ask, without the question word."""
    topic: str
    """What they ask about: names, and the nouns after an article; where there are none, all terms."""


def subject_of(preceding: Preceding, collection: Collection) -> Subject | None:
    """The subject of these questions, each of which may follow the one before; None where none names anything."""
    subject = None
    for text in reversed(preceding.questions):
        subject = _next_subject(subject, text, collection)
    return subject


def _next_subject(before: Subject | None, text: str, collection: Collection) -> Subject | None:
    follow_up = parse_follow_up(text)
    if follow_up is not None and follow_up.kind in WITHOUT_WORDS:
        return before
    own = _own_subject(text, follow_up.query if follow_up else text, collection)
    if before is None or follow_up is None or own is None or follow_up.kind is FollowUpKind.OPENING:
        return own or before
    if follow_up.kind is FollowUpKind.ABOUT:
        return Subject(text, f"{without_topic(before)} {follow_up.thing}", follow_up.thing)
    is_next = follow_up_pattern("about").match(text) is not None and bool(_names(own.words, collection))
    topic = f"{own.topic} {before.topic}" if is_next else before.topic  # what about its V3 model?
    return Subject(text, f"{own.words} {before.topic}", topic)


def _own_subject(text: str, query: str, collection: Collection) -> Subject | None:
    opening = OPENING.match(query)
    words = (query[opening.end() :] if opening else without_question_word(query)).strip(" ?!.")
    tokens = parse_question(query).tokens
    if not tokens:
        return None
    topic = _names(query, collection) or [query[token.start : token.end] for token in tokens]
    return Subject(text, _beginning(words), _beginning(" ".join(dict.fromkeys(topic))))


def _beginning(words: str) -> str:
    """The words up to a length: a question is cut where it is too long, and the follow-up stands at its end."""
    return words if len(words) <= MAX_WORDS else words[:MAX_WORDS].rpartition(" ")[0]


def _names(text: str, collection: Collection) -> list[str]:
    """The words of a text that are names or stand after an article, as written."""
    question = resolve_names(parse_question(text), collection.bm25)
    after = {match.end() for match in follow_up_pattern("noun").finditer(text)}
    return [
        text[token.start : token.end]
        for token in question.tokens
        if is_name(token.term, question) or token.start in after
    ]


def without_topic(subject: Subject) -> str:
    """What the subject asks, without what it asks about."""
    topic = set(subject.topic.split())
    return " ".join(word for word in subject.words.split() if word.strip(".,;:!?'’\"“”()") not in topic)


def person_in(quotes: Iterable[Quote], asked: str) -> str | None:
    """The name of the only man or woman in these quotations that the question does not name; None where it is not sure.

    It stands after a word for an office, or before a verb of saying.
    """
    before, after = follow_up_pattern("person-name", "before"), follow_up_pattern("person-name", "after")
    found = [
        collapse_whitespace(match.group())
        for quote in quotes
        for match in NAME.finditer(quote.text)
        if before.search(quote.text, endpos=match.start()) or after.match(quote.text[match.end() :])
    ]
    people = [name for name in dict.fromkeys(found) if name.lower() not in asked.lower() and " " in name]
    return people[0] if len(people) == 1 else None


def chunks_with(topic: str, quotes: Iterable[Quote], collection: Collection, within: ChunkFilter | None) -> ChunkFilter:
    """The chunks that have a word of the topic, or stand by one of the quotations in its section."""
    terms: list[str] = []
    for code in collection.languages:
        of = resolve_names(parse_question(topic), collection.bm25).terms if code == ENGLISH else _terms(topic, code)
        terms += (one for term in of for one in index_terms_of(term))
    places = (_places(quote, collection) for quote in quotes)
    near = [(max(section.start, first - NEAR), min(section.stop, last + NEAR + 1)) for first, last, section in places]
    found = collection.filter_by(dict.fromkeys(terms), near)
    return found if within is None else found & within


def _terms(text: str, code: str) -> tuple[str, ...]:
    return tuple(term.term for term in terms_in(text, code))


def chunks_of_articles(quotes: Iterable[Quote], collection: Collection) -> ChunkFilter:
    """The chunks of the articles that were quoted."""
    articles = {source.article.id for quote in quotes for source in quote.all_sources}
    return collection.filter_by((), map(collection.article_bounds, sorted(articles)))


def comes_after(passage: Quote, quotes: Iterable[Quote], about: ChunkFilter, collection: Collection) -> bool:
    """Whether a passage is about the topic, or comes right after one of the quotations in its section."""
    first, last, _ = _places(passage, collection)
    places = (_places(quote, collection) for quote in quotes if quote.article.id == passage.article.id)
    return bool(about.contains(np.arange(first, last + 1, dtype=np.int32)).any()) or any(
        end < first <= end + NEAR and first in section for _, end, section in places
    )


def with_surroundings(quote: Quote, topic: str, collection: Collection, within: ChunkFilter | None) -> Quote:
    """The quotation with the sentence before it and the one after it, as far as they have a word of the topic."""
    first, last, section = _places(quote, collection)
    about = chunks_with(topic, (), collection, within)
    before, after = about.contains(np.array([max(first - 1, section.start), min(last + 1, section.stop - 1)], np.int32))
    start = first - 1 if first > section.start and before else first
    end = last + 1 if last + 1 < section.stop and after else last
    chunks = range(start, end + 1)
    if (start, end) == (first, last) or any(collection.sentence(one).kind is not SentenceKind.BODY for one in chunks):
        return quote
    entry = collection.entry(quote.article.id)
    spans = merge_sentences(entry.article.text, [collection.sentence(one) for one in chunks])
    wider = Quote.of(Source.of_entry(entry, spans), quote.score, quote.matched)
    return with_sources(wider, collection, (start, end), within) if len(wider.text) <= MAX_WIDENED else quote


def _places(quote: Quote, collection: Collection) -> tuple[int, int, range]:
    """The first and the last chunk of a quotation, and the chunks of its section or else of its article."""
    start, end = collection.article_bounds(quote.article.id)
    body = collection.entry(quote.article.id).body_sentences
    inside = [place for place, one in enumerate(body) if any(a <= one.span.start < b for a, b in quote.spans)]
    first, last = start + inside[0], start + inside[-1]
    return first, last, range(*(collection.section_range(first) or (start, end)))
