"""An entry as a line of JSON without its text, and back: small, fast to parse, validated by the models."""

from __future__ import annotations

import json
from typing import Any

from index.models import Article, Block, BlockKind, Exclusion, IndexedArticle, Sentence, SentenceKind, Span

KINDS, BLOCK_KINDS = tuple(SentenceKind), tuple(BlockKind)
"""The kind of a sentence or block is stored as its position in its tuple; append new kinds at the end."""


def entry_to_json(entry: IndexedArticle) -> str:
    """The record of an entry."""
    article = entry.article.model_dump(mode="json", exclude={"text"}, exclude_none=True)
    sentences = [[*one.span, one.paragraph, KINDS.index(one.kind)] for one in entry.sentences]
    exclusions = [[*one.span, one.kind, one.rule] for one in entry.exclusions]
    record = {"article": article, "sentences": sentences, "exclusions": exclusions, "lost": entry.fragments}
    if entry.warnings:
        record["warnings"] = entry.warnings
    if entry.blocks:
        record["blocks"] = [
            [
                BLOCK_KINDS.index(one.kind),
                *one.span,
                one.level,
                one.cells,
                one.labels,
                one.until,
                one.anchor,
                one.language,
            ]
            for one in entry.blocks
        ]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def article_from_json(record: str, text: str) -> Article:
    """The article of a record and its text; ValueError where the record is invalid."""
    return Article.model_validate(json.loads(record)["article"] | {"text": text})


def published_from_json(record: str) -> str | None:
    """The publication date of a record's article; None where none is recorded."""
    date = json.loads(record)["article"].get("published")
    return None if date is None else str(date["value"])


def entry_from_json(record: str, article: Article) -> IndexedArticle:
    """The entry of a record and its article; ValueError where the record is invalid."""
    held: dict[str, Any] = json.loads(record)
    return IndexedArticle(
        article=article,
        exclusions=tuple(
            Exclusion(span=Span(start, end), kind=kind, rule=rule) for start, end, kind, rule in held["exclusions"]
        ),
        sentences=tuple(
            Sentence(article=article.id, span=Span(start, end), paragraph=paragraph, kind=KINDS[kind])
            for start, end, paragraph, kind in held["sentences"]
        ),
        fragments=tuple(Span(start, end) for start, end in held["lost"]),
        warnings=tuple(held.get("warnings", ())),
        blocks=tuple(
            Block(
                kind=BLOCK_KINDS[kind],
                span=Span(start, end),
                level=level,
                cells=tuple(Span(*cell) for cell in cells),
                labels=tuple(Span(*label) for label in labels),
                until=until,
                anchor=anchor,
                language=language,
            )
            for kind, start, end, level, cells, labels, until, anchor, language in held.get("blocks", ())
        ),
    )
