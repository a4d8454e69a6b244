"""Quotations of a stored answer, restored from the articles as they are now."""

from __future__ import annotations

from collections.abc import Iterable

from bot.state import QuoteReference
from index.engine import Engine
from index.errors import ArticleChanged, ArticleUnknown
from index.models import Quote


def quote_again(engine: Engine, place: QuoteReference) -> Quote:
    """Return the quotation at a place; raises `ArticleChanged` or `ArticleUnknown` if it is not there any more."""
    also = [(source.article, source.sha256, source.spans) for source in place.also]
    quoted = engine.quote_again(place.article, place.sha256, place.spans, place.matched, also)
    return quoted.model_copy(update={"further_sources": place.further_sources})


def current_quotes(engine: Engine, places: Iterable[QuoteReference]) -> list[Quote]:
    """Return the quotations at these places that are still there."""
    found = []
    for place in places:
        try:
            found.append(quote_again(engine, place))
        except (ArticleChanged, ArticleUnknown):
            continue
    return found
