"""Near duplicates: the same story edited, or issued by another publisher. Estimated with MinHash signatures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.bm25.postings import Mask
from index.collection.minhash import COMPARED, PLACES, SIGNATURES, Signatures
from index.collection.segment import Leaf
from index.models import Noun
from index.storage.mapped_arrays import give_back

ALIKE = 0.5
"""The share of common five-word shingles from which two articles are near duplicates."""
FEW = 30
"""Up to this many articles are compared with all; more are compared only with those that agree in a band."""
BAND = 3
"""Positions of a signature in a band. Of 42 bands, two articles that share half agree in one at 99.6 %."""
NEXT = 8
"""How many of those that agree in a band an article is compared with."""
BLOCK = 2**15
MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
Counts = npt.NDArray[np.uint8]


class Similar(Noun):
    """An article that is a near duplicate of another one."""

    article: str
    other: str
    share: float
    """Estimated Jaccard similarity of the five-word shingles of both articles, in [0, 1]."""


class _Match(NamedTuple):
    """Another article, and in how many positions its signature agrees."""

    agreeing: int
    other: str


def similar(leaves: Sequence[Leaf], articles: Iterable[str]) -> tuple[Similar, ...]:
    """The most similar near duplicate among all articles (`leaves`) of each of `articles`; a pair is listed once."""
    new = sorted(set(articles))
    found = _among_few(leaves, new) if len(new) <= FEW else _among_many(leaves, frozenset(new))
    told: dict[str, Similar] = {}
    for article in new:
        match = found.get(article)
        if match is None or (match.other in told and told[match.other].other == article):
            continue
        told[article] = Similar(article=article, other=match.other, share=round(match.agreeing / PLACES, 4))
    return tuple(told.values())


def _compared(leaf: Leaf) -> Mask:
    """True for each article of a segment view that is not deleted and long enough."""
    compared: Mask = leaf.segment.arrays[COMPARED]
    return compared if leaf.gone is None else compared & ~leaf.gone


def _among_few(leaves: Sequence[Leaf], new: Sequence[str]) -> dict[str, _Match]:
    """Compare each with all."""
    found: dict[str, _Match] = {}
    masks = [_compared(leaf) for leaf in leaves]
    for article in new:
        home, mine = _signature(leaves, masks, article)
        if mine is None:
            continue
        for place, (leaf, mask) in enumerate(zip(leaves, masks, strict=True)):
            counts = _agreeing(leaf.segment.arrays[SIGNATURES], mine) * mask
            if place == home:
                counts[leaf.article(article)] = 0
            best = int(counts.max(initial=0))
            if best >= ALIKE * PLACES:
                others = map(leaf.segment.id_of, np.flatnonzero(counts == best).tolist())
                _keep(found, article, _Match(best, min(others)))
    for leaf in leaves:
        give_back(leaf.segment.arrays[SIGNATURES])
    return found


def _keep(found: dict[str, _Match], article: str, match: _Match) -> None:
    before = found.get(article)
    if before is None or (-match.agreeing, match.other) < (-before.agreeing, before.other):
        found[article] = match


def _signature(leaves: Sequence[Leaf], masks: Sequence[Mask], article: str) -> tuple[int, Signatures | None]:
    """The position of the segment view that holds an article, and its signature; None where it is not compared."""
    for place, (leaf, mask) in enumerate(zip(leaves, masks, strict=True)):
        number = leaf.article(article)
        if number is not None:
            return place, leaf.segment.arrays[SIGNATURES][number] if mask[number] else None
    return -1, None


def _agreeing(signatures: Signatures, mine: Signatures) -> Counts:
    """In how many positions each signature agrees with `mine`, or with the one in the same row."""
    agreeing: Counts = (signatures == mine).sum(axis=-1, dtype=np.uint8)
    return agreeing


def _among_many(leaves: Sequence[Leaf], new: frozenset[str]) -> dict[str, _Match]:
    """Compare those that agree in a band: among tens of thousands, all pairs would take hours."""
    numbered = sorted(
        (article, place, number)
        for place, leaf in enumerate(leaves)
        for mask in (_compared(leaf),)
        for article, number in leaf.ids()
        if mask[number]
    )
    signatures = np.empty((len(numbered), PLACES), np.uint32)
    places, numbers = (np.array([row[column] for row in numbered], np.int64) for column in (1, 2))
    for place, leaf in enumerate(leaves):
        here = places == place
        signatures[here] = leaf.segment.arrays[SIGNATURES][numbers[here]]
        give_back(leaf.segment.arrays[SIGNATURES])
    is_new = np.array([article in new for article, _, _ in numbered], np.bool_)
    found: dict[str, _Match] = {}
    for one, other, count in _alike(signatures, is_new):
        for article, match in ((one, other), (other, one)):
            if is_new[article]:
                _keep(found, numbered[article][0], _Match(count, numbered[match][0]))
    return found


def _alike(signatures: Signatures, is_new: Mask) -> Iterator[tuple[int, int, int]]:
    """Pairs of near-duplicate rows, at least one of them new, and in how many positions they agree."""
    size = len(signatures)
    pairs = np.unique(np.concatenate([np.empty(0, np.int64), *_candidates(signatures)]))
    one, other = pairs // max(size, 1), pairs % max(size, 1)
    wanted = is_new[one] | is_new[other]
    one, other = one[wanted], other[wanted]
    for start in range(0, len(one), BLOCK):
        mine, theirs = one[start : start + BLOCK], other[start : start + BLOCK]
        counts = _agreeing(signatures[mine], signatures[theirs])
        alike = counts >= ALIKE * PLACES
        yield from zip(mine[alike].tolist(), theirs[alike].tolist(), counts[alike].tolist(), strict=True)


def _candidates(signatures: Signatures) -> Iterator[npt.NDArray[np.int64]]:
    """For each band, the pairs of rows that agree in it, each pair as one number: row × number of rows + other row."""
    size = len(signatures)
    for first in range(0, PLACES - BAND + 1, BAND):
        band = signatures[:, first : first + BAND].astype(np.uint64)
        keys = (band * MIX).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        for step in range(1, min(NEXT, size - 1) + 1):
            one, other = order[:-step], order[step:]
            same = keys[one] == keys[other]
            if not same.any():
                break
            yield one[same] * size + other[same]
