"""The JSON form of answers, articles and reports: what `--json` prints and other programs read."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.article import Answer, Article, Entry, Exclusion, Fact, Quote
from index.evaluation.figures import Figure
from index.reindexing import Report

FACTS = ("title", "url", "publisher", "author", "published")
Record = dict[str, Any]
Figures = Mapping[str, Figure]


def print_json(record: object) -> None:
    """Print a record as one line of JSON."""
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def answer_record(answer: Answer) -> Record:
    """Question, verdict, quotes, possible, nearest, and the reasons in numbers."""
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
    """Text, spans in `str` offsets of the decoded file, the article's facts, score, matched words.

    `also` names the other articles that say the same, and `further_sources` counts those that are not among them.
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
    """An article in a list: its facts, and how many sentences it has."""
    article = entry.article
    return {
        **_facts(article),
        "sentences": len(entry.body),
        "lost_to_interruptions": len(entry.lost),
    }


def entry_record(entry: Entry, kept: Path | None = None) -> Record:
    """One article whole: facts with origins, sentences, and what was left out by which rule.

    Args:
        entry: what the index holds of it.
        kept: where the text is kept that was taken out of its file; None where the file is the text.
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


def evaluation_record(
    questions: int,
    answerable: int,
    figures: Figures,
    variants: Mapping[str, Figures],
    groups: Mapping[str, Figures],
) -> Record:
    """The figures of an evaluation, each with the ends of its 95 % interval; null where it is not defined.

    Args:
        questions: how many were asked.
        answerable: how many of them the articles answer.
        figures: of all questions.
        variants: of the answerable without what answers them, by the name of the variant; empty where it was not asked.
        groups: of the questions of each kind.
    """
    return {
        "questions": questions,
        "answerable": answerable,
        "unanswerable": questions - answerable,
        "figures": _figures(figures),
        **{name: _figures(some) or None for name, some in variants.items()},
        "by": {kind: _figures(some) for kind, some in groups.items()},
    }


def _figures(figures: Figures) -> Record:
    return {name: figure._asdict() for name, figure in figures.items()}


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
