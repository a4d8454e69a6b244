"""Bytes of a file to an Entry: its text, its facts with their origins, what was left out, its sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePath

from index.article import Article, Entry, Fact, Kind, Origin, Sentence, Span, fold
from index.cleaning import Rule, excluded, in_order, remaining
from index.quotable import Frame, quotable_sentences
from index.reading.decoding import decode
from index.reading.sidecar import Sidecar, read_sidecar
from index.reading.text import PageFacts, read_page_facts

ENDINGS = (".txt",)


def read_entry(file: str, data: bytes, sidecar: bytes | None, rules: Sequence[Rule]) -> Entry:
    """The entry of one file of articles.

    Args:
        file: its name; the article's id is the name without its ending.
        data: its bytes.
        sidecar: the bytes of its sidecar, None where it has none.
        rules: the cleaning rules.

    Raises:
        ArticleRejected: the file is not text, or its sidecar is wrong.
    """
    name = PurePath(file).stem
    sha256 = hashlib.sha256(data).hexdigest()
    stated = Sidecar() if sidecar is None else read_sidecar(sidecar, f"{name}.meta.toml", sha256)
    return entry_of(name, file, data, stated, rules)


def entry_of(article_id: str, file: str, data: bytes, stated: Sidecar, rules: Sequence[Rule]) -> Entry:
    """The entry of an article that need not be a file of that name.

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
    page = read_page_facts(text, rules)
    headline = None if page.headline is None else fold(text[slice(*page.headline)])
    article = Article(
        id=article_id,
        file=file,
        encoding=encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        title=_stated(stated.headline) or (Fact(value=headline, origin=Origin.TEXT) if headline else None),
        url=_stated(stated.url) or page.url,
        publisher=_stated(stated.publisher_name),
        author=_stated(stated.author_names) or page.author,
        published=_stated(stated.published) or page.published,
    )
    return _entry(article, page, rules)


def _stated(value: str | None) -> Fact | None:
    return None if value is None else Fact(value=value, origin=Origin.SIDECAR)


def _entry(article: Article, page: PageFacts, rules: Sequence[Rule]) -> Entry:
    text, headline = article.text, page.headline
    stated = [exclusion.span for exclusion in page.exclusions]
    own = remaining(text, [Span(0, len(text))], [*stated, *([headline] if headline else [])])
    url = article.url.value if article.url else None
    found = excluded(text, own, url, rules)
    kept = remaining(text, own, (exclusion.span for exclusion in found))
    frame = Frame(headline, tuple(stated), tuple(label.span for label in page.labels))
    sentences, lost = quotable_sentences(article.id, text, kept, frame)
    if headline:
        title = Sentence(article=article.id, span=headline, paragraph=0, kind=Kind.HEADLINE)
        sentences = tuple(sorted((title, *sentences), key=lambda sentence: sentence.span))
    return Entry(
        article=article, exclusions=in_order([*page.exclusions, *page.labels, *found]), sentences=sentences, lost=lost
    )
