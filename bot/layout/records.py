"""Rendering of answers from the record: the articles there are, how many, one article's metadata, the latest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.i18n.messages import Message
from bot.layout.answers import Asker, correction_blocks, help_blocks, question_blocks
from bot.layout.articles import article_blocks, metadata_lines
from bot.layout.links import link_to
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import FixedSentence, Line, MetadataText, Number, SourceUrl
from bot.layout.quotations import metadata_text, source_lines
from index.analysis.record_questions import RecordKind
from index.answering.records import RecordAnswer
from index.models import Article, IndexedArticle


def render_record(
    found: RecordAnswer, entries: Sequence[IndexedArticle], question: str, asker: Asker | None = None
) -> RenderedMessages:
    """Render what the record says.

    Args:
        found: the record's answer.
        entries: all articles, for the list of them.
        question: the question.
        asker: the asker, if the answer appears away from the question and has to repeat it.
    """
    asked = [*(question_blocks(question, asker) if asker else []), *correction_blocks(found.corrections)]
    if found.kind is RecordKind.HELP:
        return RenderedMessages.of([*asked, *help_blocks()])
    if found.kind is RecordKind.COUNT:
        return RenderedMessages.of([*asked, _sentence(Message.ARTICLES, found.count)])
    if found.kind is RecordKind.LIST:
        return RenderedMessages.of(article_blocks(entries, asked))
    if found.kind is RecordKind.LATEST:
        return RenderedMessages.of([*asked, *_latest_blocks(found)])
    return RenderedMessages.of([*asked, *_metadata_blocks(found)])


def _sentence(sentence: Message, count: int | None = None) -> Block:
    values = {} if count is None else {"count": Number(count)}
    return Block((FixedSentence.of(sentence, **values),), framed=False)


def _latest_blocks(found: RecordAnswer) -> Iterable[Block]:
    if not found.articles:
        yield _sentence(Message.NO_DATES if found.count else Message.NO_ARTICLES)
        return
    yield _sentence(Message.LATEST)
    for article in found.articles:
        yield Block(tuple(source_lines(article)), link_to(article))
    if found.undated:
        yield _sentence(Message.UNDATED, found.undated)


def _metadata_blocks(found: RecordAnswer) -> Iterable[Block]:
    if not found.articles:
        yield _sentence(Message.WHICH_ARTICLE)
        return
    if len(found.articles) > 1:
        yield _sentence(Message.FITTING)
    for article in found.articles:
        yield Block(tuple(_lines_about(article, found.kind)), link_to(article))
    if found.count > len(found.articles):
        yield _sentence(Message.MORE_FITTING, found.count - len(found.articles))


def _lines_about(article: Article, kind: RecordKind) -> Iterable[Line]:
    """The title, the field that is asked for with its origin, and the source URL."""
    yield metadata_text(article.title, bold=True) or FixedSentence.of(Message.UNTITLED, id=MetadataText.of(article.id))
    if kind is not RecordKind.URL:
        yield from metadata_lines(article, kind.value)
    yield SourceUrl.of(article.url.value) if article.url else FixedSentence.of(Message.NO_URL)
