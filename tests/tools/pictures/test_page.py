"""The pictures show what the payloads say, and nothing that acts in a page."""

from __future__ import annotations

import pytest

from tools.pictures.page import Answered, Said, page_of


def text(content: str) -> list[dict[str, object]]:
    return [{"type": 17, "components": [{"type": 10, "content": content}]}]


def test_markdown_is_shown_as_discord_shows_it() -> None:
    shown = page_of([Answered(text("> a **b** \\*c\\*\nhttps://news.example/a?b=1&c=2"))], "Verbatim", 600)
    assert "<discord-quote>a <strong>b</strong> *c*</discord-quote>" in shown
    assert '<discord-link href="https://news.example/a?b=1&amp;c=2">' in shown


def test_code_small_print_and_lines_of_a_quotation_are_shown_as_discord_shows_them() -> None:
    content = "-# How \\> why?\n> a:\n>     **b**\n```py\nif x < 1:\n    **y**\n```\n> end"
    shown = page_of([Answered(text(content))], "Verbatim", 600)
    assert '<div class="small">How &gt; why?</div>' in shown
    assert "<discord-quote>a:\n    <strong>b</strong></discord-quote>" in shown
    assert "<pre>if x &lt; 1:\n    **y**</pre><discord-quote>end</discord-quote>" in shown


def test_words_of_articles_and_members_are_no_markup() -> None:
    shown = page_of([Said("alice", "<script>1</script>"), Answered(text("\\<img src=x\\>"))], "Verbatim", 600)
    assert "<script>1" not in shown
    assert "&lt;img src=x&gt;" in shown


def test_a_component_that_cannot_be_drawn_is_no_picture() -> None:
    with pytest.raises(ValueError, match="type 9"):
        page_of([Answered([{"type": 9}])], "Verbatim", 600)
