"""What an extractor returns: the text of a file, the exclusions in it, and the file's metadata."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from index.errors import ArticleRejected
from index.models import Block, Exclusion, FrozenModel, MetadataField, Span
from index.reading.blocks import TextBlock, lay_out, without_headline
from index.reading.formats import Format

NO_METADATA: Mapping[str, MetadataField] = MappingProxyType({})
HEADING = "heading"
"""Kind of exclusions that are on lines of their own, so that no sentence continues across them."""


class Extracted(FrozenModel):
    """The text of a file whose bytes are not its text.

    Each of its characters except white space belongs to the article or to an exclusion.
    """

    text: Annotated[str, Field(min_length=1)]
    headline: Span | None = None
    exclusions: tuple[Exclusion, ...] = ()
    blocks: tuple[Block, ...] = ()
    """The blocks that are not paragraphs, in order."""
    facts: dict[str, MetadataField] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    """What of the file could not be read though the rest was, each in a sentence that says what to do."""
    canonical: str | None = None
    """The canonical URL in a page's head, as written: it may be relative, and is not verified."""
    form: Format
    by: str
    """The libraries that extracted it, with their versions."""


def spans_of_kind(exclusions: Iterable[Exclusion], kind: str) -> tuple[Span, ...]:
    """Return the spans of the exclusions of this kind."""
    return tuple(exclusion.span for exclusion in exclusions if exclusion.kind == kind)


@cache
def with_versions(*packages: str) -> str:
    """Return these libraries with their installed versions, such as "mammoth 1.11.0, lxml 6.0.2"."""
    return ", ".join(f"{package} {importlib.metadata.version(package)}" for package in packages)


def document(
    blocks: Sequence[TextBlock], file: str, form: Format, by: str, facts: Mapping[str, MetadataField] = NO_METADATA
) -> Extracted:
    """Build a document from blocks; its headline is the first level-1 heading.

    `file` is the name for error messages, `by` names the libraries with their versions. Raises ArticleRejected if no
    block belongs to the article, or the text is too long.
    """
    if not any(block.left_out is None for block in blocks):
        problem = f"{file} contains only headings."
        raise ArticleRejected(problem, "Add the article's text, or remove the file.")
    laid = lay_out(blocks, file)
    headline = next((span for block, span in zip(blocks, laid.spans, strict=True) if block.level == 1), None)
    return Extracted(
        text=laid.text,
        headline=headline,
        exclusions=without_headline(laid.exclusions, headline),
        blocks=laid.blocks,
        facts=dict(facts),
        form=form,
        by=by,
    )
