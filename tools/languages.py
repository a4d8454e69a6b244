"""`make messages`: bring the catalogues up to the wording, and compile them.

New sentences come in untranslated, those that are gone go, and the tests say which are missing.
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
from bot.i18n.messages import Describe, Name, Say

HEADER = "# The sentences of bot/i18n/messages.py. `make messages` brings this file up to them and compiles it."
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""Stated as the date of everything, so that the same sentences are the same file."""
UNTOLD = tuple(
    f'"{name}'.encode() for name in ("POT-", "PO-", "Generated", "Project", "Report", "Last-", "Language-Team")
)
WORDING: tuple[type[StrEnum], ...] = (Say, Describe, Name)


def sentences() -> dict[str, list[str]]:
    """Each sentence, and what it is called in the wording."""
    found: dict[str, list[str]] = {}
    for kind in WORDING:
        for name, member in kind.__members__.items():
            found.setdefault(member.value, []).append(f"{kind.__name__}.{name}")
    return found


def path_of(language: str) -> Path:
    """A language's catalogue."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it is; an empty one where there is none."""
    path = path_of(language)
    return read_po(io.BytesIO(path.read_bytes()), language) if path.exists() else Catalog(language)


def brought_up_to_date(language: str) -> Catalog:
    """The catalogue with the sentences that there are now, in their order, and what is translated of them."""
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
    """Write them."""
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
