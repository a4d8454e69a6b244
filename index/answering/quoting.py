"""What is quoted for a chunk: whole sentences, list items, rows and blocks of code, each with the context it needs.

A list item is quoted with its lead-in, a block of code with the sentence that introduces it, and a sentence that refers
back with the one that names its subject. Where the headings say what the question asks, the section is quoted from its
beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import groupby
from typing import NamedTuple

import numpy as np

from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection, quote_of
from index.collection.deduplication import quotation_start, with_sources
from index.models import Passage, Quote, Sentence, SentenceKind
from index.ranking import Ranked

MAX_SECTION = 700
"""Characters of a section that are quoted; of a longer one as many whole blocks as fit."""
NEARLY_ITS_WORDS = 0.75
"""Likeness of a question and a heading from which the section is the answer."""
IS_ENTRY = 0.5
"""The feature `entry` from which a row or item is the answer by itself."""
MAX_LEAD_IN = 200
"""Characters of a paragraph up to which it introduces the list, table or code below it, whatever it ends with."""
MAX_LIST = 500
"""Characters up to which a list is quoted whole."""
REACH = 60
"""Chunks before and after that are looked at where no heading bounds the section."""
INTRODUCED = frozenset({SentenceKind.LIST_ITEM, SentenceKind.TABLE_ROW, SentenceKind.CODE})


class Extent(Enum):
    """How much is quoted of a passage's section."""

    ENTRY = auto()
    """The passage with what it needs: a row or item that names what is asked about."""
    PASSAGE = auto()
    """The same, or the whole section where that is short."""
    AROUND = auto()
    """From the section's beginning, or from the passage on where that lies too far below."""
    SECTION = auto()
    """From the section's beginning: the question is its heading, or nearly."""


class _Unit(NamedTuple):
    """Sentences that are quoted together: those of a paragraph or list item, a table row, a block of code."""

    sentences: tuple[Sentence, ...]
    depth: int
    introduces: bool
    """Whether it ends with a colon, or is a question alone in its paragraph."""

    @property
    def kind(self) -> SentenceKind:
        return self.sentences[0].kind

    @property
    def length(self) -> int:
        return self.sentences[-1].span.end - self.sentences[0].span.start


def extents(ranked: Ranked) -> dict[int, Extent]:
    """How much is quoted of the section of each candidate."""
    features = ranked.features
    columns = (features[name].tolist() for name in ("heading-alike", "entry", "heading-like"))
    return {chunk: _extent(*values) for chunk, *values in zip(ranked.chunks, *columns, strict=True)}


def _extent(alike: float, entry: float, related: float) -> Extent:
    if alike >= NEARLY_ITS_WORDS:
        return Extent.SECTION
    if entry >= IS_ENTRY:
        return Extent.ENTRY
    return Extent.AROUND if related > 0 else Extent.PASSAGE


def quote_passage(
    passage: Passage,
    collection: Collection,
    within: ChunkFilter | None,
    extent: Extent = Extent.PASSAGE,
    neighbour: int | None = None,
) -> Quote:
    """The quotation of a passage; a short section is always quoted whole, and a sentence with this neighbour."""
    sentences = quoted_sentences(passage, collection, extent, neighbour)
    whole = quote_of(passage, collection.entry(passage.article.id), sentences)
    if not _is_running_prose(passage, collection, _extent_in_section(passage, collection, extent)):
        return whole
    first, last = _running_prose(passage, collection, neighbour)
    return with_sources(whole, collection, (first, last), within, whole=neighbour is None)


def quoted_sentences(
    passage: Passage, collection: Collection, extent: Extent = Extent.PASSAGE, neighbour: int | None = None
) -> list[Sentence]:
    """The sentences of a passage's quotation."""
    extent = _extent_in_section(passage, collection, extent)
    if _is_running_prose(passage, collection, extent):
        first, last = _running_prose(passage, collection, neighbour)
        return [collection.sentence(chunk) for chunk in range(first, last + 1)]
    start, end = collection.section_range(passage.chunk) or _surroundings(collection, passage.chunk)
    units = list(_units(collection, range(start, end)))
    own = next(place for place, unit in enumerate(units) if passage.sentence in unit.sentences)
    match extent:
        case Extent.SECTION:
            chosen = _from_beginning(units, 0)
        case Extent.AROUND:
            chosen = _from_beginning(units, own)
        case Extent.ENTRY | Extent.PASSAGE:
            chosen = _group(units, own)
    return [sentence for place in chosen for sentence in units[place].sentences]


def _extent_in_section(passage: Passage, collection: Collection, extent: Extent) -> Extent:
    section = collection.section_range(passage.chunk)
    if section is None:
        return Extent.ENTRY
    return Extent.AROUND if extent is Extent.PASSAGE and _is_short(collection, section) else extent


def _is_running_prose(passage: Passage, collection: Collection, extent: Extent) -> bool:
    """Whether a sentence is quoted by itself, or with those that it refers back to."""
    alone = passage.sentence.kind is SentenceKind.BODY and extent in {Extent.ENTRY, Extent.PASSAGE}
    return alone and not introduces(passage, collection)


def _running_prose(passage: Passage, collection: Collection, neighbour: int | None) -> tuple[int, int]:
    """The first and the last chunk of a sentence with those that it refers back to, or with this neighbour."""
    first, last = quotation_start(collection, passage.chunk), passage.chunk
    return (first, last) if neighbour is None else (min(first, neighbour), max(last, neighbour))


def _is_short(collection: Collection, section: tuple[int, int]) -> bool:
    """Whether a section can be quoted whole."""
    start, end = section
    entry_span = collection.sentence(start).span.start, collection.sentence(end - 1).span.end
    return entry_span[1] - entry_span[0] <= MAX_SECTION


def introduces(passage: Passage, collection: Collection) -> bool:
    """Whether a sentence is a question alone in its paragraph, or leads up to a list, a table or code with a colon."""
    bounds = collection.bounds_of(np.array([passage.chunk], np.int32))
    first, end = int(bounds.article_start[0]), int(bounds.article_end[0])
    around = [collection.sentence(one) for one in (passage.chunk - 1, passage.chunk + 1) if first <= one < end]
    last = passage.article.text[passage.sentence.span.end - 1]
    if passage.chunk + 1 == end:
        return False
    if last == "?":
        return all(one.paragraph != passage.sentence.paragraph for one in around)
    return last == ":" and around[-1].kind in INTRODUCED


def _surroundings(collection: Collection, chunk: int) -> tuple[int, int]:
    """The chunks around one, from the lead-in of a list or table on, however far above that is."""
    bounds = collection.bounds_of(np.array([chunk], np.int32))
    first = int(bounds.article_start[0])
    start = max(first, chunk - REACH)
    while start > first and collection.sentence(start).kind in INTRODUCED:
        start -= 1
    return start, min(int(bounds.article_end[0]), chunk + REACH)


def _units(collection: Collection, chunks: range) -> Iterator[_Unit]:
    """The units of adjacent chunks of an article; of a paragraph too long to be quoted whole, its sentences."""
    entry = collection.entry(collection.id_of(chunks.start))
    depths = {block.span.start: block.level for block in entry.blocks}
    for _, group in groupby(map(collection.sentence, chunks), lambda one: (one.paragraph, one.kind)):
        together = tuple(group)
        is_prose = together[0].kind is SentenceKind.BODY
        is_long = is_prose and together[-1].span.end - together[0].span.start > MAX_SECTION
        for sentences in ((one,) for one in together) if is_long else (together,):
            yield _unit(sentences, entry.article.text, depths)


def _unit(sentences: Sequence[Sentence], text: str, depths: dict[int, int]) -> _Unit:
    is_item = sentences[0].kind is SentenceKind.LIST_ITEM
    depth = depths.get(sentences[0].span.start, 1) if is_item else 0
    last = text[sentences[-1].span.end - 1]
    asks = last == "?" and len(sentences) == 1 and sentences[0].kind is SentenceKind.BODY
    return _Unit(tuple(sentences), depth, last == ":" or asks)


def _from_beginning(units: Sequence[_Unit], own: int) -> list[int]:
    """The units from the first on that fit, or from the passage's own group on where that lies too far below."""
    start = 0 if sum(unit.length for unit in units[: own + 1]) <= MAX_SECTION else _group(units, own)[0]
    chosen, room = [start], MAX_SECTION - units[start].length
    for place in range(start + 1, len(units)):
        room -= units[place].length
        if room < 0:
            break
        chosen.append(place)
    return _with_introduced(units, chosen, own) if own in chosen else _group(units, own)


def _group(units: Sequence[_Unit], own: int) -> list[int]:
    """A unit with what it needs: a lead-in and its list, an item and its lead-in, code and what introduces it."""
    chosen = [*_needed(units, own), own]
    if units[own].kind is SentenceKind.LIST_ITEM:
        first = _list_start(units, own)
        items = _block_from(units, first)
        chosen = [*_lead_in(units, first), *items] if own in items else chosen
    elif units[own].introduces and own + 1 < len(units) and units[own + 1].kind in INTRODUCED:
        chosen += _block_from(units, own + 1)
    return _with_introduced(units, chosen, own)


def _needed(units: Sequence[_Unit], own: int) -> list[int]:
    """What a unit is never quoted without: lead-ins, and the items that an item is in."""
    if units[own].kind is SentenceKind.LIST_ITEM:
        first = _list_start(units, own)
        return [*_lead_in(units, first), *_ancestors(units, own, first)]
    above = _lead_in(units, _table_start(units, own)) if units[own].kind in INTRODUCED else []
    return [place for lead_in in above for place in (*_needed(units, lead_in), lead_in)]


def _lead_in(units: Sequence[_Unit], place: int) -> list[int]:
    """The paragraph or item before a list, a table or code that introduces it."""
    before = units[place - 1] if place else None
    is_short = before is not None and before.kind is SentenceKind.BODY and before.length <= MAX_LEAD_IN
    return [place - 1] if before is not None and (before.introduces or is_short) else []


def _table_start(units: Sequence[_Unit], own: int) -> int:
    """The first row of a table; of code its own place."""
    if units[own].kind is not SentenceKind.TABLE_ROW:
        return own
    return next((place + 1 for place in range(own - 1, -1, -1) if units[place].kind is not SentenceKind.TABLE_ROW), 0)


def _list_start(units: Sequence[_Unit], own: int) -> int:
    """The first item of a list, whose items may introduce code or a table."""
    first = own
    for place in range(own - 1, -1, -1):
        if units[place].kind is not SentenceKind.LIST_ITEM:
            if units[place].kind not in INTRODUCED:
                break
        elif place + 1 == first or units[place].introduces:
            first = place
        else:
            break
    return first


def _with_introduced(units: Sequence[_Unit], chosen: list[int], own: int) -> list[int]:
    """The chosen units without a lead-in at the end, or with what it introduces if it is needed."""
    while chosen[-1] > own and units[chosen[-1]].introduces:
        chosen.pop()
    while units[chosen[-1]].introduces and chosen[-1] + 1 < len(units):
        chosen.append(chosen[-1] + 1)
    return chosen


def _block_from(units: Sequence[_Unit], start: int) -> list[int]:
    """The list, the rows or the code from here on: whole if short, else as many of the first as fit."""
    kind, chosen, room = units[start].kind, [start], MAX_LIST - units[start].length
    for place in range(start + 1, len(units)):
        before, unit = units[place - 1], units[place]
        is_in_item = unit.kind in INTRODUCED and (before.introduces or before.kind is unit.kind)
        room -= unit.length
        if room < 0 or kind is SentenceKind.CODE:
            break
        if unit.kind is not kind and not (kind is SentenceKind.LIST_ITEM and is_in_item):
            break
        chosen.append(place)
    return chosen


def _ancestors(units: Sequence[_Unit], own: int, first: int) -> list[int]:
    """The items that a nested item is under."""
    found: list[int] = []
    depth = units[own].depth
    for place in range(own - 1, first - 1, -1):
        if units[place].kind is SentenceKind.LIST_ITEM and units[place].depth < depth:
            depth = units[place].depth
            found.insert(0, place)
    return found
