"""JSON of answers, articles and reports: what `--json` prints and other programs read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.analysis.record_questions import RecordKind
from index.answering.records import RecordAnswer
from index.indexing.reindex import Report
from index.models import Answer, Article, Exclusion, IndexedArticle, MetadataField, Quote

METADATA_FIELDS = ("title", "url", "publisher", "author", "published", "language")
JsonObject = dict[str, Any]


def print_json(record: object) -> None:
    """Print a record as one line of JSON."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def answer_to_json(answer: Answer) -> JsonObject:
    """Question, verdict, quotes, possible, nearest, unanswered parts, and the explanation."""
    return {
        "question": answer.question,
        "verdict": answer.verdict.value,
        "quotes": [quote_to_json(quote) for quote in answer.quotes],
        "possible": [quote_to_json(quote) for quote in answer.possible],
        "nearest": [quote_to_json(quote) for quote in answer.nearest],
        "unanswered": list(answer.unanswered),
        "reasons": answer.explanation.model_dump(mode="json", by_alias=True) | {"readings": _corrections(answer)},
    }


def record_to_json(found: RecordAnswer, entries: Sequence[IndexedArticle]) -> JsonObject:
    """What the record says to a question: its kind, articles, how many fit, how many are undated."""
    named = [entry.article for entry in entries] if found.kind is RecordKind.LIST else found.articles
    return {
        "kind": found.kind.value,
        "articles": [_metadata(article) for article in named],
        "count": found.count,
        "undated": found.undated,
    }


def _corrections(answer: Answer) -> list[JsonObject]:
    return [{"written": reading.written, "read_as": reading.corrected} for reading in answer.corrections]


def quote_to_json(quote: Quote) -> JsonObject:
    """Text, spans in `str` offsets of the decoded file, the headings above, article metadata, score, matched words.

    `link` is the URL of the section, or else of the article; null where none is recorded. `also` lists other articles
    with the same words; `further_sources` counts those not listed.
    """
    return {
        "text": quote.text,
        "spans": [list(span) for span in quote.spans],
        "headings": list(quote.headings),
        "article": _metadata(quote.article),
        "link": quote.link,
        "score": quote.score,
        "matched": list(quote.matched),
        "also": [
            {"article": _metadata(source.article), "link": source.link, "spans": [list(span) for span in source.spans]}
            for source in quote.other_sources
        ],
        "further_sources": quote.further_sources,
    }


def _metadata(article: Article) -> JsonObject:
    return {"id": article.id, **{name: _value(article, name) for name in METADATA_FIELDS}}


def article_to_json(entry: IndexedArticle) -> JsonObject:
    """An article in a list: its metadata, and its numbers of sentences."""
    article = entry.article
    return {
        **_metadata(article),
        "sentences": len(entry.body_sentences),
        "lost_to_interruptions": len(entry.fragments),
    }


def entry_to_json(entry: IndexedArticle, kept: Path | None = None) -> JsonObject:
    """A whole article: metadata with origins, sentences, and what was excluded by which rule.

    `kept` is the path of the stored extracted text; None where the file itself is the text, and in a cluster.
    """
    article = entry.article
    return {
        "id": article.id,
        "file": article.file,
        "encoding": article.encoding,
        "sha256": article.sha256,
        "extraction": article.extraction and article.extraction.model_dump() | {"file": kept and str(kept)},
        "facts": {name: _metadata_field(getattr(article, name)) for name in METADATA_FIELDS},
        "sentences": [
            {
                "text": article.text[slice(*sentence.span)],
                "span": list(sentence.span),
                "paragraph": sentence.paragraph,
                "kind": sentence.kind.value,
            }
            for sentence in entry.sentences
        ],
        "left_out": [_exclusion(article, exclusion) for exclusion in entry.exclusions],
        "lost_to_interruptions": [{"text": article.text[slice(*span)], "span": list(span)} for span in entry.fragments],
        "warnings": list(entry.warnings),
    }


def report_to_json(report: Report) -> JsonObject:
    """What a reindexing did."""
    return report.model_dump(mode="json")


def articles_to_json(entries: Sequence[IndexedArticle]) -> list[JsonObject]:
    """All articles."""
    return [article_to_json(entry) for entry in entries]


def _exclusion(article: Article, exclusion: Exclusion) -> JsonObject:
    return {
        "text": article.text[slice(*exclusion.span)],
        "span": list(exclusion.span),
        "kind": exclusion.kind,
        "rule": exclusion.rule,
    }


def _value(article: Article, name: str) -> str | None:
    fact: MetadataField | None = getattr(article, name)
    return None if fact is None else fact.value


def _metadata_field(fact: MetadataField | None) -> JsonObject | None:
    return None if fact is None else {"value": fact.value, "origin": fact.origin.value}
