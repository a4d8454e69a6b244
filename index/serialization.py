"""JSON of answers, articles and reports: what `--json` prints and other programs read."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.indexing.reindex import Report
from index.models import Answer, Article, Entry, Exclusion, Fact, Quote

FACTS = ("title", "url", "publisher", "author", "published")
Record = dict[str, Any]


def print_json(record: object) -> None:
    """Print a record as one line of JSON."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def answer_record(answer: Answer) -> Record:
    """Question, verdict, quotes, possible, nearest, and the explanation."""
    return {
        "question": answer.question,
        "verdict": answer.verdict.value,
        "quotes": [quote_record(quote) for quote in answer.quotes],
        "possible": [quote_record(quote) for quote in answer.possible],
        "nearest": [quote_record(quote) for quote in answer.nearest],
        "reasons": answer.reasons.model_dump(mode="json") | {"readings": _readings(answer)},
    }


def _readings(answer: Answer) -> list[Record]:
    return [{"written": reading.written, "read_as": reading.read_as} for reading in answer.readings]


def quote_record(quote: Quote) -> Record:
    """Text, spans in `str` offsets of the decoded file, article metadata, score, matched words.

    `also` lists other articles with the same words; `further_sources` counts those not listed.
    """
    return {
        "text": quote.text,
        "spans": [list(span) for span in quote.spans],
        "article": _facts(quote.article),
        "score": quote.score,
        "matched": list(quote.matched),
        "also": [
            {"article": _facts(source.article), "spans": [list(span) for span in source.spans]} for source in quote.also
        ],
        "further_sources": quote.further_sources,
    }


def _facts(article: Article) -> Record:
    return {"id": article.id, **{name: _value(article, name) for name in FACTS}}


def article_record(entry: Entry) -> Record:
    """An article in a list: its metadata, and its numbers of sentences."""
    article = entry.article
    return {
        **_facts(article),
        "sentences": len(entry.body),
        "lost_to_interruptions": len(entry.lost),
    }


def entry_record(entry: Entry, kept: Path | None = None) -> Record:
    """A whole article: metadata with origins, sentences, and what was excluded by which rule.

    `kept` is the path of the stored extracted text; None where the file itself is the text.
    """
    article = entry.article
    return {
        "id": article.id,
        "file": article.file,
        "encoding": article.encoding,
        "sha256": article.sha256,
        "extraction": article.extraction and article.extraction.model_dump() | {"file": str(kept)},
        "facts": {name: _fact(getattr(article, name)) for name in FACTS},
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
        "lost_to_interruptions": [{"text": article.text[slice(*span)], "span": list(span)} for span in entry.lost],
    }


def report_record(report: Report) -> Record:
    """What a reindexing did."""
    return report.model_dump(mode="json")


def articles_record(entries: Sequence[Entry]) -> list[Record]:
    """All articles."""
    return [article_record(entry) for entry in entries]


def _exclusion(article: Article, exclusion: Exclusion) -> Record:
    return {
        "text": article.text[slice(*exclusion.span)],
        "span": list(exclusion.span),
        "kind": exclusion.kind,
        "rule": exclusion.rule,
    }


def _value(article: Article, name: str) -> str | None:
    fact: Fact | None = getattr(article, name)
    return None if fact is None else fact.value


def _fact(fact: Fact | None) -> Record | None:
    return None if fact is None else {"value": fact.value, "origin": fact.origin.value}
