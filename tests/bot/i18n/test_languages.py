"""Every language says all that English says, with the same places in it."""

from __future__ import annotations

import gettext
import re

import pytest

from bot.i18n import ENGLISH, LANGUAGES, all_translations, language_of, translate, use_language
from bot.i18n.messages import CommandDescription, CommandName, Message
from tools.languages import brought_up_to_date, path_of, sentences, written

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
PLACE = re.compile(r"\{\w+\}")
COMMAND = re.compile(r"^[-_\w]{1,32}$")


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_with_its_places(language: str) -> None:
    catalogue = brought_up_to_date(language)
    for sentence in sentences():
        translated = str(catalogue[sentence].string)
        assert translated, sentence
        assert sorted(PLACE.findall(translated)) == sorted(PLACE.findall(sentence))
        assert translated.count("\n") == sentence.count("\n")
        assert translated.count("**") == sentence.count("**")


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogues_are_those_of_the_wording(language: str) -> None:
    catalogue = brought_up_to_date(language)
    text, _ = written(catalogue)
    assert path_of(language).read_bytes() == text
    with path_of(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for sentence in sentences():
        assert compiled.gettext(sentence) == catalogue[sentence].string


@pytest.mark.parametrize("language", OTHERS)
def test_names_and_descriptions_are_such_as_discord_takes(language: str) -> None:
    menus = {CommandName.FIND_IN_ARTICLES, CommandName.DELETE_ANSWER}
    names = [translate(name, language) for name in CommandName if name not in menus]
    assert all(COMMAND.fullmatch(name) and name == name.lower() for name in names)
    for description in CommandDescription:
        assert len(translate(description, language)) <= 100
    assert all(
        len(all_translations(say)) <= len(LANGUAGES) and max(map(len, all_translations(say))) <= 600 for say in Message
    )


def test_a_locale_is_served_in_its_language_and_others_in_english() -> None:
    assert [language_of(locale) for locale in ("de", "de-CH", "en-GB", "fr", "", None)] == ["de", "de", *["en"] * 4]


def test_a_language_is_spoken_for_a_while() -> None:
    with use_language("de"):
        assert translate(Message.NOT_FOUND) == "Dazu habe ich in den Artikeln nichts gefunden."
    assert translate(Message.NOT_FOUND) == Message.NOT_FOUND
