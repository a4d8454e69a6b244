"""Words of code are terms as they are typed, beside their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.code_words import CODE, code_words, parts_of_camel_case
from index.analysis.exact_forms import index_terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What does max_connections do?", ["max_connections"]),
        ("Start it with --dry-run or -v.", ["--dry-run", "-v"]),
        ("Install discord.py from pypi.org.", ["discord.py", "pypi.org"]),
        ("Edit /etc/harbour/server.yml first.", ["server.yml", "/etc/harbour/server.yml"]),
        ("Set HARBOUR_LOG_LEVEL.", ["harbour_log_level"]),
        ("It calls std::sort and os.path.join().", ["std::sort", "os.path.join"]),
        ("Copy .env beside __init__.py.", [".env", "__init__.py"]),
        ("The well-known e-mail of the U.S. costs 3.14 and/or 1,000.", []),
        ("Boats - of all kinds -- sail at 10:30 on 1/2/2026.", []),
    ],
)
def test_a_word_of_code_is_found_whole(text: str, words: list[str]) -> None:
    assert [term.removeprefix(CODE) for term, _ in code_words(text)] == words


@given(st.text(alphabet="ab_.-/: :@+1A", max_size=60))
def test_each_word_of_code_stands_at_its_span(text: str) -> None:
    for term, span in code_words(text):
        assert term == CODE + text[slice(*span)].casefold()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Call sendMessage twice.", ["send", "messag"]),
        ("maxRetryCount = 3", ["max", "retri", "count"]),
        ("An iPhone, macOS and DeepSeek are names.", []),
    ],
)
def test_the_parts_of_camel_case_are_terms(text: str, parts: list[str]) -> None:
    assert [term for term, _ in parts_of_camel_case(text)] == parts


def test_words_of_code_do_not_count_as_length() -> None:
    plain, coded = index_terms("Set log level."), index_terms("Set log_level.")
    assert plain[1] == coded[1]
    assert CODE + "log_level" in coded[0]
    assert {"log", "level"} <= set(coded[0])


def test_a_row_has_the_words_of_its_header() -> None:
    found, stems = index_terms("pro\n600", "plan requests a minute")
    assert found[:stems] == ["plan", "request", "minut", "pro", "600"]
