"""Names and descriptions of commands in the member's language, by discord.py's translator."""

from __future__ import annotations

from enum import StrEnum

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.languages import ENGLISH, language_of, told


def named(word: StrEnum) -> locale_str:
    """A name or a description that Discord is told in every language."""
    return locale_str(word.value)


class Catalogues(app_commands.Translator):
    """Looks into the catalogues of `bot/languages`."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The word in a language; None where it is served in English."""
        del context
        language = language_of(locale.value)
        if language == ENGLISH:
            return None
        translated = told(string.message, language)
        return None if translated == string.message else translated
