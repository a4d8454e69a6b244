"""Rendering of the sources of what an answer quoted, for a question about them that follows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.layout.answers import Asker, question_blocks, read_with_blocks
from bot.layout.articles import metadata_lines
from bot.layout.links import link_to_quote
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import Line
from bot.layout.quotations import MAX_SOURCES, metadata_text, source_lines
from index.models import Answer, Article

ON_ONE_LINE = frozenset({"title", "url"})
"""Metadata fields of which the source lines say, too, that they are not recorded."""


def render_sources(answer: Answer, fields: Collection[str], asker: Asker | None = None) -> RenderedMessages:
    """Render the articles that were quoted, and of each which of the `fields` asked for are not recorded."""
    asked = [*(question_blocks(answer.question, asker) if asker else []), *read_with_blocks(answer)]
    first = {quote.article.id: quote for quote in reversed(answer.shown_quotes)}
    ids = list(dict.fromkeys(quote.article.id for quote in answer.shown_quotes))[:MAX_SOURCES]
    blocks = (Block(tuple(_lines(first[one].article, fields)), link_to_quote(first[one])) for one in ids)
    return RenderedMessages.of([*asked, *blocks])


def _lines(article: Article, fields: Iterable[str]) -> Iterable[Line]:
    yield from source_lines(article)
    for name in fields:
        if name not in ON_ONE_LINE and metadata_text(getattr(article, name)) is None:
            yield from metadata_lines(article, name)
