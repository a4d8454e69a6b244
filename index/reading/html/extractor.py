"""Web pages: all that a reader sees, block by block; trafilatura says which of it is the article."""

from __future__ import annotations

import codecs
import importlib.metadata
import itertools
import logging
import unicodedata
from collections.abc import Iterator
from typing import Any

import regex
from rapidfuzz.distance import LCSseq

from index.errors import ArticleRejected
from index.models import Fact, Origin, Span, fold
from index.reading.blocks import Block, Reason, beside, laid_out
from index.reading.decoding import UTF_8, decode
from index.reading.extracted import Extracted
from index.reading.fields import line_of
from index.reading.formats import Format
from index.reading.html.charset import encoding_of
from index.reading.html.css import without_style
from index.reading.html.dom_blocks import blocks_of, parsed
from index.reading.html.metadata import canonical_link, page_facts, page_title
from index.sentences import sentence_spans

NOT_THE_ARTICLE = Reason("boilerplate", "not-the-article")
MAYBE = frozenset({"page-table"})
"""Rules of blocks that are the article all the same where trafilatura takes them for it: pages laid out in tables."""
CERTAIN = 40
"""Characters, white space not counted, from which on a block is certainly found by its text alone."""
DECLARED = regex.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", regex.IGNORECASE)
DECLARED_WITHIN = 4096
# White space, what cannot be seen, and the marks of a quotation that a browser adds.
NOT_COMPARED = regex.compile(r"[\s\p{C}“”]+")
ENDED = regex.compile(r"[.!?…:;。！？][\p{Pe}\p{Pf}\p{Pi}\"'’]*(?:\[?\d{1,3}\]?)*$")
ENDED_WITHIN = 16
"""Characters in which a sentence's end stands, and what closes it, and the numbers of notes."""
INLINE = frozenset({"hi", "ref", "del", "span", "lb", "graphic"})
"""Trafilatura's elements that stand inside a piece."""


def extract(data: bytes, file: str) -> Extracted:
    """The article of a page.

    The text is all that a reader of the page sees; what trafilatura leaves out is excluded from it, so that nothing is
    joined that does not stand together on the page.

    Raises:
        ArticleRejected: it is no page, or no article is found on it.
    """
    page = decoded(data, file)
    tree = parsed(page, file)
    blocks = blocks_of(tree)
    chosen = _chosen(page)
    marked = _marked(blocks, chosen)
    if not _is_found(marked):
        is_hidden = _is_found(_marked(blocks_of(without_style(tree)), chosen))
        what = f"No article was found on the page {file}."
        if is_hidden:
            what = f"The page {file} hides its article with CSS; perhaps a script would show it."
        raise ArticleRejected(what, "Save the article's text as plain text.")
    laid = laid_out(marked, file)
    facts = page_facts(tree, page)
    number = headline_among(marked, facts.get("title"))
    headline = None if number is None else laid.spans[number]
    return Extracted(
        text=laid.text,
        headline=headline,
        exclusions=beside(laid.exclusions, headline),
        apart=laid.apart,
        facts=_titled(facts, None if number is None else marked[number].text, tree),
        canonical=canonical_link(tree),
        form=Format.HTML,
        by=f"trafilatura {importlib.metadata.version('trafilatura')}, lxml {importlib.metadata.version('lxml')}",
    )


def _is_found(marked: list[Block]) -> bool:
    """Whether an article is among the blocks for certain."""
    return any(block.left_out is None and len(_bare(block.text)) >= CERTAIN for block in marked)


def decoded(data: bytes, file: str) -> str:
    """The page as text: by its byte order mark, as UTF-8 where it is that, by what it declares, or as Windows-1252.

    Raises:
        ArticleRejected: it is none of these.
    """
    declared = DECLARED.search(data[:DECLARED_WITHIN])
    if declared is None or data.startswith(codecs.BOM_UTF8) or _is_utf_8(data):
        return decode(data, file)[0]
    try:
        text = data.decode(encoding_of(declared[1].decode("ascii")) or UTF_8)
    except UnicodeError:
        return decode(data, file)[0]
    return decode(text.encode("utf-8", "replace"), file)[0]


def _is_utf_8(data: bytes) -> bool:
    """Whether it is UTF-8 beyond doubt: no other text happens to be, whatever a page declares."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


class Chosen:
    """The pieces of a page that trafilatura takes for its article, without what is not compared."""

    def __init__(self, pieces: list[str]) -> None:
        """Of these pieces, in order."""
        self.pieces = pieces
        self._whole = "".join(pieces)
        self._borders = {0, *itertools.accumulate(map(len, pieces))}

    def holds(self, bare: str) -> bool:
        """Whether a text stands there for certain: long enough, and from where a sentence may begin to where one ends.

        A teaser that breaks off is in the article to the letter, too, and is half of a sentence.
        """
        return any(self._occurrences(bare))

    def holds_more_of(self, bare: str) -> bool:
        """Whether a text that begins or ends like a piece of a sentence is one, repeated for show in a pull quote."""
        is_piece = bare[:1].islower() or ENDED.search(bare) is None
        return is_piece and not all(self._occurrences(bare))

    def _occurrences(self, bare: str) -> Iterator[bool]:
        """Of each place where a text stands that is long enough, whether sentences begin and end there."""
        place = self._whole.find(bare) if len(bare) >= CERTAIN else -1
        while place >= 0:
            yield self._is_border(place) and self._is_border(place + len(bare))
            place = self._whole.find(bare, place + 1)

    def _is_border(self, place: int) -> bool:
        before = self._whole[max(0, place - ENDED_WITHIN) : place]
        return place in self._borders or ENDED.search(before) is not None


def _chosen(page: str) -> list[str]:
    """The pieces of the page that trafilatura takes for its article, as they are compared."""
    import trafilatura  # noqa: PLC0415  # takes a while, and only a page needs it

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: Any = trafilatura.bare_extraction(
        page, favor_precision=True, include_comments=False, include_tables=False, with_metadata=False
    )
    if found is None or found.body is None:
        return []
    return [piece for line in _lines(found.body) if (piece := _bare(line))]


def _lines(body: Any) -> list[str]:  # noqa: ANN401  # an element of lxml's
    """The text of trafilatura's elements, each by itself, in order."""
    lines = [""]
    for step, element in _steps(body):
        if element.tag not in INLINE:
            lines.append("")
        lines[-1] += (element.text if step == "start" else element.tail) or ""
    return lines


def _steps(body: Any) -> Any:  # noqa: ANN401  # lxml's
    from lxml import etree  # noqa: PLC0415  # as above

    return etree.iterwalk(body, events=("start", "end"))


def _bare(text: str) -> str:
    """Without what trafilatura changes: white space, what cannot be seen, how accents and raised signs are written."""
    return NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text))


def _marked(blocks: list[Block], chosen: list[str]) -> list[Block]:
    """The blocks, those that are not chosen left out; of a block of which only some sentences are, the others."""
    bare = [_bare(block.text) for block in blocks]
    same = {place for start, end in _same(bare, chosen) for place in range(start, end)}
    article = Chosen(chosen)
    marked: list[Block] = []
    for number, block in enumerate(blocks):
        may_be = block.left_out is None or block.level or block.left_out.rule in MAYBE
        is_repeated = article.holds_more_of(bare[number])
        kept = (number in same or article.holds(bare[number])) and not is_repeated
        reason = block.left_out if block.level or not may_be else None
        if not may_be or kept:
            marked.append(block._replace(left_out=reason))
        elif block.level or block.left_out or is_repeated:
            marked.append(block._replace(left_out=NOT_THE_ARTICLE))
        else:
            marked += _in_part(block, article)
    return marked


def _same(bare: list[str], chosen: list[str]) -> list[tuple[int, int]]:
    """The runs of blocks that are lines of what is chosen, in the same order."""
    return [(code.src_start, code.src_end) for code in LCSseq.opcodes(bare, chosen) if code.tag == "equal"]


def _in_part(block: Block, article: Chosen) -> list[Block]:
    """The block in pieces: runs of sentences that are chosen, and of those that are not, one after the other."""
    pieces: list[tuple[Span, bool]] = []
    for start, end in sentence_spans(block.text):
        kept = article.holds(_bare(block.text[start:end]))
        if pieces and pieces[-1][1] is kept:
            pieces[-1] = (Span(pieces[-1][0].start, end), kept)
        else:
            pieces.append((Span(start, end), kept))
    return [
        block._replace(text=block.text[slice(*span)], left_out=None if kept else NOT_THE_ARTICLE, loose=True)
        for span, kept in pieces
    ]


def headline_among(blocks: list[Block], title: Fact | None) -> int | None:
    """The heading that is the article's: the one that says its title, else the only one of the first level."""
    first = [number for number, block in enumerate(blocks) if block.level == 1]
    if title is not None:
        wanted = fold(title.value).casefold()
        for number, block in enumerate(blocks):
            if block.level and fold(block.text).casefold() == wanted:
                return number
    return first[0] if len(first) == 1 else None


def _titled(facts: dict[str, Fact], headline: str | None, tree: Any) -> dict[str, Fact]:  # noqa: ANN401  # lxml's
    """The facts; where the metadata names no title, the headline is it, or else what the window is called."""
    if "title" in facts:
        return facts
    if headline is not None:
        line = line_of(headline)
        return {**facts, "title": Fact(value=line, origin=Origin.TEXT)} if line else facts
    title = page_title(tree)
    return {**facts, "title": title} if title else facts
