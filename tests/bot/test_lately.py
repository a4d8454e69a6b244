"""What is made of a quotation is made once, in each language, and forgotten with the questions."""

from __future__ import annotations

import hashlib
import itertools
import shutil
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.client import Verbatim
from bot.languages import speaking, told
from bot.lately import HELD_AT_MOST, MadeLately
from bot.layout import forget_quotations
from bot.layout.answers import quote_block
from bot.wording import Say
from index.article import Article, Fact, Origin, Quote, Span
from index.engine import Engine
from index.question import taken_apart

from .conftest import SEEDS

TEXT = "The dam was opened in 1932."


def quoted(text: str = TEXT, *matched: str, title: str = "A dam") -> Quote:
    article = Article(
        id="dam",
        file="dam.txt",
        encoding="utf-8",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=Fact(value=title, origin=Origin.TEXT),
    )
    return Quote(article=article, spans=(Span(0, len(TEXT)),), score=1.0, matched=matched)


def test_it_is_made_once_for_what_is_equal_in_every_part() -> None:
    numbers = itertools.count(1)
    lately = MadeLately(lambda _: next(numbers))
    assert [lately.of(quoted()), lately.of(quoted())] == [1, 1]
    with speaking("de"):
        assert [lately.of(quoted()), lately.of(quoted())] == [2, 2]
    assert lately.of(quoted(TEXT, "dam")) == 3
    assert lately.of(quoted(title="The dam")) == 4
    assert lately.of(quoted(TEXT + " It leaked.")) == 5
    lately.forget()
    assert lately.of(quoted()) == 6


def test_what_is_heavy_lets_others_go_and_what_is_too_heavy_is_not_held() -> None:
    lately = MadeLately(lambda _: object())
    light, half, whole = quoted(), quoted(TEXT + "x" * (HELD_AT_MOST // 2)), quoted(TEXT + "x" * HELD_AT_MOST)
    before = lately.of(light)
    assert lately.of(light) is before
    assert lately.of(whole) is not lately.of(whole)
    assert lately.of(light) is before
    lately.of(half)
    lately.of(quoted(TEXT + "y" * (HELD_AT_MOST // 2)))
    assert lately.of(light) is not before


def test_a_quotation_is_laid_out_once_in_each_language() -> None:
    english = quote_block(quoted())
    assert quote_block(quoted()) is english
    with speaking("de"):
        german = quote_block(quoted())
        assert quote_block(quoted()) is german
    assert english.text.endswith("\n" + told(Say.NO_URL, "en"))
    assert german.text.endswith("\n" + told(Say.NO_URL, "de"))
    assert english.text != german.text
    forget_quotations()
    assert quote_block(quoted()) is not english


def test_what_is_being_made_when_all_is_forgotten_is_not_held() -> None:
    def make(_: Quote) -> object:
        lately.forget()
        return object()

    lately = MadeLately(make)
    assert lately.of(quoted()) is not lately.of(quoted())


def test_what_is_old_is_forgotten_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.lately.HELD_FOR", 0.05)
    lately = MadeLately(lambda _: object())
    before = lately.of(quoted())
    lately.forget(old_ones_only=True)
    time.sleep(0.1)
    lately.forget(old_ones_only=True)
    assert lately.of(quoted()) is not before


def test_with_the_questions_the_bot_forgets_what_was_laid_out(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    engine.ask("Who is Kratsios?")
    before = quote_block(quoted())
    assert taken_apart.cache_info().currsize
    Verbatim.forget_questions(cast("Verbatim", SimpleNamespace(engine=engine)))
    assert not taken_apart.cache_info().currsize
    assert not engine.knows("Who is Kratsios?")
    assert quote_block(quoted()) is not before
