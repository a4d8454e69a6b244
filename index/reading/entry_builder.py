"""Build the `Entry` of one article in memory, without file access."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.cleaning import Rule, excluded, in_order, lines, remaining
from index.errors import ArticleRejected, RuleTooSlow
from index.models import Article, Entry, Extraction, Fact, Kind, Origin, Sentence, Span
from index.reading.decoding import UTF_8, decode
from index.reading.extracted import HEADING, Extracted, spans_of_kind
from index.reading.fields import line_of
from index.reading.formats import Format
from index.reading.plain_text import PageFacts, read_page_facts
from index.reading.sidecar import Sidecar
from index.sentences.quotable import Frame, quotable_sentences


class Material(NamedTuple):
    """Input of `entry_of`."""

    id: str
    """The article's id, which may differ from the file's name."""
    file: str
    """Name for error messages."""
    data: bytes
    stated: Sidecar
    held: Extracted | None = None
    """The extracted text; None if the bytes are the text."""


def entry_of(material: Material, rules: Sequence[Rule]) -> Entry:
    """Build the entry; raise ArticleRejected if the data is not text, or a rule takes too long on it."""
    try:
        article, page = _read(material, rules)
        return _cleaned(article, page, rules, material.held)
    except RuleTooSlow as error:
        what = f"{material.file} was not read. {error.what}"
        raise ArticleRejected(what, error.remedy) from error


def _read(material: Material, rules: Sequence[Rule]) -> tuple[Article, PageFacts]:
    """Return the article and the metadata found in its lines."""
    held = material.held
    if held is None:
        text, encoding = decode(material.data, material.file)
        extraction, page = None, read_page_facts(text, lines(text), rules)
    else:
        text, encoding = held.text, UTF_8
        text_sha256 = hashlib.sha256(text.encode(UTF_8)).hexdigest()
        extraction = Extraction(format=held.form.value, by=held.by, sha256=text_sha256)
        page = _facts_of_extracted(held, rules)
    article = Article(
        id=material.id,
        file=material.file,
        encoding=encoding,
        sha256=hashlib.sha256(material.data).hexdigest(),
        extraction=extraction,
        text=text,
        **_facts(material.stated, held.facts if held else {}, page, text),
    )
    return article, page


def _facts_of_extracted(held: Extracted, rules: Sequence[Rule]) -> PageFacts:
    """Find the metadata in the lines that extraction kept; all formats but PDF mark their headings."""
    text = held.text
    left_out = [exclusion.span for exclusion in held.exclusions]
    kept = remaining(text, [Span(0, len(text))], [*left_out, *([held.headline] if held.headline else [])])
    own_lines = [Span(start + a, start + b) for start, end in kept for a, b in lines(text[start:end])]
    page = read_page_facts(text, own_lines, rules, has_headings=held.form is not Format.PDF)
    return page._replace(headline=held.headline or page.headline)


def _facts(stated: Sidecar, held: Mapping[str, Fact], page: PageFacts, text: str) -> dict[str, Fact | None]:
    """Take each metadata field from the origin of highest precedence; None if no source gives it."""
    by_admin = {
        "title": stated.headline,
        "url": stated.url,
        "publisher": stated.publisher_name,
        "author": stated.author_names,
        "published": stated.published,
    }
    headline = line_of(text[slice(*page.headline)]) if page.headline else None
    by_text = {
        "title": Fact(value=headline, origin=Origin.TEXT) if headline else None,
        "url": page.url,
        "author": page.author,
        "published": page.published,
    }
    return {
        name: surest(Fact(value=value, origin=Origin.SIDECAR) if value else None, held.get(name), by_text.get(name))
        for name, value in by_admin.items()
    }


def surest(*facts: Fact | None) -> Fact | None:
    """Return the field whose origin has the highest precedence; None if there is none."""
    order = list(Origin)
    return min(filter(None, facts), key=lambda fact: order.index(fact.origin), default=None)


def _cleaned(article: Article, page: PageFacts, rules: Sequence[Rule], held: Extracted | None) -> Entry:
    """Apply the rules to an article and split what is left into sentences."""
    text, headline = article.text, page.headline
    left_out = held.exclusions if held else ()
    is_set_apart = held is not None and held.headline is not None
    stated = [exclusion.span for exclusion in page.exclusions]
    before = [*stated, *(exclusion.span for exclusion in left_out), *([headline] if headline else [])]
    own = remaining(text, [Span(0, len(text))], before)
    url = article.url.value if article.url else None
    found = excluded(text, own, url, rules)
    kept = remaining(text, own, (exclusion.span for exclusion in found))
    # Spans known to be on lines of their own: no sentence continues across them.
    apart = [*stated, *spans_of_kind(left_out, HEADING), *(held.apart if held else ())]
    apart += [headline] if headline and is_set_apart else []
    running = tuple(remaining(text, [Span(0, len(text))], apart))
    frame = Frame(None if is_set_apart else headline, running, tuple(label.span for label in page.labels))
    sentences, lost = quotable_sentences(article.id, text, kept, frame)
    if headline:
        title = Sentence(article=article.id, span=headline, paragraph=0, kind=Kind.HEADLINE)
        sentences = tuple(sorted((title, *sentences), key=lambda sentence: sentence.span))
    exclusions = in_order([*page.exclusions, *page.labels, *left_out, *found])
    return Entry(article=article, exclusions=exclusions, sentences=sentences, lost=lost)
