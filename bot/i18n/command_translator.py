"""Localised names and descriptions of commands, through discord.py's translator."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.i18n import ENGLISH, language_of, translate
from bot.i18n.messages import CommandDescription, CommandName

Command = TypeVar("Command")


def localised(word: StrEnum) -> locale_str:
    """Mark a name or description as translatable."""
    return locale_str(word.value)


def describe_options(**described: CommandDescription) -> Callable[[Command], Command]:
    """Set localised names and descriptions for a command's options."""
    names = app_commands.rename(**{option: localised(CommandName(option)) for option in described})
    descriptions = app_commands.describe(
        **{option: localised(description) for option, description in described.items()}
    )
    return lambda command: names(descriptions(command))


class CommandTranslator(app_commands.Translator):
    """Translates commands from the gettext catalogues."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the translation; None if there is none or it is the same as the English."""
        del context
        language = language_of(locale.value)
        if language == ENGLISH:
            return None
        translated = translate(string.message, language)
        return None if translated == string.message else translated
