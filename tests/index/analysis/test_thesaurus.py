import gzip
import importlib
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import pytest

import index.analysis.thesaurus
from index.analysis.analyzer import stem, stop_words
from index.analysis.thesaurus import base_forms, forms, inflected_forms, related
from tools.thesaurus.make import everyday, paraphrases

DATA = resources.files("index.analysis.thesaurus")
MIB = 1 << 20


Lines = list[tuple[str, list[tuple[str, float]]]]


@pytest.fixture(scope="module")
def lines() -> Lines:
    """All of the data: each word with its related words and their weights."""
    split = (line.partition("\t") for line in DATA.joinpath("thesaurus.txt").read_text("utf-8").splitlines())
    return [
        (word, [(other, float(weight)) for other, _, weight in (pair.rpartition(":") for pair in pairs.split())])
        for word, _, pairs in split
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hardware", "chip"),
        ("firm", "company"),
        ("steal", "theft"),
        ("ban", "forbid"),
        ("ban", "prohibit"),
        ("China", "Chinese"),
        ("Britain", "British"),
        ("America", "American"),
        ("accuse", "allegation"),
        ("explosion", "explode"),
        ("launch", "release"),
        ("doctor", "physician"),
        ("cost", "price"),
        ("kill", "murder"),
        ("buy", "purchase"),
        ("decide", "decision"),
    ],
)
def test_words_that_people_use_for_one_another_are_related_both_ways(one: str, other: str) -> None:
    assert related(stem(one.lower()))[stem(other.lower())] >= 0.3
    assert related(stem(other.lower()))[stem(one.lower())] >= 0.3


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("newest", "new"),
        ("newer", "new"),
        ("biggest", "big"),
        ("happiest", "happy"),
        ("earliest", "early"),
        ("stole", "steal"),
        ("stolen", "steal"),
        ("sold", "sell"),
        ("told", "tell"),
        ("men", "man"),
        ("children", "child"),
        ("found", "find"),
    ],
)
def test_an_irregular_form_stands_for_its_base_and_the_base_for_it(form: str, base: str) -> None:
    assert stem(base) in base_forms(stem(form))
    assert stem(form) in inflected_forms(stem(base))
    assert related(stem(form))[stem(base)] >= 0.9
    assert related(stem(base))[stem(form)] >= 0.9


def test_the_forms_of_one_word_know_each_other() -> None:
    assert set(forms("stolen")) == {"steal", "stole"}
    assert set(forms("steal")) == {"stole", "stolen"}
    assert forms("zzyzx") == ()


def test_building_the_thesaurus_leaves_its_functions_as_they_are() -> None:
    importlib.import_module("tools.thesaurus.make")
    assert index.analysis.thesaurus.forms("steal") == ("stole", "stolen")
    assert index.analysis.thesaurus.related("stolen")["steal"] == 0.95


def test_what_is_related_to_a_word_is_related_to_its_forms() -> None:
    assert set(related("steal")) - {"stolen"} <= set(related("stolen"))
    assert {"stole", "stolen"} <= set(related("theft"))


def test_a_form_that_is_oftener_a_word_of_its_own_stays_one() -> None:
    assert base_forms("ground") == ()


def test_opposites_and_strangers_are_not_related() -> None:
    assert "banana" not in related("govern")
    assert "softwar" not in related("banana")


def test_an_unknown_stem_has_no_relations() -> None:
    assert related("zzyzx") == {}
    assert related("") == {}
    assert related("\t") == related("\n") == related("steal\tx") == {}


def test_every_weight_is_over_0_and_at_most_1_and_no_stem_is_related_to_itself(lines: Lines) -> None:
    for word, pairs in lines:
        assert pairs
        assert all(0 < weight <= 1 for _, weight in pairs)
        assert word not in dict(pairs)


def test_the_stem_that_was_asked_for_is_never_among_its_relations() -> None:
    for word in ("steal", "stolen", "new", "newest", "men", "man"):
        near = related(word)
        assert word not in near
        assert all(0 < weight <= 1 for weight in near.values())


def test_keys_stand_once_and_in_order_so_that_bisection_finds_each(lines: Lines) -> None:
    keys = [word for word, _ in lines]
    assert keys == sorted(set(keys), key=str.encode)
    for word, pairs in lines[:: len(keys) // 200]:
        near = related(word)
        assert all(near[other] >= weight for other, weight in pairs)


def test_no_stop_word_is_a_relation(lines: Lines) -> None:
    assert not {other for _, pairs in lines for other, _ in pairs} & (stop_words().words - stop_words().acronyms)


def test_the_groups_for_everyday_words_are_in_the_data(lines: Lines) -> None:
    data = {word: dict(pairs) for word, pairs in lines}
    for word, others in everyday():
        assert all(data[word][other] >= weight for other, weight in others.items())


def test_the_paraphrases_are_in_the_data(lines: Lines) -> None:
    data = {word: dict(pairs) for word, pairs in lines}
    for word, others in paraphrases().items():
        assert all(data[word][other] >= weight for other, weight in others.items()), word


@pytest.mark.parametrize(
    ("asked", "said"), [("memo", "message"), ("ban", "prohibit"), ("embassy", "mission"), ("boss", "executive")]
)
def test_words_of_everyday_english_find_those_of_texts(asked: str, said: str) -> None:
    assert related(stem(asked))[stem(said)] >= 0.5


def test_the_data_stays_small_on_disk_and_in_memory() -> None:
    whole = DATA.joinpath("thesaurus.txt").read_bytes()
    assert len(whole) < 16 * MIB
    assert len(gzip.compress(whole)) < 4 * MIB
    assert related.cache_parameters()["maxsize"] == 2048


def test_the_licence_of_wordnet_comes_with_the_data() -> None:
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in DATA.joinpath("LICENSE.wordnet.txt").read_text(
        "utf-8"
    )


def test_many_threads_may_ask_at_once() -> None:
    related.cache_clear()
    index.analysis.thesaurus._lines.cache_clear()
    index.analysis.thesaurus._forms.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(related, ["theft", "newest", "chines", "zzyzx"] * 50))
    assert all(near == found[place % 4] for place, near in enumerate(found))
