"""Web pages: all visible text, block by block; trafilatura decides which of it is the article."""

from __future__ import annotations

import codecs
import itertools
import logging
import unicodedata
from collections.abc import Iterator
from typing import Any

import regex
from lxml import html
from rapidfuzz.distance import LCSseq

from index.errors import ArticleRejected
from index.models import QUESTION_LEVEL, MetadataField, Origin, Span, collapse_whitespace
from index.reading.blocks import HEADING, ExclusionReason, TextBlock, lay_out, without_headline
from index.reading.decoding import UTF_8, decode
from index.reading.extracted import Extracted, with_versions
from index.reading.fields import clean_line
from index.reading.formats import Format
from index.reading.html.charset import encoding_of
from index.reading.html.css import element_visibilities, without_style
from index.reading.html.dom_blocks import mark_structure, page_blocks, parse_page
from index.reading.html.metadata import canonical_link, page_metadata, page_title
from index.reading.html.popups import remove_unseen
from index.reading.html.sections import open_panels
from index.reading.questions import with_questions_and_lists
from index.sentences import sentence_spans

NOT_THE_ARTICLE = ExclusionReason("boilerplate", "not-the-article")
MIN_CERTAIN_LENGTH = 40
"""Characters without white space from which a text alone identifies a block."""
DECLARED = regex.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", regex.IGNORECASE)
DECLARED_WITHIN = 4096
# White space, invisible characters, and the quotation marks that a browser adds.
NOT_COMPARED = regex.compile(r"[\s\p{C}“”]+")
ENDED = regex.compile(r"[.!?…:;。！？][\p{Pe}\p{Pf}\p{Pi}\"'’]*(?:\[?\d{1,3}\]?)*$")
ENDED_WITHIN = 16
"""Characters within which a sentence ends, with closing marks and footnote numbers."""
INLINE = frozenset({"hi", "ref", "del", "span", "lb", "graphic"})
"""Trafilatura's inline elements."""


def extract(data: bytes, file: str) -> Extracted:
    """Extract the article of a page; raise ArticleRejected if it is not a page or no article is found on it.

    The text is all that a reader of the page sees. What trafilatura drops becomes exclusions, so nothing is joined that
    is not adjacent on the page.
    """
    page = decode_page(data, file)
    tree = parse_page(page, file)
    visibilities = element_visibilities(tree)
    has_closed = open_panels(tree, visibilities)
    visibilities = element_visibilities(tree) if has_closed else visibilities
    is_changed = any([has_closed, remove_unseen(tree, visibilities), mark_structure(tree)])
    blocks = page_blocks(tree, visibilities)
    chosen = _chosen(html.tostring(tree, encoding="unicode") if is_changed else page)
    marked = with_questions_and_lists(_mark_left_out(blocks, chosen))
    if not _is_found(marked):
        is_hidden = _is_found(_mark_left_out(page_blocks(without_style(tree)), chosen))
        problem = f"No article was found on the page {file}."
        if is_hidden:
            problem = f"The page {file} hides its article with CSS; perhaps a script would show it."
        raise ArticleRejected(problem, "Save the article's text as plain text.")
    laid = lay_out(marked, file)
    facts = page_metadata(tree, page)
    number = find_headline(marked, facts.get("title"))
    headline = None if number is None else laid.spans[number]
    return Extracted(
        text=laid.text,
        headline=headline,
        exclusions=without_headline(laid.exclusions, headline),
        blocks=laid.blocks,
        facts=_with_title(facts, None if number is None else marked[number].text, tree),
        canonical=canonical_link(tree),
        form=Format.HTML,
        by=with_versions("trafilatura", "lxml"),
    )


def _is_found(marked: list[TextBlock]) -> bool:
    """Whether the blocks certainly include an article."""
    return any(block.left_out is None and len(_comparable_text(block.text)) >= MIN_CERTAIN_LENGTH for block in marked)


def decode_page(data: bytes, file: str) -> str:
    """Decode by byte order mark, valid UTF-8, declared charset or Windows-1252; ArticleRejected if all fail."""
    declared = DECLARED.search(data[:DECLARED_WITHIN])
    if declared is None or data.startswith(codecs.BOM_UTF8) or _is_utf_8(data):
        return decode(data, file)[0]
    try:
        text = data.decode(encoding_of(declared[1].decode("ascii")) or UTF_8)
    except UnicodeError:
        return decode(data, file)[0]
    return decode(text.encode("utf-8", "replace"), file)[0]


def _is_utf_8(data: bytes) -> bool:
    """Whether data is certainly UTF-8, whatever a page declares: other encodings are not valid UTF-8 by chance."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


class ArticleText:
    """The pieces of a page that trafilatura takes for its article, in order and normalised for comparison."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self._whole = "".join(pieces)
        self._borders = {0, *itertools.accumulate(map(len, pieces))}

    def contains(self, bare: str) -> bool:
        """Whether a text certainly occurs there: long enough, and enclosed by sentence boundaries.

        A truncated teaser occurs in the article literally, too, but is half a sentence.
        """
        return any(self._occurrences(bare))

    def contains_continuation_of(self, bare: str) -> bool:
        """Whether a text is only part of a sentence of the article, as a pull quote may be."""
        is_piece = bare[:1].islower() or ENDED.search(bare) is None
        return is_piece and not all(self._occurrences(bare))

    def _occurrences(self, bare: str) -> Iterator[bool]:
        """For each place where a long enough text occurs, yield whether sentence boundaries enclose it."""
        place = self._whole.find(bare) if len(bare) >= MIN_CERTAIN_LENGTH else -1
        while place >= 0:
            yield self._is_border(place) and self._is_border(place + len(bare))
            place = self._whole.find(bare, place + 1)

    def _is_border(self, place: int) -> bool:
        before = self._whole[max(0, place - ENDED_WITHIN) : place]
        return place in self._borders or ENDED.search(before) is not None


def _chosen(page: str) -> list[str]:
    """Return the pieces that trafilatura takes for the article, normalised for comparison."""
    import trafilatura  # noqa: PLC0415  # slow to import, and only needed for pages

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: Any = trafilatura.bare_extraction(
        page, favor_precision=True, include_comments=False, include_tables=False, with_metadata=False
    )
    if found is None or found.body is None:
        return []
    return [piece for line in _lines(found.body) if (piece := _comparable_text(line))]


def _lines(body: Any) -> list[str]:  # noqa: ANN401  # an lxml element
    """Return the text of each of trafilatura's block elements, in order."""
    lines = [""]
    for step, element in _steps(body):
        if element.tag not in INLINE:
            lines.append("")
        lines[-1] += (element.text if step == "start" else element.tail) or ""
    return lines


def _steps(body: Any) -> Any:  # noqa: ANN401  # an lxml element
    from lxml import etree  # noqa: PLC0415  # as above

    return etree.iterwalk(body, events=("start", "end"))


def _comparable_text(text: str) -> str:
    """Remove what trafilatura changes: white space, invisible characters, forms of accents and superscripts."""
    return NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text))


def _mark_left_out(blocks: list[TextBlock], chosen: list[str]) -> list[TextBlock]:
    """Exclude the blocks that are not chosen; split those of which only some sentences are."""
    bare = [_comparable_text(block.text.removeprefix(block.number)) for block in blocks]
    same = {place for start, end in _same(bare, chosen) for place in range(start, end)}
    article = ArticleText(chosen)
    marked: list[TextBlock] = []
    for number, block in enumerate(blocks):
        if block.is_whole:
            marked.append(block)
            continue
        may_be = block.left_out is None or block.level
        is_repeated = article.contains_continuation_of(bare[number])
        kept = (number in same or article.contains(bare[number])) and not is_repeated
        reason = block.left_out if block.level or not may_be else None
        if not may_be or kept:
            marked.append(block._replace(left_out=reason))
        elif block.level or block.left_out or is_repeated:
            marked.append(block._replace(left_out=NOT_THE_ARTICLE))
        else:
            marked += _split_block(block, article)
    return _with_whole_blocks(_with_short_answers(marked))


def _with_short_answers(blocks: list[TextBlock]) -> list[TextBlock]:
    """Keep a question with its answer among those of the article: trafilatura drops some for being short, or a link."""
    if not any(block.level == QUESTION_LEVEL and block.left_out == HEADING for block in blocks):
        return blocks
    marked: list[TextBlock] = []
    answer_end = 0
    for number, block in enumerate(blocks):
        if block.level == QUESTION_LEVEL and marked and marked[-1].left_out in {None, HEADING}:
            answer_end = _end_of_answer(blocks, number)
        is_dropped = block.left_out is NOT_THE_ARTICLE and number < answer_end
        marked.append(block._replace(left_out=HEADING if block.level else None) if is_dropped else block)
    return marked


def _end_of_answer(blocks: list[TextBlock], question: int) -> int:
    """The number behind the last block of an answer; that of the question if nothing ends it but the page."""
    for number in range(question + 1, len(blocks)):
        if blocks[number].level:
            return number
        if blocks[number].ends_section:
            return number + 1
    return question


def _with_whole_blocks(blocks: list[TextBlock]) -> list[TextBlock]:
    """Exclude the tables and code that do not follow a block of the article; headings may be between."""
    marked: list[TextBlock] = []
    is_inside = False
    for block in blocks:
        if not block.is_whole and not block.level:
            is_inside = block.left_out is not NOT_THE_ARTICLE
        left_out = None if is_inside else NOT_THE_ARTICLE
        marked.append(block._replace(left_out=block.left_out or left_out) if block.is_whole else block)
    return marked


def _same(bare: list[str], chosen: list[str]) -> list[tuple[int, int]]:
    """Return the runs of blocks that equal chosen pieces, in the same order."""
    return [(code.src_start, code.src_end) for code in LCSseq.opcodes(bare, chosen) if code.tag == "equal"]


def _split_block(block: TextBlock, article: ArticleText) -> list[TextBlock]:
    """Split a block into alternating runs of chosen and other sentences."""
    pieces: list[tuple[Span, bool]] = []
    for start, end in sentence_spans(block.text):
        kept = article.contains(_comparable_text(block.text[start:end]))
        if pieces and pieces[-1][1] is kept:
            pieces[-1] = (Span(pieces[-1][0].start, end), kept)
        else:
            pieces.append((Span(start, end), kept))
    return [
        block._replace(
            text=block.text[slice(*span)],
            left_out=None if kept else NOT_THE_ARTICLE,
            ends_section=block.ends_section and span.end == pieces[-1][0].end,
        )
        for span, kept in pieces
    ]


def find_headline(blocks: list[TextBlock], title: MetadataField | None) -> int | None:
    """Return the index of the article's heading: the one equal to its title, else the only one of level 1."""
    first = [number for number, block in enumerate(blocks) if block.level == 1 and not block.heads_nothing]
    if title is not None:
        wanted = collapse_whitespace(title.value).casefold()
        for number, block in enumerate(blocks):
            if block.level and collapse_whitespace(block.text).casefold() == wanted:
                return number
    return first[0] if len(first) == 1 else None


def _with_title(facts: dict[str, MetadataField], headline: str | None, tree: Any) -> dict[str, MetadataField]:  # noqa: ANN401  # an lxml element
    """Add a title if the metadata has none: the headline, else the page's `title` element."""
    if "title" in facts:
        return facts
    if headline is not None:
        line = clean_line(headline)
        return {**facts, "title": MetadataField(value=line, origin=Origin.TEXT)} if line else facts
    title = page_title(tree)
    return {**facts, "title": title} if title else facts
