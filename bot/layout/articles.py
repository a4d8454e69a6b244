"""Rendering of the list of articles and of one article's metadata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.i18n.messages import ORIGIN_MESSAGES, Message
from bot.layout.answers import language_name
from bot.layout.limits import COMPONENTS
from bot.layout.links import link_to
from bot.layout.pages import Block, QuotationGroup, RenderedMessages, truncate_blocks
from bot.layout.parts import FixedSentence, Line, MetadataText, Number, SourceUrl
from bot.layout.quotations import MAX_LABELLED_LENGTH, metadata_text, source_lines
from index.indexing.near_duplicates import Similar
from index.models import Article, IndexedArticle, MetadataField, collapse_whitespace

MAX_LIST_MESSAGES = 2
"""Messages that the list may take."""
LABELS = {
    "title": (Message.TITLE, Message.NO_TITLE),
    "publisher": (Message.PUBLISHER, Message.NO_PUBLISHER),
    "author": (Message.AUTHOR, Message.NO_AUTHOR),
    "published": (Message.PUBLISHED, Message.NO_PUBLISHED),
    "language": (Message.LANGUAGE, Message.NO_LANGUAGE),
    "url": (Message.URL, Message.NO_URL),
}
"""The labels of each metadata field: above its value, and where it is not recorded."""


LEFT_OUT = {
    "boilerplate": Message.LEFT_OUT_BOILERPLATE,
    "ad-code": Message.LEFT_OUT_AD_CODE,
    "link-promo": Message.LEFT_OUT_LINK_PROMO,
    "byline": Message.LEFT_OUT_BYLINE,
    "date": Message.LEFT_OUT_DATE,
    "caption": Message.LEFT_OUT_CAPTION,
    "footer": Message.LEFT_OUT_FOOTER,
}
"""What was left out of an article, by the kind of the cleaning rule."""


def render_articles(entries: Sequence[IndexedArticle]) -> RenderedMessages:
    """Render the list of articles, in at most two messages, and the number left out.

    The first article of a folder stands under the folder's path.
    """
    return RenderedMessages.of(article_blocks(entries))


def article_blocks(entries: Sequence[IndexedArticle], above: Sequence[Block] = ()) -> list[Block | QuotationGroup]:
    """Return the list of articles below these blocks, as many as fit on two messages."""
    if not entries:
        return [*above, Block((FixedSentence.of(Message.NO_ARTICLES),), framed=False)]
    head = [*above, Block((FixedSentence.of(Message.ARTICLES, count=Number(len(entries))),), framed=False)]
    # More blocks than two messages have components can never be shown.
    listed = entries[: MAX_LIST_MESSAGES * COMPONENTS]
    folders = [entry.article.folder for entry in listed]
    blocks = [
        Block((*([_folder_line(folder)] if folder != before else []), *source_lines(entry.article)), framed=False)
        for entry, folder, before in zip(listed, folders, ["", *folders], strict=False)
    ]
    return truncate_blocks(head, blocks, MAX_LIST_MESSAGES, Message.MORE_ARTICLES, of=len(entries))


def _folder_line(folder: str) -> Line:
    """Return a folder's path after its label; a long one alone, since it may have to be split over messages."""
    path = MetadataText.of(folder)
    return path if len(path.value) > MAX_LABELLED_LENGTH else FixedSentence.of(Message.FOLDER, path=path)


def render_article(
    entry: IndexedArticle,
    done: Message | None = None,
    similar: Sequence[Similar] = (),
    titles: Mapping[str, str] = MappingProxyType({}),
) -> RenderedMessages:
    """Render an article's metadata with the origin of each field, and the number of its quotable sentences.

    Args:
        entry: the article.
        done: the sentence above it: what was done with the article, which also shows what of it could not be read, and
            what was left out.
        similar: near-duplicates, listed below it.
        titles: of these, by id.
    """
    article = entry.article
    lines = [line for name in LABELS for line in metadata_lines(article, name)]
    counted = FixedSentence.of(Message.SENTENCES, count=Number(len(entry.body_sentences)))
    named = FixedSentence.of(Message.ARTICLE_ID, id=MetadataText.of(article.id))
    heading = [Block((FixedSentence.of(done),), framed=False)] if done else []
    warnings = map(MetadataText.of, entry.warnings if done else ())
    left_out = left_out_lines([entry]) if done else []
    alike = (similarity_sentence(one, titles) for one in similar)
    shown = (*lines, counted, named, *left_out, *warnings, *alike)
    return RenderedMessages.of([*heading, Block(shown, link_to(article))])


def left_out_lines(entries: Sequence[IndexedArticle]) -> list[Line]:
    """Return how many pieces of some articles are left out, by their kind, and how many sentences these interrupt."""
    kinds = Counter(exclusion.kind for entry in entries for exclusion in entry.exclusions)
    lost = sum(len(entry.fragments) for entry in entries)
    lines: list[Line] = []
    if kinds:
        lines.append(FixedSentence.of(Message.LEFT_OUT, count=Number(kinds.total())))
    lines += [
        FixedSentence.of(sentence, count=Number(kinds[kind])) for kind, sentence in LEFT_OUT.items() if kinds[kind]
    ]
    if lost:
        lines.append(FixedSentence.of(Message.LOST, count=Number(lost)))
    return lines


def title_line(title: str | None, article: str) -> Line:
    """Return an article's title, or the sentence with its id where none is recorded."""
    titled = MetadataText.of(title or "", bold=True)
    return titled if titled.value else FixedSentence.of(Message.UNTITLED, id=MetadataText.of(article))


def similarity_sentence(one: Similar, titles: Mapping[str, str]) -> FixedSentence:
    """Return the line about two similar articles, by their titles, or by their ids where these tell more."""
    names = [short_title(each, titles) or each for each in (one.article, one.other)]
    article, other = map(MetadataText.of, names if names[0] != names[1] else (one.article, one.other))
    return FixedSentence.of(Message.SIMILAR_LINE, article=article, other=other, share=Number(round(100 * one.share)))


def short_title(article: str, titles: Mapping[str, str]) -> str | None:
    """Return an article's title if it shares a line with other words; None if it has none, or a long one."""
    title = collapse_whitespace(titles.get(article, ""))
    return title if 0 < len(title) <= MAX_LABELLED_LENGTH else None


def _value(name: str, fact: MetadataField | None) -> Line | None:
    """Return the value of a metadata field as it is shown; None if it is missing or blank."""
    if fact is not None and name == "url":
        return SourceUrl.of(fact.value)
    return language_name(fact.value) if fact is not None and name == "language" else metadata_text(fact)


def metadata_lines(article: Article, name: str) -> list[Line]:
    """Return a metadata field after its label with its origin, or the sentence that it is not recorded."""
    fact: MetadataField | None = getattr(article, name)
    label, none = LABELS[name]
    value: Line | None = _value(name, fact)
    if fact is None or value is None:
        return [FixedSentence.of(none)]
    return [FixedSentence.of(label, origin=FixedSentence.of(ORIGIN_MESSAGES[fact.origin])), value]
