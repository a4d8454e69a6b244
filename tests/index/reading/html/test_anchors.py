"""The ids that a page gives its headings open it there."""

from __future__ import annotations

import pytest

from index.models import BlockKind
from index.reading.html.dom_blocks import page_blocks, parse_page

from .test_extractor import entry_of

pytestmark = pytest.mark.usefixtures("in_this_process")

TEXT = "<p>The lamp hums at night, and nobody knows why it does so.</p>"


@pytest.mark.parametrize(
    ("written", "anchors"),
    [
        pytest.param("<h2 id=care>Care</h2>", ["care"], id="its own"),
        pytest.param("<h2><a name=care></a>Care</h2>", ["care"], id="a named link in it"),
        pytest.param("<h2><span id=Care>Care</span> <a id=edit href=/e>edit</a></h2>", ["Care"], id="in it"),
        pytest.param("<section id=care><h2>Care</h2></section>", ["care"], id="of its section"),
        pytest.param("<div id=care><header>\n<a></a><h2>Care</h2></header></div>", ["care"], id="of a section around"),
        pytest.param("<details id=care><summary>Care</summary></details>", ["care"], id="of what it opens"),
        pytest.param("<dl><dt id=oil>Oil</dt><dd>It burns.</dd></dl>", ["oil"], id="of a term"),
        pytest.param(
            f"<section id=care>{TEXT}<h2>Care</h2></section>", [""], id="not of a section with text before it"
        ),
        pytest.param("<main id=all><h2>Care</h2></main>", [""], id="not of the page"),
        pytest.param("<h2 id='a b'>Care</h2>", [""], id="not with a space"),
        pytest.param("<h2 id=x>Care</h2><h2 id=x>Oil</h2>", ["x", ""], id="not the second of two"),
        pytest.param("<h2 name=care>Care</h2>", [""], id="not a name of anything but a link"),
        pytest.param("<h2>Care</h2>", [""], id="none"),
    ],
)
def test_a_heading_is_opened_by_the_id(written: str, anchors: list[str]) -> None:
    blocks = page_blocks(parse_page(f"<html><body>{TEXT}{written}{TEXT}</body></html>", "a.html"))
    assert [block.anchor for block in blocks if block.level] == anchors


def test_the_id_is_stored_with_the_heading() -> None:
    article = (
        f"<h1>Lamps</h1>{TEXT * 3}<h2 id=care>Care</h2><p>The wick of the lamp has to be cut once a week.</p>{TEXT}"
    )
    entry = entry_of(f"<html><body><article>{article}</article></body></html>")
    assert [block.anchor for block in entry.blocks if block.kind is BlockKind.HEADING] == ["", "care"]
