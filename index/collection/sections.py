"""Sections of an article: a path of headings, and the chunks under it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from index.models import IndexedArticle, Span


class Section(NamedTuple):
    """Chunks of an article [start, end), counted among its body sentences, and the headings above them."""

    path: tuple[Span, ...]
    """From the outermost to the section's own, without the headline; empty above the first heading."""
    start: int
    end: int


def sections_of(entry: IndexedArticle) -> Iterator[Section]:
    """The sections of an article in order; those without chunks as well."""
    starts = [sentence.span.start for sentence in entry.body_sentences]
    path, first = tuple[Span, ...](), 0
    for place, headings in entry.heading_paths():
        end = bisect_left(starts, place)
        yield Section(path, first, end)
        path, first = headings, end
    yield Section(path, first, len(starts))
