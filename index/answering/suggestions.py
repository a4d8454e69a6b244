"""Suggestions where a question is unclear: names that distinguish its passages, and titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import regex

from index.analysis.analyzer import terms
from index.analysis.question import Question, pattern_for
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection
from index.models import Article, Passage, Span, Suggestion, collapse_whitespace

MAX_NAMES, MAX_SUGGESTIONS = 3, 5
"""Most names, and most suggestions in total."""
MAX_SENTENCES_EXAMINED = 200
"""Sentences that are searched for names where the question has no passages."""
MAX_LABEL_LENGTH = 60
NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}'’-]*(?:\s+\p{Lu}[\p{L}\p{M}\p{N}'’-]*)*")
NameOccurrence = tuple[Article, Span]


def suggestions(
    collection: Collection, question: Question, passages: Sequence[Passage], within: ChunkFilter | None = None
) -> tuple[Suggestion, ...]:
    """At most five: names from the question's passages, or from the whole collection, then titles.

    A name weighs its rarest word's idf each time it occurs: a name that is everywhere does not help to choose. Names in
    the question itself are not suggested. `passages` is empty where there was nothing to search for.
    """
    places = [(passage.article, passage.sentence.span) for passage in passages] or list(
        _sample_sentences(collection, within)
    )
    asked = set(question.terms)
    names: dict[str, NameOccurrence] = {}
    weights: dict[str, float] = {}
    for article, span in places:
        for name, place in _names_in(article, span):
            own = {term.term for term in terms(name)}
            if not own <= asked:
                names.setdefault(name, (article, place))
                weights[name] = weights.get(name, 0.0) + max(map(collection.bm25.idf_of, own - asked))
    found = [Suggestion(article=names[name][0], span=names[name][1]) for name in _distinct_names(weights)]
    articles = {article.id: article for article, _ in places if article.title}
    titles = (Suggestion(article=article) for article in articles.values())
    return (*found, *titles)[:MAX_SUGGESTIONS]


def _sample_sentences(collection: Collection, within: ChunkFilter | None) -> Iterator[NameOccurrence]:
    """Sentences from all of the collection, or from all that may be found."""
    chunks = (collection if within is None else within).sample(MAX_SENTENCES_EXAMINED)
    for chunk in chunks.tolist():
        yield collection.article_of(chunk), collection.sentence(chunk).span


def _names_in(article: Article, span: Span) -> Iterator[tuple[str, Span]]:
    """The names in a sentence, with their spans; a word capitalised because it begins the sentence is not one."""
    text = article.text[slice(*span)]
    times = [match.span() for match in pattern_for("time").finditer(text)]
    for match in NAME.finditer(text):
        name = collapse_whitespace(match.group())
        begins = not text[: match.start()].strip(" “\"'‘([")
        is_time = any(start < match.end() and match.start() < end for start, end in times)
        if not begins and not is_time and len(name) <= MAX_LABEL_LENGTH and terms(name):
            yield name, Span(span.start + match.start(), span.start + match.end())


def _distinct_names(weights: Mapping[str, float]) -> Iterable[str]:
    """The names that weigh most; of two that contain each other, the heavier."""
    kept: list[str] = []
    for name in sorted(weights, key=lambda name: -weights[name]):
        if len(kept) == MAX_NAMES:
            break
        if not any(name in other or other in name for other in kept):
            kept.append(name)
    return kept
