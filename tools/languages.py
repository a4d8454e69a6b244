"""`make messages`: update the translation catalogues from the messages, and compile them.

New messages are added untranslated and removed ones are dropped; the tests report missing translations.
"""

from __future__ import annotations

import datetime
import io
from enum import StrEnum
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.i18n import DOMAIN, ENGLISH, FOLDER, LANGUAGES
from bot.i18n.messages import CommandDescription, CommandName, LanguageName, Message

HEADER = "# The sentences of bot/i18n/messages.py. `make messages` brings this file up to them and compiles it."
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""The date written everywhere, so that the files are reproducible."""
UNTOLD = tuple(
    f'"{name}'.encode() for name in ("POT-", "PO-", "Generated", "Project", "Report", "Last-", "Language-Team")
)
WORDING: tuple[type[StrEnum], ...] = (Message, LanguageName, CommandDescription, CommandName)


def sentences() -> dict[str, list[str]]:
    """The names of each message in the code, by its text."""
    found: dict[str, list[str]] = {}
    for kind in WORDING:
        for name, member in kind.__members__.items():
            found.setdefault(member.value, []).append(f"{kind.__name__}.{name}")
    return found


def path_of(language: str) -> Path:
    """The path of a language's catalogue."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language's present catalogue; empty where there is none."""
    path = path_of(language)
    return read_po(io.BytesIO(path.read_bytes()), language) if path.exists() else Catalog(language)


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue with the present messages, in their order, and their existing translations."""
    before = read(language)
    now = Catalog(language, domain=DOMAIN, header_comment=HEADER, fuzzy=False, creation_date=LONG_AGO)
    now.revision_date = LONG_AGO
    for sentence, names in sentences().items():
        message = before.get(sentence)
        now.add(sentence, message.string if message else "", auto_comments=names)
    return now


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The catalogue as text, and compiled."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=120, omit_header=False, sort_output=False)
    lines = [line for line in text.getvalue().split(b"\n") if not line.startswith(UNTOLD)]
    write_mo(compiled, catalog)
    return b"\n".join(lines), compiled.getvalue()


def main() -> None:
    """Write the catalogues."""
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        text, compiled = written(brought_up_to_date(language))
        path.write_bytes(text)
        path.with_suffix(".mo").write_bytes(compiled)


if __name__ == "__main__":
    main()
