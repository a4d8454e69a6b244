"""Near duplicates: the same story edited, or issued by another publisher. Estimated with MinHash signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.bm25.postings import Mask
from index.collection.minhash import COMPARED, SIGNATURE_LENGTH, SIGNATURES, Signatures
from index.collection.segment import SegmentView
from index.models import FrozenModel
from index.storage.mapped_arrays import release_pages

MIN_SIMILARITY = 0.5
"""The share of common five-word shingles from which two articles are near duplicates."""
COMPARE_ALL_UP_TO = 30
"""Up to this many articles are compared with all; more are compared only with those that agree in a band."""
BAND_LENGTH = 3
"""Positions of a signature in a band. Of 42 bands, two articles that share half agree in one at 99.6 %."""
NEXT = 8
"""How many of those that agree in a band an article is compared with."""
BLOCK = 2**15
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
Counts = npt.NDArray[np.uint8]


class Similar(FrozenModel):
    """An article that is a near duplicate of another one."""

    article: str
    other: str
    share: float
    """Estimated Jaccard similarity of the five-word shingles of both articles, in [0, 1]."""


class _Match(NamedTuple):
    """Another article, and in how many positions its signature agrees."""

    agreeing: int
    other: str


def find_similar(views: Sequence[SegmentView], articles: Iterable[str]) -> tuple[Similar, ...]:
    """The most similar near duplicate among all articles (`views`) of each of `articles`; a pair is listed once."""
    new = sorted(set(articles))
    found = _compare_with_all(views, new) if len(new) <= COMPARE_ALL_UP_TO else _compare_by_bands(views, frozenset(new))
    told: dict[str, Similar] = {}
    for article in new:
        match = found.get(article)
        if match is None or (match.other in told and told[match.other].other == article):
            continue
        told[article] = Similar(article=article, other=match.other, share=round(match.agreeing / SIGNATURE_LENGTH, 4))
    return tuple(told.values())


def _comparable(view: SegmentView) -> Mask:
    """True for each article of a segment view that is not deleted and long enough."""
    compared: Mask = view.segment.arrays[COMPARED]
    return compared if view.deleted is None else compared & ~view.deleted


def _compare_with_all(views: Sequence[SegmentView], new: Sequence[str]) -> dict[str, _Match]:
    """Compare each with all."""
    found: dict[str, _Match] = {}
    masks = [_comparable(view) for view in views]
    for article in new:
        home, mine = _signature(views, masks, article)
        if mine is None:
            continue
        for place, (view, mask) in enumerate(zip(views, masks, strict=True)):
            counts = _matching_positions(view.segment.arrays[SIGNATURES], mine) * mask
            if place == home:
                counts[view.article_number(article)] = 0
            best = int(counts.max(initial=0))
            if best >= MIN_SIMILARITY * SIGNATURE_LENGTH:
                others = map(view.segment.id_of, np.flatnonzero(counts == best).tolist())
                _keep_best(found, article, _Match(best, min(others)))
    for view in views:
        release_pages(view.segment.arrays[SIGNATURES])
    return found


def _keep_best(found: dict[str, _Match], article: str, match: _Match) -> None:
    before = found.get(article)
    if before is None or (-match.agreeing, match.other) < (-before.agreeing, before.other):
        found[article] = match


def _signature(views: Sequence[SegmentView], masks: Sequence[Mask], article: str) -> tuple[int, Signatures | None]:
    """The position of the segment view that holds an article, and its signature; None where it is not compared."""
    for place, (view, mask) in enumerate(zip(views, masks, strict=True)):
        number = view.article_number(article)
        if number is not None:
            return place, view.segment.arrays[SIGNATURES][number] if mask[number] else None
    return -1, None


def _matching_positions(signatures: Signatures, mine: Signatures) -> Counts:
    """In how many positions each signature agrees with `mine`, or with the one in the same row."""
    agreeing: Counts = (signatures == mine).sum(axis=-1, dtype=np.uint8)
    return agreeing


def _compare_by_bands(views: Sequence[SegmentView], new: frozenset[str]) -> dict[str, _Match]:
    """Compare those that agree in a band: among tens of thousands, all pairs would take hours."""
    numbered = sorted(
        (article, place, number)
        for place, view in enumerate(views)
        for mask in (_comparable(view),)
        for article, number in view.ids()
        if mask[number]
    )
    signatures = np.empty((len(numbered), SIGNATURE_LENGTH), np.uint32)
    places, numbers = (np.array([row[column] for row in numbered], np.int64) for column in (1, 2))
    for place, view in enumerate(views):
        here = places == place
        signatures[here] = view.segment.arrays[SIGNATURES][numbers[here]]
        release_pages(view.segment.arrays[SIGNATURES])
    is_new = np.array([article in new for article, _, _ in numbered], np.bool_)
    found: dict[str, _Match] = {}
    for one, other, count in _similar_pairs(signatures, is_new):
        for article, match in ((one, other), (other, one)):
            if is_new[article]:
                _keep_best(found, numbered[article][0], _Match(count, numbered[match][0]))
    return found


def _similar_pairs(signatures: Signatures, is_new: Mask) -> Iterator[tuple[int, int, int]]:
    """Pairs of near-duplicate rows, at least one of them new, and in how many positions they agree."""
    size = len(signatures)
    pairs = np.unique(np.concatenate([np.empty(0, np.int64), *_candidate_pairs(signatures)]))
    one, other = pairs // max(size, 1), pairs % max(size, 1)
    wanted = is_new[one] | is_new[other]
    one, other = one[wanted], other[wanted]
    for start in range(0, len(one), BLOCK):
        mine, theirs = one[start : start + BLOCK], other[start : start + BLOCK]
        counts = _matching_positions(signatures[mine], signatures[theirs])
        alike = counts >= MIN_SIMILARITY * SIGNATURE_LENGTH
        yield from zip(mine[alike].tolist(), theirs[alike].tolist(), counts[alike].tolist(), strict=True)


def _candidate_pairs(signatures: Signatures) -> Iterator[npt.NDArray[np.int64]]:
    """For each band, the pairs of rows that agree in it, each pair as one number: row × number of rows + other row."""
    size = len(signatures)
    for first in range(0, SIGNATURE_LENGTH - BAND_LENGTH + 1, BAND_LENGTH):
        band = signatures[:, first : first + BAND_LENGTH].astype(np.uint64)
        keys = (band * MIX).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        for step in range(1, min(NEXT, size - 1) + 1):
            one, other = order[:-step], order[step:]
            same = keys[one] == keys[other]
            if not same.any():
                break
            yield one[same] * size + other[same]
