"""Articles by the beginnings of the words in their headings, for a person who is still typing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from index.analysis.analyzer import terms
from index.analysis.exact_forms import exact
from index.bm25.postings import Ids, Mask, Postings
from index.collection.collection import Collection

NO_ARTICLE = -1


def articles_of_sections(collection: Collection, ids: Sequence[str]) -> list[Ids]:
    """For each segment the article of each section, as its place among these ids; NO_ARTICLE if it is none of them."""
    places = {article_id: place for place, article_id in enumerate(ids)}
    found: list[Ids] = []
    for view in collection.views:
        articles = np.full(view.segment.article_count, NO_ARTICLE, np.int32)
        for article_id, number in view.ids():
            articles[number] = places.get(article_id, NO_ARTICLE)
        found.append(articles[view.segment.arrays["section_articles"]])
    return found


def find_headings(
    collection: Collection, articles: Sequence[Ids], typed: str, have_in_name: Callable[[str], Sequence[bool]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the articles that have all words of a text in the headings above a section, with these headings.

    Stop words do not count. Words that the article's name has need not be in the headings, but one has to be.

    Args:
        collection: the collection.
        articles: see `articles_of_sections`.
        typed: the text; the beginnings of words are enough.
        have_in_name: says of each article whether a word in its name begins so.
    """
    forms = dict.fromkeys(term.form for term in terms(typed))
    named = {form: np.array(have_in_name(form), np.bool_) for form in forms}
    found: list[tuple[int, int, int]] = []
    for place, (view, owners) in enumerate(zip(collection.views, articles, strict=True)):
        here = {form: _sections_with_prefix(view.segment.headings, exact(form)) for form in forms}
        wanted = (owners != NO_ARTICLE) & np.logical_or.reduce([np.zeros(len(owners), np.bool_), *here.values()])
        sections = np.flatnonzero(wanted)
        for form in forms:
            sections = sections[here[form][sections] | named[form][owners[sections]]]
        own, firsts = np.unique(owners[sections], return_index=True)
        found += [(one, place, section) for one, section in zip(own.tolist(), sections[firsts].tolist(), strict=True)]
    for article, place, section in sorted(found):
        yield article, collection.views[place].segment.heading_path(section)


def _sections_with_prefix(headings: Postings, prefix: str) -> Mask:
    """Which sections have a term with this prefix in their headings."""
    rows = headings.vocabulary.rows_with_prefix(prefix)
    mask = np.zeros(len(headings.lengths), np.bool_)
    mask[headings.chunks[headings.offsets[rows.start] : headings.offsets[rows.stop]]] = True
    return mask
