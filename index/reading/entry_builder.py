"""Build the `IndexedArticle` of one article in memory, without file access."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from index.cleaning import Rule, find_exclusions, lines, sorted_exclusions, subtract_spans
from index.errors import ArticleRejected, RuleTooSlow
from index.models import (
    WHOLE_BLOCKS,
    Article,
    Block,
    BlockKind,
    Exclusion,
    Extraction,
    IndexedArticle,
    MetadataField,
    Origin,
    Sentence,
    SentenceKind,
    Span,
)
from index.reading.chunks import below_lost_lead_ins, blocks_outside, is_header, item_ends, split_at_items, with_blocks
from index.reading.decoding import UTF_8, decode, decoded_by
from index.reading.extracted import HEADING, Extracted, spans_of_kind
from index.reading.fields import clean_line
from index.reading.formats import Format
from index.reading.plain_text import PageMetadata, read_page_metadata
from index.reading.sidecar import Sidecar
from index.reading.text_blocks import text_blocks
from index.sentences.quotable import BodyContext, quotable_sentences


class ReaderInput(NamedTuple):
    """Input of `build_entry`."""

    id: str
    """The article's id, which may differ from the file's name."""
    file: str
    """Name for error messages."""
    data: bytes
    sidecar: Sidecar
    extracted: Extracted | None = None
    """The extracted text; None if the bytes are the text."""
    site_url: str | None = None
    """Where `sources.toml` says that the file is published; a URL that the file or its sidecar states wins."""


def build_entry(reader_input: ReaderInput, rules: Sequence[Rule]) -> IndexedArticle:
    """Build the entry; raise ArticleRejected if the data is not text, or a rule takes too long on it."""
    try:
        article, page = _read(reader_input, rules)
        return _clean(article, page, rules, _with_known_anchors(reader_input, article))
    except RuleTooSlow as error:
        problem = f"{reader_input.file} was not read. {error.what}"
        raise ArticleRejected(problem, error.remedy) from error


def _with_known_anchors(reader_input: ReaderInput, article: Article) -> Extracted | None:
    """What was extracted; without the ids that a site gives headings if the article's URL is of another site."""
    held, site_url = reader_input.extracted, reader_input.site_url
    if held is None or held.form is not Format.MARKDOWN or article.url is None or site_url is None:
        return held
    if urlsplit(article.url.value).netloc == urlsplit(site_url).netloc:
        return held
    return held.model_copy(update={"blocks": tuple(one.model_copy(update={"anchor": ""}) for one in held.blocks)})


def _read(reader_input: ReaderInput, rules: Sequence[Rule]) -> tuple[Article, PageMetadata]:
    """Return the article and the metadata found in its lines."""
    held = reader_input.extracted
    if held is None:
        text, encoding = decode(reader_input.data, reader_input.file)
        by, page = decoded_by(text, encoding, reader_input.data), read_page_metadata(text, lines(text), rules)
    else:
        text, encoding, by = held.text, UTF_8, held.by
        page = _metadata_of_extracted(held, rules)
    form = held.form if held else Format.TEXT
    sha256 = hashlib.sha256(text.encode(encoding)).hexdigest()
    metadata = _choose_metadata(reader_input.sidecar, held.facts if held else {}, page, text)
    if metadata["url"] is None and reader_input.site_url is not None:
        metadata["url"] = MetadataField(value=reader_input.site_url, origin=Origin.SOURCES)
    article = Article(
        id=reader_input.id,
        file=reader_input.file,
        encoding=encoding,
        sha256=hashlib.sha256(reader_input.data).hexdigest(),
        extraction=Extraction(format=form.value, by=by, sha256=sha256) if by else None,
        text=text,
        **metadata,
    )
    return article, page


def _metadata_of_extracted(held: Extracted, rules: Sequence[Rule]) -> PageMetadata:
    """Find the metadata in the lines that extraction kept."""
    text = held.text
    left_out = [*(exclusion.span for exclusion in held.exclusions), *(block.span for block in held.blocks)]
    kept = subtract_spans(text, [Span(0, len(text))], [*left_out, *([held.headline] if held.headline else [])])
    own_lines = [Span(start + a, start + b) for start, end in kept for a, b in lines(text[start:end])]
    page = read_page_metadata(text, own_lines, rules, has_headings=_has_blocks(held))
    return page._replace(headline=held.headline or page.headline)


def _has_blocks(held: Extracted | None) -> bool:
    """Whether the format marks headings and paragraphs: all extracted ones but PDF do."""
    return held is not None and held.form is not Format.PDF


def _choose_metadata(
    stated: Sidecar, held: Mapping[str, MetadataField], page: PageMetadata, text: str
) -> dict[str, MetadataField | None]:
    """Take each metadata field from the origin of highest precedence; None if no source gives it."""
    by_admin = {
        "title": stated.headline,
        "url": stated.url,
        "publisher": stated.publisher_name,
        "author": stated.author_names,
        "published": stated.published,
    }
    headline = clean_line(text[slice(*page.headline)]) if page.headline else None
    by_text = {
        "title": MetadataField(value=headline, origin=Origin.TEXT) if headline else None,
        "url": page.url,
        "author": page.author,
        "published": page.published,
    }
    return {
        name: most_reliable(
            MetadataField(value=value, origin=Origin.SIDECAR) if value else None, held.get(name), by_text.get(name)
        )
        for name, value in by_admin.items()
    }


def most_reliable(*facts: MetadataField | None) -> MetadataField | None:
    """Return the field whose origin has the highest precedence; None if there is none."""
    order = list(Origin)
    return min(filter(None, facts), key=lambda fact: order.index(fact.origin), default=None)


def _blocks_of_plain_text(text: str, page: PageMetadata) -> tuple[tuple[Exclusion, ...], tuple[Block, ...]]:
    """The questions and marks in a plain text, which are not quoted, and its blocks."""
    taken = {exclusion.span for exclusion in page.exclusions} | {page.headline}
    found = text_blocks(text, [line for line in lines(text) if line not in taken])
    questions = (block.span for block in found.blocks if block.kind is BlockKind.HEADING)
    left_out = [Exclusion(span=span, kind=HEADING, rule="question") for span in questions]
    left_out += [Exclusion(span=span, kind=HEADING, rule="list-mark") for span in found.marks]
    left_out += [Exclusion(span=span, kind=HEADING, rule="table-of-contents") for span in found.contents]
    return sorted_exclusions(left_out), found.blocks


def _clean(article: Article, page: PageMetadata, rules: Sequence[Rule], held: Extracted | None) -> IndexedArticle:
    """Apply the rules to an article and split what is left into sentences."""
    text, headline = article.text, page.headline
    left_out, marked = (held.exclusions, held.blocks) if held else _blocks_of_plain_text(text, page)
    is_set_apart = held is not None and held.headline is not None
    stated = [exclusion.span for exclusion in page.exclusions]
    before = [*stated, *(exclusion.span for exclusion in left_out), *([headline] if headline else [])]
    blocks = blocks_outside(marked, before)
    whole = [block.span for block in blocks if block.kind in WHOLE_BLOCKS]
    before += whole
    rows = [block.span for block in blocks if block.kind is BlockKind.TABLE_ROW]
    own = subtract_spans(text, [Span(0, len(text))], before)
    url = article.url.value if article.url else None
    found = find_exclusions(text, own, url, rules)
    kept = subtract_spans(text, own, (exclusion.span for exclusion in found))
    # Spans known to be on lines of their own: no sentence continues across them.
    apart = [*stated, *spans_of_kind(left_out, HEADING), *rows]
    apart += [headline] if headline and is_set_apart else []
    running = tuple(subtract_spans(text, [Span(0, len(text))], apart))
    labels = tuple(label.span for label in page.labels)
    frame = BodyContext(None if is_set_apart else headline, running, labels, _has_blocks(held), item_ends(text, blocks))
    sentences, lost = quotable_sentences(article.id, text, split_at_items(text, kept, blocks), frame)
    gone = [*(one.span for one in left_out if one.kind != HEADING), *(one.span for one in found), *lost]
    orphans = below_lost_lead_ins(text, blocks, gone)
    sentences = with_blocks(article, sentences, blocks, orphans)
    lost = tuple(sorted({*lost, *orphans}))
    if headline:
        title = Sentence(article=article.id, span=headline, paragraph=0, kind=SentenceKind.HEADLINE)
        sentences = tuple(sorted((title, *sentences), key=lambda sentence: sentence.span))
    found += [Exclusion(span=block.span, kind="table", rule="table-header") for block in blocks if is_header(block)]
    exclusions = sorted_exclusions([*page.exclusions, *page.labels, *left_out, *found])
    warnings = held.warnings if held else ()
    return IndexedArticle(
        article=article,
        exclusions=exclusions,
        sentences=sentences,
        fragments=lost,
        warnings=warnings,
        blocks=blocks,
    )
