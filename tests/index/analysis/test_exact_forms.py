from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.abbreviations import defined_abbreviations
from index.analysis.analyzer import terms
from index.analysis.exact_forms import CAPITAL, LOWER, UNCLEAR, exact, form_of, index_terms


@pytest.mark.parametrize(
    ("text", "word", "case"),
    [
        ("The mayor thanked Andrea for bread.", "andrea", CAPITAL),
        ("The mayor thanked Andrea for bread.", "bread", LOWER),
        ("Chips are sold on the pier.", "chips", UNCLEAR),
        ("“Chips are sold,” he wrote.", "chips", UNCLEAR),
        ("He asked: Chips or bread?", "chips", UNCLEAR),
        ("Simone Weber sells chips.", "simone", CAPITAL),
        ("DeepSeek sells chips.", "deepseek", CAPITAL),
        ("Few own an iPhone.", "iphone", CAPITAL),
        ("CLOSED ON MONDAYS", "closed", UNCLEAR),
        ("They met in Malmö’s harbour.", "harbour", LOWER),
        ("They met at Malmö’s.", "malmo", CAPITAL),
    ],
)
def test_a_capital_tells_a_name_except_where_a_sentence_begins_or_all_is_in_capitals(
    text: str, word: str, case: str
) -> None:
    assert exact(word) + case in index_terms(text)[0]


@given(st.text())
def test_the_stems_come_first_and_each_word_has_its_exact_form(text: str) -> None:
    found, stems = index_terms(text)
    assert found[:stems] == [term.term for term in terms(text)]
    forms = {form_of(term) for term in found[stems:] if term.startswith("=")}
    assert forms >= {term.form for term in terms(text) if text[term.start].isalpha()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("World War II (WWII) ended.", ("World War II", "WWII")),
        ("After WWII (World War II) it ended.", ("World War II", "WWII")),
        ("The Department of Justice (DOJ) agreed.", ("Department of Justice", "DOJ")),
        ("It uses artificial intelligence (AI).", ("artificial intelligence", "AI")),
        ("HyperText Markup Language (HTML) is old.", ("HyperText Markup Language", "HTML")),
        ("The United Nations (U.N.) agreed.", ("United Nations", "U.N.")),
    ],
)
def test_a_long_form_beside_its_abbreviation_in_brackets_defines_it(text: str, found: tuple[str, str]) -> None:
    assert list(defined_abbreviations(text)) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "He (Bob Smith) met the BBC.",
        "The mayor of the town (BBC) agreed.",
        "It rained (a lot).",
        "The tower (see Fig) is old.",
        "In Paris (UTC) it rained.",
        "(WWII) began.",
        "World (W) War",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert list(defined_abbreviations(text)) == []


@given(st.text(alphabet="aAbB (). ", max_size=200))
def test_whatever_defines_an_abbreviation_stands_in_the_text(text: str) -> None:
    assert all(long in text and short in text for long, short in defined_abbreviations(text))
