"""Duplicate sentences: a quotation names all articles with exactly the same words, and none is shown twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from index.analysis.sentence_features import SentenceFeatures
from index.bm25.candidate_source import ChunkFilter
from index.bm25.postings import Ids
from index.collection.back_references import refers_back
from index.collection.collection import Collection, merge_sentences
from index.models import Quote, SentenceKind, Source, Span, collapse_whitespace

MAX_SENTENCES_TO_SUBJECT = 2
"""Sentences before a passage that are searched for its subject."""
MAX_CANDIDATES = 1000
"""Most characters of a quotation that is extended by the sentences before it."""
MAX_SOURCES_NAMED = 12
"""Most sources listed besides the quotation's own; the others are counted."""
MAX_CHUNKS_EXAMINED = 200
"""Chunks with the same words that are looked at."""
MAX_SEARCHES = 16
"""How many times the wanted number of passages a search retrieves, at most, to find enough distinct ones."""
SCORE_TOLERANCE = 1e-9
"""Scores that are equal by the formula differ by less."""
COPIES = 3
"""Candidate chunks with the same words; what is around them decides which is the best source."""
Top = Callable[[int], tuple[Ids, npt.NDArray[np.float64]]]


def quotation_start(collection: Collection, chunk: int) -> int:
    """The first chunk of the quotation that a chunk is shown in.

    It is the chunk itself, unless that refers back ("It also…"): then the sentence before that names the subject. Only
    the words decide, so that chunks with the same words around them are quoted alike.
    """
    return _first_chunk(collection, chunk, refers_back)


def _first_chunk(collection: Collection, chunk: int, leans: Callable[[SentenceFeatures], bool]) -> int:
    if not leans(collection.sentence_features(chunk)):
        return chunk
    first, start = chunk, _start_of_prose(collection, chunk)
    while leans(collection.sentence_features(first)) and first > start and chunk - first < MAX_SENTENCES_TO_SUBJECT:
        first -= 1
    if leans(collection.sentence_features(first)) or sum(map(len, collection.words(first, chunk))) > MAX_CANDIDATES:
        return chunk
    return first


def _start_of_prose(collection: Collection, chunk: int) -> int:
    """The first chunk of the prose that a chunk is in: of its section or article, or behind a list, table or code."""
    section = collection.section_range(chunk)
    start = section[0] if section else int(collection.bounds_of(np.array([chunk], np.int32)).article_start[0])
    near = np.arange(max(start, chunk - MAX_SENTENCES_TO_SUBJECT), chunk, dtype=np.int32)
    others = (
        one + 1
        for one, kind in zip(near.tolist(), collection.kinds_of(near), strict=True)
        if kind is not SentenceKind.BODY
    )
    return max(others, default=start)


def unique_quotations(collection: Collection, chunks: Iterable[int]) -> Iterator[int]:
    """Indices of the chunks that differ in words from all those before; of "It also…", with those before it."""
    seen: set[tuple[str, ...]] = set()
    for place, chunk in enumerate(chunks):
        features = collection.sentence_features(chunk)
        words = (
            collection.words(_first_chunk(collection, chunk, attrgetter("needs_context")), chunk)
            if features.needs_context
            else (collapse_whitespace(features.text),)
        )
        if words not in seen:
            seen.add(words)
            yield place


def limit_duplicates(collection: Collection, top: Top, number: int, within: ChunkFilter | None) -> Ids:
    """The `number` best chunks, with at most `COPIES` of those with the same words: many copies leave room for others.

    `top(n)` gives the n best chunks and their scores; `within` says which chunks may be found, None for all.
    """
    wanted = number
    while True:
        chunks, scores = top(wanted)
        # The same words have the same score: no text is read unless a score is frequent.
        alike = np.cumsum(np.append(False, scores[:-1] - scores[1:] >= SCORE_TOLERANCE))
        frequent = np.bincount(alike)[alike] > COPIES
        if len(chunks) < number or not frequent.any():
            return chunks[:number]
        kept = [(place, int(chunks[place])) for place in np.flatnonzero(~frequent).tolist()]
        for words, places in _group_by_words(collection, chunks, np.flatnonzero(frequent).tolist()).items():
            few = len(places) <= COPIES
            copies = (
                chunks[places].tolist()
                if few
                else collection.chunks_saying(words, within, MAX_CHUNKS_EXAMINED)[0][:COPIES]
            )
            kept += ((places[0], copy) for copy in copies)
        if len(kept) >= number or len(chunks) < wanted or wanted >= MAX_SEARCHES * number:
            return np.array([chunk for _, chunk in sorted(kept)[:number]], np.int32)
        wanted *= 2


def _group_by_words(collection: Collection, chunks: Ids, places: Iterable[int]) -> dict[str, list[int]]:
    """Indices of these chunks, grouped by their text, white space folded."""
    groups: dict[str, list[int]] = {}
    for place in places:
        groups.setdefault(collapse_whitespace(collection.text(int(chunks[place]))), []).append(place)
    return groups


def with_sources(
    quoted: Quote, collection: Collection, chunks: tuple[int, int], within: ChunkFilter | None, *, whole: bool = False
) -> Quote:
    """The quotation with the other articles that have the same words, in the order of their ids.

    `chunks` are its first and last chunk; `within` says which chunks may be found, None for all. `whole` leaves out
    articles in which the quotation would be extended by more or fewer sentences.
    """
    first, last = chunks
    text = collection.sentence_features(last).text
    sayers, articles = collection.chunks_saying(text, within, MAX_CHUNKS_EXAMINED)
    if articles < 2:  # noqa: PLR2004  # its own article and another one
        return quoted
    reach, leans = last - first, whole and refers_back(collection.sentence_features(last))
    words = collection.words(first, last)
    seen = {collection.id_of(other) for other in sayers} | {quoted.article.id}
    places: dict[str, int] = {}
    for other in sayers:
        if _has_same_words(collection, other, reach, words) and not (
            leans and quotation_start(collection, other) != other - reach
        ):
            places.setdefault(collection.id_of(other), other)
    places.pop(quoted.article.id, None)
    named = list(places.values())[:MAX_SOURCES_NAMED]
    unseen = 0 if reach or leans else max(articles - len(seen), 0)
    others = tuple(_source_of(collection, other - reach, other) for other in named)
    return Quote(**{**vars(quoted), "other_sources": others, "further_sources": len(places) - len(named) + unseen})


def spans_of(collection: Collection, first: int, last: int) -> tuple[Span, ...]:
    """The spans of consecutive chunks of an article; adjacent ones merged."""
    sentences = [collection.sentence(chunk) for chunk in range(first, last + 1)]
    return merge_sentences(collection.article_of(last).text, sentences)


def _source_of(collection: Collection, first: int, last: int) -> Source:
    return Source.of_entry(collection.entry(collection.id_of(last)), spans_of(collection, first, last))


def _has_same_words(collection: Collection, last: int, reach: int, words: tuple[str, ...]) -> bool:
    """Whether a chunk and the `reach` chunks before it have these words."""
    if reach and collection.bounds_of(np.array([last], np.int32)).article_start[0] > last - reach:
        return False
    return collection.words(last - reach, last) == words
