"""The same sentence in several articles is one quotation that names them all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from index.analysis.analyzer import terms
from index.answering.pipeline import answer_question
from index.answering.proof import prove_answer
from index.answering.search import search
from index.bm25.postings import Ids
from index.collection.collection import Collection
from index.collection.deduplication import MAX_SOURCES_NAMED, limit_duplicates
from index.collection.segment import Segment, SegmentView
from index.engine import Engine
from index.errors import ArticleChanged, ArticleUnknown
from index.evaluation.questions import Gold
from index.indexing.merge_policy import apply_changes
from index.models import (
    Answer,
    Article,
    IndexedArticle,
    MetadataField,
    Origin,
    Quote,
    Sentence,
    Source,
    Span,
    Verdict,
    collapse_whitespace,
)
from tests.properties import examples

QUESTION = "Who will build the dam in Lomma?"
SAID = "Ann Karlsson will build the dam in Lomma."
POOL = [
    SAID,
    "The council of Lomma said on Monday that the dam is late.",
    "It also said that Ann Karlsson will pay for the dam.",
    "He said no.",
    "Green pears fall in Lomma when the dam is full.",
    "The “dam” is not built of stone.",
    'The "dam" is not built of stone.',
    "They will also build a bridge.",
]


def entry(name: str, *sentences: str, between: str = " ", url: bool = True) -> IndexedArticle:
    """An article of these sentences, each in white space of its own."""
    text, made = "", []
    for said in sentences:
        text += between if text else ""
        made.append(Sentence(article=name, span=Span(len(text), len(text) + len(said)), paragraph=0))
        text += said
    article = Article(
        id=name,
        file=f"{name}.txt",
        encoding="utf-8",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        url=MetadataField(value=f"https://example.com/{name}", origin=Origin.SIDECAR) if url else None,
    )
    return IndexedArticle(article=article, sentences=tuple(made))


def named(quote: Quote) -> list[str]:
    return [source.article.id for source in quote.all_sources]


def asked(collection: Collection, question: str = QUESTION) -> Answer:
    answer = answer_question(collection, question)
    prove_answer(answer, collection.by_id)
    return answer


FILLING = [entry(f"other-{number}", f"Nothing of note came to pass in Malmo on day {number}.") for number in range(9)]


def test_a_sentence_of_two_articles_is_quoted_once_and_names_both() -> None:
    collection = Collection([entry("b", "A start.", SAID), entry("a", SAID.replace(" ", "\n"), "An end."), *FILLING])
    answer = asked(collection)
    assert answer.verdict is Verdict.ANSWERED
    [quote] = answer.quotes
    assert quote.text == SAID
    assert sorted(named(quote)) == ["a", "b"]
    assert all(SAID not in other.text for other in answer.nearest)


def test_a_second_article_with_the_sentence_takes_nothing_from_the_answer() -> None:
    others = [*FILLING, entry("late", POOL[1]), entry("full", POOL[4])]
    once = asked(Collection([entry("a", SAID), *others]))
    twice = asked(Collection([entry("a", SAID), entry("b", SAID), *others]))
    assert [quote.text for quote in twice.quotes] == [quote.text for quote in once.quotes] == [SAID]


def test_curly_and_straight_quotes_are_different_words() -> None:
    collection = Collection([entry("curly", POOL[5]), entry("straight", POOL[6]), *FILLING])
    found = search(collection, terms("dam stone"), 5, None)
    assert sorted((quote.text, *named(quote)) for quote in found) == [(POOL[6], "straight"), (POOL[5], "curly")]


def test_a_sentence_that_an_article_says_twice_names_it_once() -> None:
    collection = Collection([entry("a", SAID, "In between.", SAID), entry("b", SAID), *FILLING])
    [quote] = search(collection, terms("Ann Karlsson"), 5, None)
    assert named(quote) == ["a", "b"]


def test_copies_do_not_use_up_the_places_of_a_search() -> None:
    copies = [entry(f"copy-{number:02}", SAID) for number in range(30)]
    collection = Collection([*copies, entry("late", POOL[1]), entry("full", POOL[4]), *FILLING])
    found = search(collection, terms("Lomma dam"), 3, None)
    assert sorted(quote.text for quote in found) == sorted([SAID, POOL[1], POOL[4]])


@pytest.mark.parametrize("number", [1, 40, 200])
def test_however_many_copies_there_are_the_answer_is_the_same_and_so_is_what_is_nearest(number: int) -> None:
    others = [
        entry("late", POOL[1]),
        entry("full", POOL[4]),
        entry("paid", "Who paid for the dam is not known."),
        *FILLING,
    ]
    answer = asked(Collection([*(entry(f"copy-{one:03}", SAID) for one in range(number)), *others]))
    assert [quote.text for quote in answer.quotes] == [SAID]
    assert named(answer.quotes[0]) == [f"copy-{one:03}" for one in range(min(number, 1 + MAX_SOURCES_NAMED))]
    assert {POOL[1], POOL[4]} <= {quote.text for quote in answer.nearest}


def test_few_of_each_are_the_best_few_and_those_that_come_first_by_id() -> None:
    copies = [entry(f"copy-{one:03}", SAID) for one in range(120)]
    collection = Collection(
        [*copies, *(entry(f"other-{one:03}", f"The dam number {one} is full.") for one in range(120))]
    )

    def top(number: int) -> tuple[Ids, npt.NDArray[np.float64]]:
        return collection.bm25.search(["dam", "lomma"], number, None)

    found = [collection.id_of(chunk) for chunk in limit_duplicates(collection, top, 50, None).tolist()]
    assert found[:3] == ["copy-000", "copy-001", "copy-002"]
    assert len(found) == 50
    assert all(name.startswith("other-") for name in found[3:])


def test_of_very_many_articles_some_are_named_and_the_others_counted() -> None:
    copies = [entry(f"copy-{number:03}", SAID) for number in range(300)]
    [quote] = search(Collection([*copies, *FILLING]), terms("Ann Karlsson"), 3, None)
    assert named(quote) == [f"copy-{number:03}" for number in range(1 + MAX_SOURCES_NAMED)]
    assert quote.further_sources == 300 - 1 - MAX_SOURCES_NAMED


def test_widened_quotations_are_one_only_where_they_are_equal_as_a_whole() -> None:
    who, other, leans = POOL[1], "The mayor of Lomma wrote a letter about the dam.", POOL[2]
    collection = Collection([entry("a", who, leans), entry("b", who, leans), entry("c", other, leans), *FILLING])
    answer = asked(collection, "Who did they say will pay for the dam in Lomma?")
    shown = {quote.text: named(quote) for quote in answer.shown_quotes}
    assert shown.get(f"{who} {leans}") == ["a", "b"]
    assert shown.get(f"{other} {leans}", ["c"]) == ["c"]
    assert leans not in shown


def test_an_answer_from_one_article_names_no_other(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, {"a": f"{SAID} One.", "b": f"{SAID} Two."})
    [quote] = engine.ask(QUESTION, "b").quotes
    assert named(quote) == ["b"]
    [quote] = engine.search("Ann Karlsson", 3, "b")
    assert named(quote) == ["b"]


def test_where_sources_must_have_a_url_those_without_are_not_named() -> None:
    collection = Collection([entry("a", SAID, url=False), entry("b", SAID), entry("c", SAID), *FILLING])
    [quote] = search(collection, terms("Ann Karlsson"), 3, collection.filter_of(None, with_url=True))
    assert named(quote) == ["b", "c"]


def test_an_article_that_is_gone_is_no_source_any_more() -> None:
    parts = [SegmentView(Segment.of([entry(name, f"{name} begins.", SAID)])) for name in "abcd"]
    for views in (
        parts,
        apply_changes(parts, {"b"}, [Segment.of(FILLING)]),
        [view.without({"b", "d"}) for view in parts],
    ):
        collection = Collection.from_views(view for view in views if view.article_count)
        [quote] = search(collection, terms("Ann Karlsson"), 3, None)
        assert named(quote) == [name for name in collection.ids if len(name) == 1]


def test_a_gold_sentence_is_right_in_any_of_the_sources() -> None:
    [quote] = search(Collection([entry("a", SAID), entry("b", SAID)]), terms("Ann Karlsson"), 3, None)
    assert all(Gold(article=name, contains="Ann  Karlsson will").matches(quote) for name in "ab")
    assert not Gold(article="c", contains="Ann Karlsson").matches(quote)


def test_context_names_the_sources_that_say_the_same_around_it(tmp_path: Path) -> None:
    engine = engine_over(
        tmp_path, {"a": f"So it is. {SAID} An end.", "b": f"{SAID} Two.", "c": f"So it is. {SAID} An end. More."}
    )
    [quote] = engine.search("Ann Karlsson", 3)
    assert named(quote) == ["a", "b", "c"]
    around = engine.context(quote)
    assert around.text == f"So it is. {SAID} An end."
    assert named(around) == ["a", "c"]
    assert [piece.other_sources for piece in engine.around(quote) if piece] == [(), ()]


def test_what_was_quoted_is_quoted_again_from_those_that_still_say_it(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, {"a": f"{SAID} One.", "b": f"{SAID} Two.", "c": f"{SAID} Three."})
    [quote] = engine.search("Ann Karlsson", 3)
    place = (quote.article.id, quote.article.text_sha256, quote.spans, quote.matched)
    also = [(source.article.id, source.article.text_sha256, source.spans) for source in quote.other_sources]
    assert engine.quote_again(*place, also) == quote.model_copy(update={"score": 0})
    (tmp_path / "seeds" / "b.txt").write_text("Something else is said here.")
    engine.reindex()
    assert named(engine.quote_again(*place, also)) == ["a", "c"]
    engine.remove("c")
    assert named(engine.quote_again(*place, also)) == ["a"]
    with pytest.raises(ArticleChanged):
        engine.quote_again(*also[0])
    engine.remove("a")
    with pytest.raises(ArticleUnknown):
        engine.quote_again(*place, also)


def test_an_answer_that_was_given_lately_names_the_same_sources(tmp_path: Path) -> None:
    engine = engine_over(tmp_path, {"a": f"{SAID} One.", "b": f"{SAID} Two."})
    first = engine.ask(QUESTION)
    assert engine.is_cached(QUESTION)
    assert engine.ask(QUESTION) == first
    assert named(first.quotes[0]) == ["a", "b"]


def engine_over(folder: Path, texts: dict[str, str]) -> Engine:
    (folder / "seeds").mkdir()
    for name, text in texts.items():
        (folder / "seeds" / f"{name}.txt").write_text(f"About {name}\n\n{text}\n")
    return Engine.open(folder / "seeds", folder / "data")


articles = st.lists(
    st.tuples(st.lists(st.sampled_from(POOL), min_size=1, max_size=5), st.sampled_from([" ", "\n", " \t "])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(60), deadline=None)
@given(articles, st.integers(1, 6), st.sampled_from([QUESTION, "Did he say no?", "What will they also build?", "dam"]))
def test_nothing_is_shown_twice_and_every_source_says_exactly_that(
    given_articles: list[tuple[list[str], str]], parts: int, question: str
) -> None:
    entries = [entry(f"a{number}", *said, between=white) for number, (said, white) in enumerate(given_articles)]
    segments = [Segment.of(entries[start::parts]) for start in range(parts) if entries[start::parts]]
    collection = Collection.from_views(map(SegmentView, segments))
    answer = asked(collection, question)
    found = search(collection, terms(question), 10, None)
    for shown in (answer.quotes, answer.nearest, found):
        assert len({quote.pieces for quote in shown}) == len(shown)
        for quote in shown:
            assert len(set(named(quote))) == len(quote.all_sources)
            assert {source.pieces for source in quote.all_sources} == {quote.pieces}
    for quote in found:
        holders = [
            made.article.id
            for made in entries
            if quote.text in {collapse_whitespace(made.article.text[slice(*one.span)]) for one in made.body_sentences}
        ]
        assert named(quote) == holders
        assert quote.further_sources == 0


@given(
    st.text(st.sampled_from("ab \n\u2003"), min_size=1, max_size=8),
    st.text(st.sampled_from("ab \n\u2003"), min_size=1, max_size=8),
)
def test_a_quotation_takes_no_source_that_folds_to_other_words(one: str, other: str) -> None:
    mine, theirs = (
        Source(article=entry(name, said).article, spans=(Span(0, len(said)),))
        for name, said in (("a", one), ("b", other))
    )

    def made() -> Quote:
        return Quote(article=mine.article, spans=mine.spans, score=1, other_sources=(theirs,))

    if collapse_whitespace(one) == collapse_whitespace(other):
        assert made().text == collapse_whitespace(other)
    else:
        with pytest.raises(ValidationError, match="does not say the same"):
            made()


def test_a_joint_that_an_article_prints_itself_is_no_joint() -> None:
    one, other = entry("a", "First.", "Between.", "Last."), entry("b", "First. […] Last.")
    both = tuple(sentence.span for sentence in one.sentences[::2])
    whole = Source(article=other.article, spans=(other.sentences[0].span,))
    assert Quote(article=one.article, spans=both, score=1).text == whole.text
    with pytest.raises(ValidationError, match="does not say the same"):
        Quote(article=one.article, spans=both, score=1, other_sources=(whole,))


def test_no_article_is_named_twice() -> None:
    made = entry("a", SAID)
    itself = Source(article=made.article, spans=(made.sentences[0].span,))
    with pytest.raises(ValidationError, match="twice"):
        Quote(article=made.article, spans=itself.spans, score=1, other_sources=(itself,))
