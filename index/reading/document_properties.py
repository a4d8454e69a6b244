"""Title and author from the properties of a PDF or Word file, without what a program or a template has filled in."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from index.models import MetadataField, Origin
from index.reading.fields import clean_line, join_names

NO_TITLE = regex.compile(
    r"microsoft\s(?:word|powerpoint|excel|publisher|visio)\s[-–—]\s.*"
    r"|.*\.(?:docx?|do[ct]m|dotx?|odt|pages|rtf|pdf|ps|tex|dvi|indd|qxp|pptx?|xlsx?|html?|txt|md|tmp)"
    r"|(?:untitled|unbenannt|unknown|no\s?title|title|titel|document|dokument|presentation|layout)[\s_-]*\d*"
    r"|(?:microsoft\s)?word[\s-](?:document|dokument)"
    r"|.*(?:\{\{|\{%|<%).*"
    r"|\P{L}*",
    regex.IGNORECASE,
)
"""A program's own title, a file's name, a word that stands for a title, a template's mark, or no letters at all."""
NO_AUTHORS = """
    admin administrator anonymous author autor benutzer default docx guest home microsoft none office owner pc python
    unknown user username windows word
"""
NOBODY = frozenset(NO_AUTHORS.split())
"""An author of nothing but these words, or of words that name the program, is nobody."""
WORD = regex.compile(r"[\p{L}\p{N}]+")
BETWEEN_AUTHORS = regex.compile(r"\s*;\s*")


def property_facts(title: object, authors: object, programs: Iterable[object]) -> dict[str, MetadataField]:
    """Return the title and the authors that a file's properties state, as far as they are believable.

    `authors` may be several names divided by semicolons; `programs` names what made the file, and its template.
    """
    made_by = [name.casefold() for name in map(clean_line, programs) if name]
    found = {"title": _title(title, made_by), "author": _authors(authors, made_by)}
    return {
        name: MetadataField(value=value, origin=Origin.DOCUMENT_PROPERTIES) for name, value in found.items() if value
    }


def _title(stated: object, made_by: list[str]) -> str | None:
    title = clean_line(stated)
    if title is None or NO_TITLE.fullmatch(title):
        return None
    return None if title.casefold() in {name.rpartition(".")[0] for name in made_by} | {*made_by} else title


def _authors(stated: object, made_by: list[str]) -> str | None:
    line = clean_line(stated)
    nobody = NOBODY | {word for name in made_by for word in WORD.findall(name)}
    names = BETWEEN_AUTHORS.split(line) if line else []
    return join_names(name for name in names if set(WORD.findall(name.casefold())) - nobody)
