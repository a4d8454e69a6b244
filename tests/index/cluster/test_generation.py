"""A generation is read as it was written, and its counts are those of its articles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cluster.generation import HEADINGS, SENTENCES, CountChanges, Generation
from index.collection.segment import Segment
from index.errors import SnapshotDamaged

from .made import TEXTS, entries, publish

NAMES = sorted(TEXTS)


def test_a_generation_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = publish(tmp_path, [Segment.of(entries())], 12)
    read = Generation.read(12, written.to_bytes())
    assert list(read.rows()) == list(written.rows())
    assert [row.id for row in read.rows()] == [name.partition(".")[0] for name in NAMES]
    assert (read.number, read.articles, read.next_chunk) == (12, len(TEXTS), written.next_chunk)
    assert read.sentences.vocabulary[:] == written.sentences.vocabulary[:]
    assert (read.sentences.documents, read.headings.documents) == (written.sentences.documents, 2)
    for place, row in enumerate(read.rows()):
        assert read.place_of(row.id) == place
        assert read.blob_at(place) == row.blob


def test_every_number_is_one_article_s_or_none(tmp_path: Path) -> None:
    generation = publish(tmp_path, [Segment.of(entries())])
    numbers = np.arange(generation.next_chunk + 5, dtype=np.int32)
    places = generation.places_of(numbers).tolist()
    for number, place in zip(numbers.tolist(), places, strict=True):
        assert generation.place_of_chunk(number) == (None if place < 0 else place)
    for place, row in enumerate(generation.rows()):
        assert places.count(place) == row.chunks
        assert places[row.first_chunk : row.first_chunk + row.chunks] == [place] * row.chunks


@pytest.mark.parametrize("content", [b"", b"nothing", b"verbatim arrays 1\n2\n{}"])
def test_what_is_no_generation_is_refused(content: bytes) -> None:
    with pytest.raises(SnapshotDamaged):
        Generation.read(1, content)


def test_a_generation_that_was_cut_is_refused(tmp_path: Path) -> None:
    whole = publish(tmp_path, [Segment.of(entries())]).to_bytes()
    with pytest.raises(SnapshotDamaged):
        Generation.read(1, whole[: len(whole) // 2])


@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES)))
def test_counts_that_change_are_those_of_what_is_left(before: set[str], after: set[str]) -> None:
    counts = Generation.empty().sentences, Generation.empty().headings
    for going, coming in ((set(), before), (before, after)):
        changes = CountChanges()
        for sign, names in ((-1, going), (1, coming)):
            for name in sorted(names):
                changes.add(Segment.of(entries([name])), sign)
        counts = changes.applied_to(SENTENCES, counts[0]), changes.applied_to(HEADINGS, counts[1])
    whole = Segment.of(entries(sorted(after)))
    for found, postings in zip(counts, (whole.postings, whole.headings), strict=True):
        assert found.vocabulary[:] == postings.vocabulary[:]
        assert found.counts.tolist() == postings.counts().tolist()
        assert (found.documents, found.length) == (len(postings.lengths), int(postings.lengths.sum()))


def test_a_sample_is_from_everywhere(tmp_path: Path) -> None:
    generation = publish(tmp_path, [Segment.of(entries())])
    few = generation.sample(4)
    assert 4 <= len(few) <= 7
    assert (generation.places_of(few) >= 0).all()
    assert len(set(generation.places_of(few).tolist())) >= 3
    only = np.array([row.id == "mill" for row in generation.rows()])
    assert {generation.id_at(place) for place in generation.places_of(generation.sample(50, only)).tolist()} == {"mill"}
