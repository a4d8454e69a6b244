"""An article that is much like another one is told of; nothing is refused for it."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.collection.minhash import COMPARED, SIGNATURE_LENGTH, SIGNATURES, WORD, signature_arrays
from index.collection.segment import Segment, SegmentView, merge_views
from index.engine import Engine
from index.indexing import near_duplicates
from index.indexing.merge_policy import apply_changes
from index.indexing.near_duplicates import find_similar
from index.models import Article, IndexedArticle, Sentence, Span
from tests.properties import examples

WORDS = [f"word{number}" for number in range(2000)]


def story(chance: random.Random, sentences: int = 12) -> list[str]:
    """Sentences that share nothing with those of another story but by chance."""
    return [" ".join(chance.choices(WORDS, k=15)).capitalize() + "." for _ in range(sentences)]


def entry(name: str, sentences: list[str]) -> IndexedArticle:
    text, made = "", []
    for said in sentences:
        text += " " if text else ""
        made.append(Sentence(article=name, span=Span(len(text), len(text) + len(said)), paragraph=0))
        text += said
    digest = hashlib.sha256(text.encode()).hexdigest()
    article = Article(id=name, file=f"{name}.txt", encoding="utf-8", sha256=digest, text=text)
    return IndexedArticle(article=article, sentences=tuple(made))


def shared(one: list[str], other: list[str]) -> float:
    """The share of the runs of five words that both hold, counted."""
    runs = []
    for sentences in (one, other):
        words = [word for said in sentences for word in WORD.findall(said.casefold())]
        runs.append({tuple(words[place : place + 5]) for place in range(len(words) - 4)})
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def test_the_same_story_with_another_headline_and_a_paragraph_less_is_told_of(seeds: Path, data: Path) -> None:
    engine = Engine.open(seeds, data)
    known = "003_10f24738130fbaea"
    text = engine.entry(known).article.text
    headline = "US orders global warning over alleged AI theft by DeepSeek and Chinese firms"
    dropped = text[text.index("The cable, dated Friday") :].split("\n")[0]
    edited = text.replace(headline, "A warning goes around the world").replace(dropped, "")
    assert len(edited) < len(text) - 200
    report = engine.add_contents({"edited.txt": edited.encode()})
    [found] = report.similar
    assert (found.article, found.other) == ("edited", known)
    assert 0.7 < found.share < 1
    assert report.added == ("edited",)
    assert report.refused == ()
    assert engine.reindex().similar == ()


def test_two_stories_on_the_same_subject_are_not_alike(seeds: Path, data: Path) -> None:
    assert Engine.open(seeds, data, build=False).reindex().similar == ()


def test_the_share_is_close_to_the_one_that_is_counted() -> None:
    chance = random.Random(3)  # noqa: S311  # words, not secrets
    for _ in range(40):
        one = story(chance)
        other = one[chance.randrange(6) :] + story(chance, chance.randrange(6))
        both = signature_arrays([one, other])[SIGNATURES]
        assert abs(float((both[0] == both[1]).mean()) - shared(one, other)) < 0.18


def test_short_articles_are_left_out() -> None:
    said = "Ann Karlsson will build a dam in the valley of Lomma in May."
    long = [said, said.replace("May", "June"), said.replace("May", "July")]
    assert signature_arrays([[said] * 2, ["Yes."] * 9, long, []])[COMPARED].tolist() == [False, False, True, False]
    views = [SegmentView(Segment.of([entry("a", [said] * 2), entry("b", [said] * 2)]))]
    assert find_similar(views, ["a", "b"]) == ()


def test_the_signature_is_the_same_on_every_platform_and_at_every_run() -> None:
    # Where it changes, all articles must be read anew: two kinds of signatures agree nowhere.
    made = signature_arrays([["The quick brown fox jumps over the lazy dog."] * 4])[SIGNATURES]
    assert hashlib.sha256(made.astype("<u4").tobytes()).hexdigest()[:16] == "86ed5a04888c6cb0"


def test_a_pair_is_told_once_and_an_article_with_the_one_it_is_most_like() -> None:
    chance = random.Random(1)  # noqa: S311  # words, not secrets
    whole, other = story(chance, 20), story(chance)
    views = [SegmentView(Segment.of([entry("near", whole[:18]), entry("far", whole[:12]), entry("apart", other)]))]
    views.append(SegmentView(Segment.of([entry("new", whole)])))
    [found] = find_similar(views, ["new"])
    assert (found.article, found.other) == ("new", "near")
    assert [(one.article, one.other) for one in find_similar(views, ["near", "new"])] == [("near", "new")]


def test_an_article_that_is_gone_is_like_none() -> None:
    whole = story(random.Random(2))  # noqa: S311  # words, not secrets
    views = [
        SegmentView(Segment.of([entry("old", whole), entry("older", whole[1:])])),
        SegmentView(Segment.of([entry("new", whole[:-1])])),
    ]
    assert [one.other for one in find_similar(views, ["new"])] == ["old"]
    assert [one.other for one in find_similar(apply_changes(views, {"old"}, []), ["new"])] == ["older"]
    assert find_similar([views[0].without({"old", "older"}), views[1]], ["new"]) == ()


def test_merged_segments_keep_each_articles_signature() -> None:
    chance = random.Random(4)  # noqa: S311  # words, not secrets
    stories = {f"a{number}": story(chance) for number in range(9)}
    views = [
        SegmentView(Segment.of([entry(name, stories[name]) for name in names]))
        for names in (["a3", "a1"], ["a0"], ["a5", "a2"])
    ]
    together = merge_views([views[0].without({"a1"}), *views[1:]])
    for name in ("a3", "a0", "a5", "a2"):
        alone = signature_arrays([stories[name]])[SIGNATURES][0]
        number = together.article_number(name)
        assert number is not None
        assert np.array_equal(together.arrays[SIGNATURES][number], alone)


@settings(max_examples=examples(25), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4), st.data())
def test_many_are_compared_as_few_are(chance: random.Random, parts: int, data: st.DataObject) -> None:
    stories: list[list[str]] = []
    for _ in range(12):
        fresh = story(chance, 8)
        old = chance.choice(stories) if stories else []
        stories.append(old[: chance.randrange(len(old) + 1)] + fresh if chance.random() < 0.7 else fresh)
    entries = [entry(f"a{number:02}", said) for number, said in enumerate(stories)]
    views = [SegmentView(Segment.of(entries[start::parts])) for start in range(parts)]
    new = data.draw(st.sets(st.sampled_from([made.article.id for made in entries])))
    few = near_duplicates._compare_with_all(views, sorted(new))  # both ways of one answer
    many = near_duplicates._compare_by_bands(views, frozenset(new))
    sure = {name: match for name, match in few.items() if match.agreeing > 0.6 * SIGNATURE_LENGTH}
    assert {name: many.get(name) for name in sure} == sure
    assert many.items() <= few.items() or all(few[name].agreeing >= match.agreeing for name, match in many.items())


def test_a_first_build_of_many_articles_tells_of_each_that_is_alike(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311  # words, not secrets
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    stories = [story(chance) for _ in range(40)]
    for number, said in enumerate(stories):
        (seeds / f"a{number:02}.txt").write_text(f"Story {number}\n\n" + "\n\n".join(said))
    for number in range(0, 40, 10):
        (seeds / f"b{number:02}.txt").write_text(f"Copy {number}\n\n" + "\n\n".join(stories[number][1:]))
    report = Engine.open(seeds, tmp_path / "data", build=False).reindex()
    assert [(one.article, one.other) for one in report.similar] == [(f"a{n:02}", f"b{n:02}") for n in range(0, 40, 10)]
