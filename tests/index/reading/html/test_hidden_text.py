"""What Chromium does not show of a page is not quoted, and what it shows is.

`python -m tools.hidden_text` makes the pages and asks Chromium; its answers are kept beside this file.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.index.reading.html.test_extractor import body, entry_of
from tests.properties import one_in
from tools.hidden_text.documents import CONTROLS, HIDDEN, Document, documents

pytestmark = pytest.mark.usefixtures("in_this_process")

SEEN = {
    Document(sheet, attributes): seen
    for sheet, attributes, seen in json.loads(Path(__file__).with_name("hidden_text.json").read_text("utf-8"))
}
"""For each document, 1 for each sentence that Chromium shows and 0 for each that it does not."""
LEAST_DOCUMENTS = 250
QUICK = 7
"""Of so many documents one is tried in `make test`, and the others with the slow tests."""


def test_chromium_has_seen_all_documents_and_hides_the_sentence_in_most() -> None:
    assert set(SEEN) == set(documents())
    assert sum(seen == "11110" for seen in SEEN.values()) >= LEAST_DOCUMENTS


@pytest.mark.parametrize("document", one_in(QUICK, SEEN), ids=str)
def test_a_sentence_that_chromium_does_not_show_is_not_quoted_and_the_others_are(document: Document) -> None:
    quoted = body(entry_of(document.page()))
    shown = dict(zip((*CONTROLS, HIDDEN), SEEN[document], strict=True))
    assert [sentence for sentence in quoted if shown[sentence] == "0"] == []
    assert [sentence for sentence in CONTROLS if sentence not in quoted] == []
