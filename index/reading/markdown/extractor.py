"""Read a Markdown file: its text block by block, and its front matter."""

from __future__ import annotations

import regex
from markdown_it import MarkdownIt

from index.errors import ArticleRejected
from index.reading.decoding import decode
from index.reading.extracted import Extracted, document, with_versions
from index.reading.formats import Format
from index.reading.front_matter import read_front_matter
from index.reading.html.dom_blocks import page_blocks, parse_page
from index.reading.markdown.anchors import add_heading_ids
from index.reading.markdown.block_rules import add_block_rules
from index.reading.markdown.gaps import without_site_tags
from index.reading.markdown.inline_rules import add_inline_rules
from index.reading.markdown.page import PageRenderer, keep_paired_tags
from index.reading.markdown.paragraphs import read_marks
from index.reading.markdown.site_tags import SiteTags
from index.reading.questions import question_rows
from index.reading.sources import Anchors

MAX_NESTING = 100
HARD_SPACES = regex.compile(r"(?m)(?<=^#{1,6})[\u00a0\u2007\u202f\u3000]+")
"""Spaces typed after the marks of a heading that Markdown does not take for spaces."""


def extract(data: bytes, file: str, anchors: Anchors = Anchors.NONE) -> Extracted:
    """Extract the text of a Markdown file (CommonMark with tables and strikethrough).

    Args:
        data: its bytes.
        file: its name for error messages.
        anchors: who makes the ids of its headings.

    Raises:
        ArticleRejected: it is not text, holds none, or its front matter has no end.
    """
    source, _ = decode(data, file)
    matter = read_front_matter(source, file)
    tags = SiteTags()
    body = HARD_SPACES.sub(lambda found: " " * len(found[0]), source[matter.end :])
    page = _page(tags.replace(body), tags, file, anchors)
    blocks = question_rows(page_blocks(parse_page(page, file)))
    by = with_versions("markdown-it-py")
    held = document(list(without_site_tags(blocks, tags)), file, Format.MARKDOWN, by, matter.facts)
    return held.model_copy(update={"warnings": matter.warnings})


def _page(source: str, tags: SiteTags, file: str, anchors: Anchors) -> str:
    """Return the document as HTML; raise ArticleRejected if it is nested too deep."""
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}, renderer_cls=PageRenderer)
    parser.enable(["table", "strikethrough"])
    add_block_rules(parser, tags)
    add_inline_rules(parser)
    if anchors is not Anchors.NONE:
        parser.core.ruler.before("inline", "anchors", lambda state: add_heading_ids(state, anchors, tags))
    parser.core.ruler.before("inline", "marks", read_marks)
    parser.core.ruler.push("tags", lambda state: keep_paired_tags(state, tags))
    env = {"tags": tags}
    tokens = parser.parse(source, env)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):  # the parser drops deeper ones
        problem = f"{file} contains lists or quotations nested more than {MAX_NESTING // 2} deep."
        raise ArticleRejected(problem, "Reduce the nesting.")
    return f"<body>{parser.renderer.render(tokens, parser.options, env)}</body>"
