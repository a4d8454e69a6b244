"""A segment holds entries as they are; segments that are merged are as if made in one go."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Plus

from index.analysis.analyzer import terms
from index.answering.pipeline import answer_question
from index.cleaning import built_in_rules
from index.collection.collection import Collection
from index.collection.segment import Segment, SegmentView, merge_views, split_segment
from index.errors import SnapshotDamaged
from index.indexing.merge_policy import apply_changes
from index.models import IndexedArticle
from index.reading import read_article
from index.storage.entry_json import article_from_json, entry_from_json, entry_to_json
from index.storage.mapped_arrays import arrays_from_bytes, arrays_to_bytes, read_arrays, write_arrays

NAMES = "abcdefghij"
TEXTS = [
    "Headline of {0}\n\nThe {0} fell in Göteborg. Ann “saw” the {0} 😀 on Monday.\n\nNobody {0} there.\n",
    "Of {0}\n\nIt rained on {0} and on Ann. It also rained in Lomma.\n\nhttps://example.com/{0}\n",
    "\n\nAnn Karlsson will build a dam for {0} in the valley.\n",
    """# Of {0}\n\n## How do I hire the {0}?\n\n1. Ask Ann.\n2. Pay.\n\n## Fares\n\nAll of them:\n
| Class of ticket | Fare |\n|---|---|\n| {0} | 4 |\n| second | 2 |\n""",
]
HEADED = 3
"""The text of them that has headings."""


@cache
def entry(name: str, version: int = 0) -> IndexedArticle:
    number = (NAMES.index(name) + version) % len(TEXTS)
    text = TEXTS[number].format(name * 5 + str(version))
    return read_article(f"{name}.md" if number == HEADED else f"{name}.txt", text.encode(), None, built_in_rules())


VERSIONS = [(name, version) for name in NAMES for version in range(3)]
QUESTIONS = (
    "Who saw it in Göteborg?",
    "Where did it also rain?",
    "Who will build a dam in the valley?",
    "aaaaa0",
    "How do I hire the ddddd0?",
    "What is the fare of the second class?",
)


def test_a_record_gives_the_entry_back() -> None:
    for one in (entry(*version) for version in VERSIONS):
        article = article_from_json(entry_to_json(one), one.article.text)
        assert article == one.article
        assert entry_from_json(entry_to_json(one), article) == one


def test_a_segment_gives_back_its_entries_and_their_sentences() -> None:
    collection = Collection([entry(name, 0) for name in NAMES])
    assert list(collection.entries) == [entry(name, 0) for name in NAMES]
    assert collection.ids == tuple(NAMES)
    for chunk in collection.chunks():
        sentence, home = collection.sentence(chunk), collection.entry(collection.id_of(chunk))
        assert sentence in home.body_sentences
        assert collection.text(chunk) == home.article.text[slice(*sentence.span)]
        bounds = collection.bounds_of(np.array([chunk], np.int32))
        article = range(int(bounds.article_start[0]), int(bounds.article_end[0]))
        paragraph = range(int(bounds.paragraph_start[0]), int(bounds.paragraph_end[0]))
        assert [collection.sentence(other) for other in article] == list(home.body_sentences)
        assert {collection.sentence(other).paragraph for other in paragraph} == {sentence.paragraph}
        assert len(paragraph) == sum(one.paragraph == sentence.paragraph for one in home.body_sentences)


def alike(one: Collection, other: Collection) -> None:
    assert one.ids == other.ids
    assert list(one.entries) == list(other.entries)
    assert (one.articles, one.sentences) == (other.articles, other.sentences)
    assert dict(one.postings.idf) == dict(other.postings.idf)
    assert sorted(one.labels()) == sorted(other.labels())
    for question in QUESTIONS:
        ours, theirs = answer_question(one, question), answer_question(other, question)
        assert ours.verdict == theirs.verdict
        assert {quote.text for quote in ours.quotes} == {quote.text for quote in theirs.quotes}
        assert ours.explanation.probability == pytest.approx(theirs.explanation.probability)


changes = st.lists(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), max_size=6), min_size=1, max_size=6)


@given(changes)
def test_a_collection_that_has_changed_is_as_if_made_in_one_go(history: list[dict[str, int]]) -> None:
    views: list[SegmentView] = []
    held: dict[str, int] = {}
    for change in history:
        coming = {name: version for name, version in change.items() if version < 3}
        made = [Segment.of([entry(name, version) for name, version in coming.items()])] if coming else []
        views = apply_changes(views, change.keys(), made)
        held = {name: version for name, version in held.items() if name not in change} | coming
    alike(Collection.from_views(views), Collection(entry(name, version) for name, version in held.items()))
    if views:
        alike(
            Collection.from_views([SegmentView(merge_views(views))]), Collection(entry(*pair) for pair in held.items())
        )


def test_articles_that_are_gone_are_found_by_nothing() -> None:
    collection = Collection([entry(name, 0) for name in "abc"])
    left = collection.without(frozenset("b"))
    assert left.find("b") is None
    assert "b" not in left.by_id
    assert left.ids == ("a", "c")
    assert all(left.article_of(chunk).id != "b" for chunk in left.chunks())
    assert not any(left.bm25.has_term(term) for term in ("bbbbb0",))


def words_of(collection: Collection, chunk: int) -> str:
    """The words of a chunk; of a row with those of its header."""
    entry, span = collection.entry(collection.id_of(chunk)), collection.sentence(chunk).span
    labels = [label for block in entry.blocks if block.span == span for label in block.labels]
    return " ".join(entry.article.text[slice(*place)] for place in (*labels, span))


def test_exact_forms_beside_the_stems_leave_the_scores_of_rank_bm25() -> None:
    collection = Collection([entry(name, 0) for name in NAMES])
    corpus = [[term.term for term in terms(words_of(collection, chunk))] for chunk in collection.chunks()]
    theirs = BM25Plus(corpus, k1=collection.postings.k1, b=collection.postings.b)
    for question in QUESTIONS:
        query = [term.term for term in terms(question)]
        np.testing.assert_allclose(collection.postings.get_scores(query), theirs.get_scores(query), rtol=1e-9)


def test_segments_stay_few_and_small_changes_are_cheap() -> None:
    views = apply_changes([], (), [Segment.of([entry(name, 0) for name in NAMES])])
    for round_ in range(40):
        name = NAMES[round_ % len(NAMES)]
        views = apply_changes(views, {name}, [Segment.of([entry(name, round_ % 3)])])
        assert len(views) <= 4
        assert sum(view.article_count for view in views) == len(NAMES)
        assert all(view.chunk_count >= 0.75 * view.segment.chunk_count for view in views)


def test_a_mapped_segment_is_the_one_that_was_written(tmp_path: Path) -> None:
    made = Segment.of([entry(name, 0) for name in NAMES])
    write_arrays(tmp_path / "segment", made.arrays)
    alike(
        Collection.from_views([SegmentView(Segment.read(tmp_path / "segment"))]),
        Collection.from_views([SegmentView(made)]),
    )


@pytest.mark.parametrize("content", [b"", b"verbatim arrays 1\n", b"rubbish", b'verbatim arrays 1\n9\n{"a": 7}\n'])
def test_a_file_that_holds_no_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "segment").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="segment of the snapshot"):
        read_arrays(tmp_path / "segment")


def test_texts_are_read_on_after_their_pages_were_given_back(tmp_path: Path) -> None:
    long = read_article("a.txt", ("Ann saw a dam. " * 9000).encode(), None, built_in_rules())
    write_arrays(tmp_path / "segment", Segment.of([long]).arrays)
    segment = Segment.read(tmp_path / "segment")
    assert {segment.text(chunk) for chunk in range(segment.chunk_count)} == {"Ann saw a dam."}


@given(st.sets(st.sampled_from(VERSIONS), min_size=1))
def test_a_segment_that_is_split_is_as_if_each_article_were_alone(chosen: set[tuple[str, int]]) -> None:
    newest = {name: entry(name, version) for name, version in sorted(chosen)}
    for name, one in zip(sorted(newest), split_segment(Segment.of(list(newest.values()))), strict=True):
        alone = Segment.of([newest[name]])
        assert one.arrays.keys() == alone.arrays.keys()
        for key, array in alone.arrays.items():
            assert one.arrays[key].dtype == array.dtype, key
            np.testing.assert_array_equal(one.arrays[key], array, key)
        again = Segment(arrays_from_bytes(arrays_to_bytes(one.arrays)))
        assert again.entry(0) == newest[name]
