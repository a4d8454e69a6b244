"""Text of others reads exactly as it is written, and does nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.layout.markdown import escape_markdown, isolate_direction, single_line, unescape_markdown
from tests.bot.accounting import read
from tests.bot.made_up import snippets

texts = st.text() | st.lists(snippets).map("".join)


@given(texts)
def test_neutral_text_reads_as_it_was_written(text: str) -> None:
    assert unescape_markdown(escape_markdown(text)) == text


@given(texts.map(lambda text: text.replace("\n", " ")))
def test_nothing_in_neutral_text_can_act(text: str) -> None:
    assert read(escape_markdown(text)) == text


@given(texts)
def test_no_letter_and_no_digit_is_ever_escaped(text: str) -> None:
    assert not any(sign.isalnum() for sign in re.findall(r"\\(.)", escape_markdown(text), re.DOTALL))


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@everyone", "\\@everyone"),
        ("<@123>", "\\<\\@123\\>"),
        ("<t:0>", "\\<t\\:0\\>"),
        ("https://example.com/a_b", "https\\://example.com/a\\_b"),
        ("[label](https://example.com)", "\\[label\\](https\\://example.com)"),
        ("# Heading", "\\# Heading"),
        ("- item", "\\- item"),
        ("1. first", "1\\. first"),
        ("2026-04-25", "2026-04-25"),
        ("1.5 per cent", "1.5 per cent"),
        ("> quoted", "\\> quoted"),
        ("-# small", "\\-\\# small"),
        ("back\\slash", "back\\\\slash"),
        ("¯\\_(ツ)_/¯", "¯\\\\\\_(ツ)\\_/¯"),
        ("It rose by 1.5 - or 2 - per cent.", "It rose by 1.5 - or 2 - per cent."),
    ],
)
def test_signs_that_could_act_are_escaped_and_no_others(text: str, markdown: str) -> None:
    assert escape_markdown(text) == markdown


@given(st.text(st.sampled_from("ab\u2066\u2067\u2068\u2069\u202e")))
def test_text_between_marks_keeps_its_direction_to_itself(text: str) -> None:
    depth = 0
    wrapped = isolate_direction(text)
    for place, character in enumerate(wrapped):
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth > 0 or place == len(wrapped) - 1
    assert depth == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  who\n\tis   it? ", "who is it?"),
        ("a\u202eb\u200bc\x07d\ufeff\u3164\ud800e", "abcde"),
        ("\u200b \u2069", ""),
        ("naïve 漢字 שלום", "naïve 漢字 שלום"),
    ],
)
def test_of_a_users_words_only_what_can_be_seen_is_echoed(typed: str, words: str) -> None:
    assert single_line(typed) == words
