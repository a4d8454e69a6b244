"""Rendering of the list of articles and of one article's metadata."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.messages import ORIGIN_MESSAGES, Message
from bot.layout.answers import MAX_LABELLED_LENGTH, metadata_text, source_lines
from bot.layout.limits import COMPONENTS
from bot.layout.links import link_to
from bot.layout.pages import Block, RenderedMessages, truncate_blocks
from bot.layout.parts import FixedSentence, Line, MetadataText, Number, SourceUrl
from index.indexing.near_duplicates import Similar
from index.models import Article, IndexedArticle, MetadataField

MAX_LIST_MESSAGES = 2
"""Messages that the list may take."""
LABELS = {
    "title": (Message.TITLE, Message.NO_TITLE),
    "publisher": (Message.PUBLISHER, Message.NO_PUBLISHER),
    "author": (Message.AUTHOR, Message.NO_AUTHOR),
    "published": (Message.PUBLISHED, Message.NO_PUBLISHED),
    "url": (Message.URL, Message.NO_URL),
}
"""The labels of each metadata field: above its value, and where it is not recorded."""


def render_articles(entries: Sequence[IndexedArticle]) -> RenderedMessages:
    """Render the list of articles, in at most two messages, and the number left out.

    The first article of a folder stands under the folder's path.
    """
    return RenderedMessages.of(article_blocks(entries))


def article_blocks(entries: Sequence[IndexedArticle], above: Sequence[Block] = ()) -> list[Block]:
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
    return truncate_blocks(head, blocks, MAX_LIST_MESSAGES, Message.MORE_ARTICLES, of=len(entries))[0]


def _folder_line(folder: str) -> Line:
    """Return a folder's path after its label; a long one alone, since it may have to be split over messages."""
    path = MetadataText.of(folder)
    return path if len(path.value) > MAX_LABELLED_LENGTH else FixedSentence.of(Message.FOLDER, path=path)


def render_article(
    entry: IndexedArticle, done: Message | None = None, similar: Sequence[Similar] = ()
) -> RenderedMessages:
    """Render an article's metadata with the origin of each field, and the number of its quotable sentences.

    Args:
        entry: the article.
        done: the sentence above it: what was done with the article, which also shows what of it could not be read.
        similar: near-duplicates, listed below it.
    """
    article = entry.article
    lines = [line for name in LABELS for line in metadata_lines(article, name)]
    counted = FixedSentence.of(Message.SENTENCES, count=Number(len(entry.body_sentences)))
    named = FixedSentence.of(Message.ARTICLE_ID, id=MetadataText.of(article.id))
    heading = [Block((FixedSentence.of(done),), framed=False)] if done else []
    warnings = map(MetadataText.of, entry.warnings if done else ())
    shown = (*lines, counted, named, *warnings, *map(similarity_sentence, similar))
    return RenderedMessages.of([*heading, Block(shown, link_to(article))])


def similarity_sentence(one: Similar) -> FixedSentence:
    """Return the line about two similar articles."""
    share = Number(round(100 * one.share))
    return FixedSentence.of(
        Message.SIMILAR_LINE, article=MetadataText.of(one.article), other=MetadataText.of(one.other), share=share
    )


def metadata_lines(article: Article, name: str) -> list[Line]:
    """Return a metadata field after its label with its origin, or the sentence that it is not recorded."""
    fact: MetadataField | None = getattr(article, name)
    label, none = LABELS[name]
    value: Line | None = SourceUrl.of(fact.value) if fact and name == "url" else metadata_text(fact)
    if fact is None or value is None:
        return [FixedSentence.of(none)]
    return [FixedSentence.of(label, origin=FixedSentence.of(ORIGIN_MESSAGES[fact.origin])), value]
