import pytest

from index.analysis.analyzer import terms
from index.analysis.question import parse_question


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("2 facts about whales", ("fact", "whale")),
        ("three good reasons for leaving", ("good", "reason", "leav")),
        ("Name three rivers of Portugal", ("name", "river", "portug")),
        ("please list 5 bakeries", ("list", "bakeri")),
        ("What are 4 kinds of bread?", ("kind", "bread")),
        ("top 10 causes of fires", ("top", "caus", "fire")),
    ],
)
def test_how_many_things_are_requested_is_not_searched_for(question: str, sought: tuple[str, ...]) -> None:
    parsed = parse_question(question)
    assert (parsed.terms, parsed.numbers) == (sought, frozenset())


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("Which 3 bakeries closed?", set()),
        ("Which 3 bakeries closed in 1987?", {"1987"}),
        ("Who lived at 10 Mill Lane?", {"10"}),
        ("What did the 2 mayors sign in 1987?", {"2", "1987"}),
        ("What happened to 20% of the harvest?", {"20"}),
        ("What are the 12 gates called?", {"12"}),
        ("Who baked 1,000 loaves?", {"1000"}),
        ("Name the mayor of 1987", {"1987"}),
    ],
)
def test_a_number_that_tells_things_apart_must_be_held(question: str, numbers: set[str]) -> None:
    assert parse_question(question).numbers == numbers


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("3 small boats", "Three small boats"),
        ("21 gates", "twenty-one gates"),
        ("the 3rd mayor", "the third mayor"),
        ("300 loaves", "three hundred loaves"),
        ("20% of it", "twenty"),
    ],
)
def test_a_number_in_digits_is_the_same_in_words(digits: str, words: str) -> None:
    assert {term.term for term in terms(digits)} == {term.term for term in terms(words)}
