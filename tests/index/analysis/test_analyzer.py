import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import stop_words, terms


def of(text: str) -> list[str]:
    return [term.term for term in terms(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DeepSeek’s models", "the DeepSeek model"),
        ("adversaries’ campaigns", "adversary campaign"),
        ("the U.S. and the U.K.", "US, UK"),
        ("10,000 chips", "10000 CHIPS"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("distilled", "distillation"),
        ("O’Brien", "O'Brien"),
        ("Métis in Malmö, Straße and Łódź", "Metis in Malmo, Strasse and Lodz"),
        ("three dogs", "3 dogs"),
        ("twenty-one dogs", "21 dogs"),
        ("a hundred and five dogs", "105 dogs"),
        ("three hundred and twenty-one dogs", "321 dogs"),
        ("the 2nd dog and the 20th", "the second dog and the twentieth"),
    ],
)
def test_the_same_thing_written_in_two_ways_gives_the_same_terms(one: str, other: str) -> None:
    assert of(one) == of(other) != []


def test_question_words_and_function_words_weigh_nothing() -> None:
    assert of("Who is it, and what did they tell you about the how and why of this?") == []


def test_an_acronym_in_capitals_is_a_name_and_the_same_word_in_small_letters_is_none() -> None:
    assert of("The US told us") == ["us", "told"]
    assert of("WHO’s report: who wrote it?") == ["who", "report", "wrote"]


def test_a_shouted_question_does_not_turn_its_question_words_into_names() -> None:
    assert of("WHO IS KRATSIOS?") == ["kratsio"]


def test_a_decimal_stays_one_number() -> None:
    assert of("3.14 per cent of $2.3bn") == ["3.14", "cent", "2.3bn"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the red one", ["red"]),
        ("ten two", ["10", "2"]),
        ("between twenty and five", ["20", "5"]),
        ("twenty, five", ["20", "5"]),
        ("20 five", ["20", "5"]),
        ("two million", ["2", "million"]),
        ("hundreds", ["hundr"]),
        ("a second", ["second"]),
        ("йод", ["йод"]),
    ],
)
def test_words_that_are_no_number_together_stay_apart(text: str, expected: list[str]) -> None:
    assert of(text) == expected


def test_marks_do_not_cut_a_word() -> None:
    assert len(of("हिन्दी")) == 1
    assert of("cafe\u0301") == of("café")


@given(st.text())
def test_every_term_names_the_word_it_was_made_from(text: str) -> None:
    found = terms(text)
    assert all(0 <= term.start < term.end <= len(text) and term.term for term in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.lists(st.sampled_from(sorted(stop_words().words)), max_size=20))
def test_no_stop_word_is_a_term_however_they_are_strung_together(words: list[str]) -> None:
    assert of(" ".join(words)) == []


@given(st.text(alphabet=string.ascii_lowercase + " '’-", max_size=60))
def test_a_question_and_an_article_are_analysed_alike_whatever_the_case(text: str) -> None:
    assert set(of(text)) <= set(of(text.title())) | set(of(text.upper())) | set(of(text))
