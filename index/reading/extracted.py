"""What a reader takes out of a file: its text, what of it is not the article, and what the file says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from index.errors import ArticleRejected
from index.models import Exclusion, Fact, Noun, Span
from index.reading.blocks import Block, beside, laid_out
from index.reading.formats import Format

NO_FACTS: Mapping[str, Fact] = MappingProxyType({})
HEADING = "heading"
"""The kind of what stands in lines of its own, so that no sentence runs through it."""


class Extracted(Noun):
    """The text of a file whose bytes are not its text.

    Every character of it that is no white space belongs to the article, or is named by an exclusion.
    """

    text: Annotated[str, Field(min_length=1)]
    headline: Span | None = None
    exclusions: tuple[Exclusion, ...] = ()
    apart: tuple[Span, ...] = ()
    """Of what is excluded, what surely stands between two sentences."""
    facts: dict[str, Fact] = Field(default_factory=dict)
    canonical: str | None = None
    """The URL that a page's head names as its own, as it is written there: perhaps relative, and believed by nobody."""
    form: Format
    by: str
    """The libraries that read it, with their versions."""


def spans_of_kind(exclusions: Iterable[Exclusion], kind: str) -> tuple[Span, ...]:
    """The spans of what was left out as this kind."""
    return tuple(exclusion.span for exclusion in exclusions if exclusion.kind == kind)


def document(
    blocks: Sequence[Block], file: str, form: Format, by: str, facts: Mapping[str, Fact] = NO_FACTS
) -> Extracted:
    """A document of these blocks; its headline is the first heading of the first level.

    Args:
        blocks: in order.
        file: what it is called where it must be refused.
        form: its format.
        by: the libraries that read it.
        facts: what it states about itself.

    Raises:
        ArticleRejected: none of the blocks is the article's, or they are too long.
    """
    if not any(block.left_out is None for block in blocks):
        what = f"{file} contains only headings, code and tables."
        raise ArticleRejected(what, "Add the article's text, or remove the file.")
    laid = laid_out(blocks, file)
    headline = next((span for block, span in zip(blocks, laid.spans, strict=True) if block.level == 1), None)
    return Extracted(
        text=laid.text,
        headline=headline,
        exclusions=beside(laid.exclusions, headline),
        apart=laid.apart,
        facts=dict(facts),
        form=form,
        by=by,
    )
