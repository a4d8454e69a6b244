"""Bytes of a file to an Entry: its text, its facts with their origins, what was left out, its sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from index.article import Article, Entry, Extraction, Fact, Kind, Origin, Sentence, Span
from index.cleaning import Rule, excluded, in_order, lines, remaining
from index.errors import ArticleRejected
from index.quotable import Frame, quotable_sentences
from index.reading.apart import READERS
from index.reading.decoding import MAX_BYTES, UTF_8, decode
from index.reading.extracted import HEADING, Extracted, spans_of_kind
from index.reading.formats import ENDINGS as FORMATS
from index.reading.formats import Format, checked_format
from index.reading.publishers import NONE, Publishers, publisher_of
from index.reading.sidecar import Sidecar, read_sidecar
from index.reading.text import PageFacts, read_page_facts
from index.reading.values import line_of

ENDINGS = tuple(FORMATS)
BYTES_AT_MOST = MAX_BYTES
"""Of a file of articles."""


def read_entry(
    file: str, data: bytes, sidecar: bytes | None, rules: Sequence[Rule], publishers: Publishers = NONE
) -> Entry:
    """The entry of one file of articles.

    Args:
        file: its name; the article's id is the name without its ending, its format what ending and content say.
        data: its bytes.
        sidecar: the bytes of its sidecar, None where it has none.
        rules: the cleaning rules.
        publishers: who publishes on which host.

    Raises:
        ArticleRejected: the file cannot be read as an article, or its sidecar is wrong.
    """
    name = PurePath(file).stem
    sha256 = hashlib.sha256(data).hexdigest()
    stated = Sidecar() if sidecar is None else read_sidecar(sidecar, f"{name}.meta.toml", sha256)
    if len(data) > BYTES_AT_MOST:
        what = f"{file} has {len(data):,} bytes; an article has at most {BYTES_AT_MOST:,}."
        raise ArticleRejected(what, "Split it into its articles.")
    form = checked_format(file, data)
    if form is Format.TEXT:
        entry = entry_of(name, file, data, stated, rules)
    else:
        entry = entry_of_extracted(file, data, READERS.extracted(form, data, file), stated, rules)
    return _with_publisher(entry, publishers)


def _with_publisher(entry: Entry, publishers: Publishers) -> Entry:
    """The entry with the publisher that is stated for the host of its URL, where nothing surer names one."""
    article = entry.article
    name = publisher_of(article.url.value, publishers) if article.url else None
    stated = Fact(value=name, origin=Origin.SOURCES) if name else None
    publisher = _surest(article.publisher, stated)
    return entry.model_copy(update={"article": article.model_copy(update={"publisher": publisher})})


def entry_of(article_id: str, file: str, data: bytes, stated: Sidecar, rules: Sequence[Rule]) -> Entry:
    """The entry of an article of plain text that need not be a file of that name.

    Args:
        article_id: whatever it is called.
        file: what it is called where it must be refused.
        data: its bytes.
        stated: what is stated about it.
        rules: the cleaning rules.

    Raises:
        ArticleRejected: it is not text.
    """
    text, encoding = decode(data, file)
    page = read_page_facts(text, lines(text), rules)
    facts = _facts(stated, {}, page, text)
    sha256 = hashlib.sha256(data).hexdigest()
    article = Article(id=article_id, file=file, encoding=encoding, sha256=sha256, text=text, **facts)
    return _entry(article, page, rules)


def extracted_again(article: Article, data: bytes) -> str | None:
    """The text that is taken out of an article's file now; the article's own where other libraries read it then.

    Raises:
        ArticleRejected: the file cannot be read any more.
    """
    if article.extraction is None:
        return None
    held = READERS.extracted(Format(article.extraction.format), data, article.file)
    return held.text if held.by == article.extraction.by else article.text


def entry_of_extracted(file: str, data: bytes, held: Extracted, stated: Sidecar, rules: Sequence[Rule]) -> Entry:
    """The entry of an article whose text was taken out of its file; where its format has headings, they are known."""
    text = held.text
    text_sha256 = hashlib.sha256(text.encode(UTF_8)).hexdigest()
    left_out = [exclusion.span for exclusion in held.exclusions]
    kept = remaining(text, [Span(0, len(text))], [*left_out, *([held.headline] if held.headline else [])])
    own_lines = [Span(start + a, start + b) for start, end in kept for a, b in lines(text[start:end])]
    page = read_page_facts(text, own_lines, rules, has_headings=held.form is not Format.PDF)
    page = page._replace(headline=held.headline or page.headline)
    article = Article(
        id=PurePath(file).stem,
        file=file,
        encoding=UTF_8,
        sha256=hashlib.sha256(data).hexdigest(),
        extraction=Extraction(format=held.form.value, by=held.by, sha256=text_sha256),
        text=text,
        **_facts(stated, held.facts, page, text),
    )
    return _entry(article, page, rules, held)


def _facts(stated: Sidecar, held: Mapping[str, Fact], page: PageFacts, text: str) -> dict[str, Fact | None]:
    """Of each fact of record the one of the surest origin; None where no source gives it."""
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
        name: _surest(Fact(value=value, origin=Origin.SIDECAR) if value else None, held.get(name), by_text.get(name))
        for name, value in by_admin.items()
    }


def _surest(*facts: Fact | None) -> Fact | None:
    order = list(Origin)
    return min(filter(None, facts), key=lambda fact: order.index(fact.origin), default=None)


def _entry(article: Article, page: PageFacts, rules: Sequence[Rule], held: Extracted | None = None) -> Entry:
    """The entry of an article.

    Args:
        article: the article.
        page: what its lines say.
        rules: the cleaning rules.
        held: what its reader took out of its file, where the file is not its text.
    """
    text, headline = article.text, page.headline
    left_out = held.exclusions if held else ()
    is_set_apart = held is not None and held.headline is not None
    stated = [exclusion.span for exclusion in page.exclusions]
    before = [*stated, *(exclusion.span for exclusion in left_out), *([headline] if headline else [])]
    own = remaining(text, [Span(0, len(text))], before)
    url = article.url.value if article.url else None
    found = excluded(text, own, url, rules)
    kept = remaining(text, own, (exclusion.span for exclusion in found))
    # What is known to stand in lines of its own: no sentence can run on through it.
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
