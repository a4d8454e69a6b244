"""Prove that whatever is about to be shown is exactly what the article says; what fails is not shown."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache

from index.errors import ProofFailed
from index.models import (
    INDENT,
    NOT_EVIDENCE,
    PIECE_SEPARATOR,
    WHOLE_BLOCKS,
    Answer,
    Article,
    BlockKind,
    IndexedArticle,
    Quote,
    SentenceKind,
    Source,
    Span,
    SpellingCorrection,
    Suggestion,
)

NO_ENTRIES: Mapping[str, IndexedArticle] = {}


def prove_quote(
    quote: Quote, entry: IndexedArticle, shown: str, others: Mapping[str, IndexedArticle] = NO_ENTRIES
) -> None:
    """Prove a quotation, independently of how it was made; raises ProofFailed.

    For its article and every other source: each span is made of whole, adjacent, quotable sentences; the article's text
    is its file to the last byte; and `shown`, the words that the reader will see, are the spans' slices, white space
    folded, joined by ` […] `. `entry` is the quoted article, and `others` are the other articles by id, as indexed.
    """
    prove_source(quote, entry, shown)
    named = {quote.article.id}
    for source in quote.other_sources:
        if source.article.id in named:
            raise _proof_failed(source.article, "it is listed twice as a source of the same quotation")
        if source.article.id not in others:
            raise _proof_failed(source.article, "it is not in the index")
        named.add(source.article.id)
        prove_source(source, others[source.article.id], shown)
        if _expected_words(source, others[source.article.id]) != shown:
            raise _proof_failed(source.article, f"its words differ from those of {quote.article.id}")


def prove_source(source: Source, entry: IndexedArticle, shown: str) -> None:
    """Prove that the words shown stand in an article, as `prove_quote` does; raises ProofFailed."""
    article = entry.article
    if source.article != article:
        raise _proof_failed(article, "the quotation comes from another version of it")
    prove_text(article)
    for span in source.spans:
        prove_span(span, entry)
    prove_path(source, entry)
    if shown != _expected_words(source, entry):
        raise _proof_failed(article, "the words shown differ from its text")


def _expected_words(source: Source, entry: IndexedArticle) -> str:
    """The words of the spans as they have to be shown: by the entry alone, whatever the source says of its blocks."""
    text = entry.article.text
    blocks = {block.span: block for block in entry.blocks if block.kind in WHOLE_BLOCKS}
    depths = {block.span: block.level for block in entry.blocks if block.kind is BlockKind.LIST_ITEM}
    words, previous = "", source.spans[0]
    for span in source.spans:
        is_whole = span in blocks or previous in blocks
        separator = "" if not words else "\n" + INDENT * (depths.get(span, 1) - 1)
        if words and text[previous.end : span.start].strip():
            separator = f"\n{PIECE_SEPARATOR.strip()}\n" if is_whole else PIECE_SEPARATOR
        piece = blocks[span].text_in(text) if span in blocks else " ".join(text[slice(*span)].split())
        words += separator + piece
        previous = span
    return words


def prove_path(source: Source, entry: IndexedArticle) -> None:
    """Prove that the headings shown above a quotation stand above it in its article; raises ProofFailed."""
    if source.path != entry.heading_path(source.spans[0].start) or source.anchor != entry.anchor_of(source.path):
        raise _proof_failed(entry.article, "the headings above the quotation are not those of its article")


def prove_answer(answer: Answer, entries: Mapping[str, IndexedArticle]) -> None:
    """Prove every quotation, spelling correction and suggestion of an answer; raises ProofFailed."""
    for correction in answer.corrections:
        prove_correction(correction, entries)
    for suggestion in answer.suggestions:
        prove_suggestion(suggestion, entries)
    for quote in (*answer.quotes, *answer.possible, *answer.nearest):
        if quote.article.id not in entries:
            raise _proof_failed(quote.article, "it is not in the index")
        prove_quote(quote, entries[quote.article.id], quote.text, entries)


def prove_correction(correction: SpellingCorrection, entries: Mapping[str, IndexedArticle]) -> None:
    """Prove that a corrected word stands in an article of the collection; raises ProofFailed."""
    _prove_words(correction.article, correction.article_span, entries, "the word read")


def prove_suggestion(suggestion: Suggestion, entries: Mapping[str, IndexedArticle]) -> None:
    """Prove that a name stands in an article of the collection, or that the article is there; raises ProofFailed."""
    if suggestion.span is not None:
        _prove_words(suggestion.article, suggestion.span, entries, "the name")
    elif suggestion.article.id not in entries or entries[suggestion.article.id].article != suggestion.article:
        raise _proof_failed(suggestion.article, "it is not in the index")


def _prove_words(article: Article, words: Span, entries: Mapping[str, IndexedArticle], description: str) -> None:
    entry = entries.get(article.id)
    if entry is None or entry.article != article:
        raise _proof_failed(article, f"{description} comes from another version of it")
    prove_text(entry.article)
    if not any(span.start <= words.start < words.end <= span.end for span in _body_spans(entry)):
        raise _proof_failed(entry.article, f"{description} is not in any of its sentences")


def _body_spans(entry: IndexedArticle) -> Iterator[Span]:
    return (sentence.span for sentence in entry.body_sentences)


def prove_span(span: Span, entry: IndexedArticle) -> None:
    """Prove that a span is whole body sentences with only white space between them; raises ProofFailed."""
    text, sentences = entry.article.text, entry.sentences
    first = bisect_left(sentences, span.start, key=lambda sentence: sentence.span.start)
    last = bisect_left(sentences, span.end, key=lambda sentence: sentence.span.start)
    inside = [sentence.span for sentence in sentences[first:last] if sentence.kind not in NOT_EVIDENCE]
    if not inside or (inside[0].start, inside[-1].end) != tuple(span):
        raise _proof_failed(entry.article, f"characters {span.start}–{span.end} are not whole quotable sentences")
    place = span.start
    for sentence in inside:
        if text[place : sentence.start].strip():
            raise _proof_failed(entry.article, f"characters {span.start}–{span.end} include text that cannot be quoted")
        place = sentence.end


def prove_text(article: Article) -> None:
    """Prove that the text in memory is the file that was read, to the last byte; raises ProofFailed."""
    if _bytes_hash(article.text, article.encoding) != article.text_sha256:
        raise _proof_failed(article, "its text differs from its file")


def prove_entry(entry: IndexedArticle, data: bytes, extracted: str | None = None) -> None:
    """Prove an indexed article, and every sentence of it, against the bytes of its file; raises ProofFailed.

    `extracted` is a new extraction of the text, where the file is not plain text.
    """
    article = entry.article
    if hashlib.sha256(data).hexdigest() != article.sha256:
        raise _proof_failed(article, f"the file {article.file} has changed since it was indexed")
    prove_text(article)
    if article.text != (data.decode(article.encoding) if article.extraction is None else extracted):
        raise _proof_failed(article, f"its text differs from {article.file}")
    for sentence in entry.sentences:
        start, end = sentence.span
        words = article.text[start:end]
        trimmed = words.rstrip() if sentence.kind is SentenceKind.CODE else words.strip()  # code keeps its indent
        if not 0 <= start < end <= len(article.text) or words != trimmed or words.isspace():
            raise _proof_failed(article, f"characters {start}–{end} are not one of its sentences")
        after = bisect_left(entry.exclusions, end, key=lambda cut: cut.span.start)
        if after and entry.exclusions[after - 1].span.end > start:
            raise _proof_failed(article, f"characters {start}–{end} include text that was left out")


def prove_extracted_text(article: Article, stored: bytes | None) -> None:
    """Prove that the stored extracted text of an article is its text; raises ProofFailed."""
    if stored is None or hashlib.sha256(stored).hexdigest() != article.text_sha256:
        raise _proof_failed(article, "the stored copy of its text is missing or has changed")


@lru_cache(maxsize=256)
def _bytes_hash(text: str, encoding: str) -> str:
    return hashlib.sha256(text.encode(encoding)).hexdigest()


def _proof_failed(article: Article, reason: str) -> ProofFailed:
    return ProofFailed(f"The article {article.id} could not be verified: {reason}.", "Run `verbatim reindex`.")
