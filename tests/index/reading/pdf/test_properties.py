"""Titles and authors that a PDF states."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.models import Article, Origin
from index.reading import read_article
from tests.index.documents import drawn, drawn_pdf

pytestmark = pytest.mark.usefixtures("in_this_process")

TEXT = drawn(72, 700, "The dam was opened on Saturday, the council of the valley said.")


def read(information: str, sidecar: bytes | None = None) -> Article:
    data = drawn_pdf(TEXT, trailer=f"/Info << {information} >>")
    return read_article("a.pdf", data, sidecar, built_in_rules()).article


def test_the_title_and_the_author_of_a_pdf_are_facts_that_say_where_they_were_read() -> None:
    article = read("/Title (A dam for the valley) /Author (Ann Karlsson; Bo Ek)")
    assert [(fact.value, fact.origin) for fact in (article.title, article.author) if fact] == [
        ("A dam for the valley", Origin.DOCUMENT_PROPERTIES),
        ("Ann Karlsson, Bo Ek", Origin.DOCUMENT_PROPERTIES),
    ]


def test_a_sidecar_is_believed_before_a_pdf() -> None:
    title = read("/Title (A dam for the valley)", b'headline = "The dam"\n').title
    assert title
    assert (title.value, title.origin) == ("The dam", Origin.SIDECAR)


@pytest.mark.parametrize(
    "information",
    [
        "/Title (Microsoft Word - dam.doc) /Author (user)",
        "/Title (untitled) /Author ()",
        "/Title (Writer) /Author (Writer) /Creator (Writer) /Producer (LibreOffice)",
        "/Title 7 /Author [ (Ann) ]",
    ],
)
def test_what_a_program_states_about_a_pdf_is_no_fact(information: str) -> None:
    article = read(information)
    assert article.title is None or article.title.origin is not Origin.DOCUMENT_PROPERTIES
    assert article.author is None
