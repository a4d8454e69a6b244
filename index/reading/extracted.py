"""What a reader takes out of a file: its text, what of it is not the article, and what the file says about itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from index.article import Exclusion, Fact, Noun, Span
from index.reading.formats import Format

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
    form: Format
    by: str
    """The libraries that read it, with their versions."""


def spans_of_kind(exclusions: Iterable[Exclusion], kind: str) -> tuple[Span, ...]:
    """The spans of what was left out as this kind."""
    return tuple(exclusion.span for exclusion in exclusions if exclusion.kind == kind)
