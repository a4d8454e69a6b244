"""Rendering of the list of articles and of one article's metadata."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.messages import ORIGIN_MESSAGES, Message
from bot.layout.answers import MAX_LABELLED_LENGTH, metadata_text, render_message, source_lines
from bot.layout.limits import COMPONENTS
from bot.layout.links import link_to
from bot.layout.pages import Block, RenderedMessages, truncate_blocks
from bot.layout.parts import FixedSentence, Line, MetadataText, Number, SourceUrl
from index.indexing.near_duplicates import Similar
from index.models import IndexedArticle, MetadataField

MAX_LIST_MESSAGES = 2
"""Messages that the list may take."""
LABELS = (
    ("title", Message.TITLE, Message.NO_TITLE),
    ("publisher", Message.PUBLISHER, Message.NO_PUBLISHER),
    ("author", Message.AUTHOR, Message.NO_AUTHOR),
    ("published", Message.PUBLISHED, Message.NO_PUBLISHED),
    ("url", Message.URL, Message.NO_URL),
)


def render_articles(entries: Sequence[IndexedArticle]) -> RenderedMessages:
    """Render the list of articles, in at most two messages, and the number left out.

    The first article of a folder stands under the folder's path.
    """
    if not entries:
        return render_message(Message.NO_ARTICLES)
    head = [Block((FixedSentence.of(Message.ARTICLES, count=Number(len(entries))),), framed=False)]
    # More blocks than two messages have components can never be shown.
    listed = entries[: MAX_LIST_MESSAGES * COMPONENTS]
    folders = [entry.article.folder for entry in listed]
    blocks = [
        Block((*([_folder_line(folder)] if folder != above else []), *source_lines(entry.article)), framed=False)
        for entry, folder, above in zip(listed, folders, ["", *folders], strict=False)
    ]
    return RenderedMessages.of(
        truncate_blocks(head, blocks, MAX_LIST_MESSAGES, Message.MORE_ARTICLES, of=len(entries))[0]
    )


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
    lines = [
        line for name, label, none in LABELS for line in _metadata_lines(name, getattr(article, name), label, none)
    ]
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


def _metadata_lines(name: str, fact: MetadataField | None, label: Message, none: Message) -> list[Line]:
    value: Line | None = SourceUrl.of(fact.value) if fact and name == "url" else metadata_text(fact)
    if fact is None or value is None:
        return [FixedSentence.of(none)]
    return [FixedSentence.of(label, origin=FixedSentence.of(ORIGIN_MESSAGES[fact.origin])), value]
