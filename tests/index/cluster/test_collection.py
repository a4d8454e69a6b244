"""A collection in a cluster is, article by article, the one in this process."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from index.bm25.candidate_source import ChunkFilter
from index.cluster.collection import ClusterCollection
from index.cluster.deadline import SECONDS
from index.collection.collection import Collection
from index.collection.segment import NO_SECTION, Segment
from index.errors import ArticleUnknown, ClusterUnavailable, SnapshotDamaged

from .made import collection, entries


@pytest.fixture(scope="module")
def local() -> Collection:
    return Collection(entries())


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> ClusterCollection:
    return collection(tmp_path_factory.mktemp("store"), [Segment.of(entries())])


def pairs(local: Collection, remote: ClusterCollection) -> dict[int, int]:
    """Each chunk here, and the same one in the cluster."""
    ours = [chunk for article in local.ids for chunk in range(*local.article_bounds(article))]
    theirs = [chunk for article in local.ids for chunk in range(*remote.article_bounds(article))]
    return dict(zip(ours, theirs, strict=True))


def test_the_articles_are_the_same(local: Collection, remote: ClusterCollection) -> None:
    assert remote.articles == local.articles
    assert remote.sentences == local.sentences
    assert remote.ids == local.ids
    assert list(remote.entries) == list(local.entries)
    assert sorted(remote.labels()) == sorted(local.labels())
    assert remote.dates == local.dates
    assert remote.languages == local.languages
    assert set(remote.languages) == {"en", "de"}
    title = frozenset({"dam"})
    assert list(remote.ids_with_title_terms(title)) == list(local.ids_with_title_terms(title)) == ["dam"]
    assert remote.contains("mill")
    assert not remote.contains("nothing")
    with pytest.raises(ArticleUnknown):
        remote.entry("nothing")
    with pytest.raises(ArticleUnknown):
        remote.article_bounds("nothing")


def test_each_chunk_is_the_same(local: Collection, remote: ClusterCollection) -> None:
    same = pairs(local, remote)
    assert len(same) == local.sentences > 10
    assert list(remote.chunks()) == sorted(same.values())
    for ours, theirs in same.items():
        assert remote.text(theirs) == local.text(ours)
        assert remote.sentence(theirs) == local.sentence(ours)
        assert remote.id_of(theirs) == local.id_of(ours)
        assert remote.title_terms(theirs) == local.title_terms(ours)
        assert remote.sentence_features(theirs) == local.sentence_features(ours)
        here, there = (one.section_range(chunk) for one, chunk in ((local, ours), (remote, theirs)))
        assert (here and tuple(same[chunk] for chunk in range(*here))) == (there and tuple(range(*there)))
    with pytest.raises(IndexError):
        remote.text(0)
    with pytest.raises(IndexError):
        remote.text(max(same.values()) + 1)


def test_bounds_sections_and_headings_are_the_same(local: Collection, remote: ClusterCollection) -> None:
    same = pairs(local, remote)
    ours, theirs = (np.array(list(some), np.int32) for some in (same.keys(), same.values()))
    ends = same | {chunk + 1: other + 1 for chunk, other in same.items() if chunk + 1 not in same}
    for here, there in zip(local.bounds_of(ours)[::2], remote.bounds_of(theirs)[::2], strict=True):
        assert [same[start] for start in here.tolist()] == there.tolist()
    for here, there in zip(local.bounds_of(ours)[1::2], remote.bounds_of(theirs)[1::2], strict=True):
        assert [ends[end - 1] + 1 for end in here.tolist()] == there.tolist()
    sections, others = local.sections_of(ours), remote.sections_of(theirs)
    assert ((sections == NO_SECTION) == (others == NO_SECTION)).all()
    for here, there in set(zip(sections.tolist(), others.tolist(), strict=True)) - {(NO_SECTION, NO_SECTION)}:
        assert remote.heading(there) == local.heading(here)
        assert remote.section_bounds(there) == tuple(
            bound for start, end in [local.section_bounds(here)] for bound in (same[start], same[end - 1] + 1)
        )
    assert (sections != NO_SECTION).sum() >= 3


def test_the_postings_weigh_the_same(local: Collection, remote: ClusterCollection) -> None:
    same = pairs(local, remote)
    ours, theirs = (np.array(list(some), np.int32) for some in (same.keys(), same.values()))
    here, there = local.postings_near(ours), remote.postings_near(theirs)
    assert remote.bm25.corpus_size == local.bm25.corpus_size
    for term in local.postings.idf:
        [row], [other] = local.bm25.rows_of(term), remote.bm25.rows_of(term)
        assert remote.bm25.count(other) == local.bm25.count(row) == remote.bm25.frequency(term)
        assert remote.bm25.idf_of(term) == pytest.approx(local.bm25.idf_of(term), rel=1e-15)
        assert (there.weights_at(other, theirs) == here.weights_at(row, ours)).all()
        assert (there.contains_row(other, theirs) == here.contains_row(row, ours)).all()
        counts = (one.counts_in_ranges(r, c, c + 1) for one, r, c in ((here, row, ours), (there, other, theirs)))
        assert len({tuple(count.tolist()) for count in counts}) == 1
    assert not remote.bm25.has_term("nobody-says-this")
    assert remote.bm25.rows_of("nobody-says-this") == ()
    starting = [term for _, term in remote.bm25.rows_with_prefix("=")]
    assert starting == [term for _, term in local.bm25.rows_with_prefix("=")]
    assert len(starting) > 10


def members(within: ChunkFilter | None, chunks: Iterable[int], names: dict[int, int]) -> set[int]:
    """The names of those chunks that a filter lets through."""
    assert within is not None
    held = np.array(list(chunks), np.int32)
    return {names[chunk] for chunk in held[within.contains(held)].tolist()}


def both(one: ChunkFilter | None, other: ChunkFilter | None) -> ChunkFilter:
    assert one is not None
    assert other is not None
    return one & other


def test_filters_let_the_same_chunks_through(local: Collection, remote: ClusterCollection) -> None:
    same = pairs(local, remote)
    start, end = local.article_bounds("mill")
    ours = [
        local.filter_of("dam", with_url=False),
        local.filter_of("dam", with_url=True),
        local.filter_of(None, with_url=True),
        local.filter_of_language("de"),
        local.filter_by(["=ann/A"], [(start, end)]),
    ]
    theirs = [
        remote.filter_of("dam", with_url=False),
        remote.filter_of("dam", with_url=True),
        remote.filter_of(None, with_url=True),
        remote.filter_of_language("de"),
        remote.filter_by(["=ann/A"], [(same[start], same[end - 1] + 1)]),
    ]
    itself = {chunk: chunk for chunk in same.values()}
    for here, there in zip(ours, theirs, strict=True):
        assert members(here, same, same) == members(there, itself, itself)
    for place in (0, 3):
        here, there = both(ours[place], ours[4]), both(theirs[place], theirs[4])
        assert members(here, same, same) == members(there, itself, itself)
    for here, there in zip(ours[:4], theirs[:4], strict=True):
        assert here is not None
        assert there is not None
        assert here.count() == there.count()
        assert set(there.sample(100).tolist()) == members(here, same, same)
    assert set(remote.sample(100).tolist()) == set(itself)
    with pytest.raises(TypeError):
        both(theirs[0], ours[0])


def test_a_search_that_nobody_answers_says_so_in_time(remote: ClusterCollection) -> None:
    began = time.monotonic()
    with pytest.raises(ClusterUnavailable, match=r"^The search cluster does not answer\. Ask again"):
        remote.bm25.search(["dam"], 3)
    assert time.monotonic() - began < 10 * SECONDS  # far more than a busy machine adds


def test_an_altered_article_is_refused(tmp_path: Path) -> None:
    damaged = collection(tmp_path, [Segment.of(entries())])
    path = next(iter((tmp_path / "articles").glob("*/*")))
    path.write_bytes(path.read_bytes()[:-9] + b"different")
    place = [damaged.generation.blob_at(place) for place in range(damaged.articles)].index(path.name)
    with pytest.raises(SnapshotDamaged, match=r"verbatim cluster reindex"):
        damaged.entry(damaged.generation.id_at(place))
