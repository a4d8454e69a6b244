"""The samples are sound documents, so that reading one loads what reading a user's file needs."""

from __future__ import annotations

import io

import pypdf
import pytest

from index.errors import ArticleRejected
from index.reading.formats import Format
from index.reading.html import extractor as html_extractor
from index.reading.samples import SAMPLES
from index.reading.sandbox_worker import MODULES, extractor


@pytest.mark.parametrize("form", MODULES)
def test_a_sample_is_read_as_an_article(form: Format) -> None:
    extracted = extractor(form)(SAMPLES[form][0], "sample")
    assert "The ferry crosses the river every morning." in extracted.text
    assert extracted.warnings == ()


def test_in_the_second_page_no_article_is_found() -> None:
    with pytest.raises(ArticleRejected, match="No article was found"):
        html_extractor.extract(SAMPLES[Format.HTML][1], "sample")


def test_nothing_of_the_pdf_has_to_be_repaired() -> None:
    [page] = pypdf.PdfReader(io.BytesIO(SAMPLES[Format.PDF][0]), strict=True).pages
    assert page.extract_text() == "The ferry crosses the river every morning."
