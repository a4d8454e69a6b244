"""Titles and authors of document properties: which of them are facts."""

from __future__ import annotations

import pytest

from index.models import Origin
from index.reading.document_properties import property_facts

PROGRAMS = ("Microsoft Office Word", "Normal.dotm", "Adobe InDesign 18.2", "LibreOffice")


@pytest.mark.parametrize(
    "title",
    [
        "Handbook of the rowing club",
        "Word by word",
        "Untitled: a life of Ann Karlsson",
        "Document 7 of the council",
        "1984 and after",
        "Normal people",
    ],
)
def test_the_title_of_a_documents_properties_is_a_fact(title: str) -> None:
    [fact] = property_facts(f" {title}\n", None, PROGRAMS).values()
    assert (fact.value, fact.origin) == (title, Origin.DOCUMENT_PROPERTIES)


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        "Microsoft Word - report",
        "Microsoft PowerPoint - Slides for May",
        "Untitled",
        "untitled-2",
        "Unbenannt 1",
        "Document3",
        "Microsoft Word Document",
        "Normal",
        "normal.dotm",
        "The report, final.docx",
        "<%= document.title %>",
        "0004_2",
        "Dam\u202eevil",
        7,
    ],
)
def test_what_a_program_or_a_template_gives_as_title_is_no_fact(title: object) -> None:
    assert not property_facts(title, None, PROGRAMS)


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ("Ann Karlsson", "Ann Karlsson"),
        ("Ann Karlsson;Bo Ek; Ann Karlsson", "Ann Karlsson, Bo Ek"),
        ("Karlsson, Ann", "Karlsson, Ann"),
        ("Microsoft Office User; Bo Ek", "Bo Ek"),
        ("python-docx", None),
        ("Administrator", None),
        ("InDesign", None),
        ("libreoffice", None),
        ("\u0007", None),
        (" ; ", None),
        (None, None),
    ],
)
def test_the_authors_of_a_documents_properties_are_facts_unless_they_are_programs(
    authors: object, shown: str | None
) -> None:
    fact = property_facts(None, authors, PROGRAMS).get("author")
    assert (fact.value if fact else None) == shown
