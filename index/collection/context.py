"""What stands around a quotation: the sentences beside it, and under headings the rest of its section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.collection.collection import merge_sentences
from index.collection.sections import sections_of
from index.models import IndexedArticle, Quote, Sentence, SentenceKind, Source

MAX_AROUND = 1500
"""Characters of a section that are shown before a quotation, and after it."""


def quote_in_context(quoted: Quote, entries: Mapping[str, IndexedArticle], reach: int = 1) -> Quote:
    """The quotation with what stands around it, merged into one span where it is adjacent; see `surrounding_quotes`.

    Of its other sources, those stay that have the same words around it. KeyError where an article is deleted.
    """
    around = _in_context(quoted, entries[quoted.article.id], reach)
    wider = Quote.of(around, quoted.score, quoted.matched)
    others = (_in_context(source, entries[source.article.id], reach) for source in quoted.other_sources)
    return wider.model_copy(update={"other_sources": tuple(other for other in others if other.pieces == wider.pieces)})


def _in_context(source: Source, entry: IndexedArticle, reach: int) -> Source:
    start, _, _, end = _places(source, entry, reach)
    return Source.of_entry(entry, merge_sentences(entry.article.text, entry.body_sentences[start:end]))


def surrounding_quotes(quoted: Quote, entry: IndexedArticle, reach: int) -> tuple[Quote | None, Quote | None]:
    """What stands before the quotation, and after it; None where there is nothing.

    Up to `reach` sentences, or under headings as much of the section as fits `MAX_AROUND`. No list item, row or code
    comes without what introduces it, and nothing that introduces something comes alone.
    """
    body = entry.body_sentences
    start, first, last, end = _places(quoted, entry, reach)
    before, after = (_quote_of_sentences(quoted, entry, some) for some in (body[start:first], body[last + 1 : end]))
    return before, after


def _places(source: Source, entry: IndexedArticle, reach: int) -> tuple[int, int, int, int]:
    """Places among the body sentences: of the first around the quotation, its own first and last, and the end."""
    body, text = entry.body_sentences, entry.article.text
    inside = [place for place, one in enumerate(body) if any(a <= one.span.start < b for a, b in source.spans)]
    first, last = inside[0], inside[-1]
    path, low, high = next(one for one in sections_of(entry) if one.start <= first < one.end)
    start, end = (low, high) if path else (max(low, first - reach), min(high, last + reach + 1))
    while start > low and body[start].kind is not SentenceKind.BODY:
        start -= 1
    while start < first and body[first].span.start - body[start].span.start > MAX_AROUND:
        start += 1
    while low < start < first and body[start].kind is not SentenceKind.BODY:
        start += 1
    while end > last + 1 and body[end - 1].span.end - body[last].span.end > MAX_AROUND:
        end -= 1
    while end > last + 1 and text[: body[end - 1].span.end].endswith(":"):
        end -= 1
    return start, first, last, max(end, last + 1)


def _quote_of_sentences(quoted: Quote, entry: IndexedArticle, sentences: Sequence[Sentence]) -> Quote | None:
    if not sentences:
        return None
    return Quote.of(Source.of_entry(entry, merge_sentences(entry.article.text, sentences)), quoted.score)
