"""Rendering of what admins see when they add, remove or restore articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.i18n.messages import Message
from bot.layout.admin_buttons import AdminAction, AdminButton, article_reference
from bot.layout.articles import left_out_lines, title_line
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import FixedSentence, Line, MetadataText, SourceUrl
from bot.layout.reports import outcome_lines, refused_lines, titles_section
from index.corpus.folder import Refusal
from index.corpus.removal import RemovedArticle
from index.indexing.reindex import Report
from index.models import IndexedArticle


class UnusableFile(NamedTuple):
    """A file that could not be taken from Discord, and the reason."""

    file: str
    reason: FixedSentence


def render_added(
    report: Report, entries: Sequence[IndexedArticle] = (), unusable: Sequence[UnusableFile] = ()
) -> RenderedMessages:
    """Render what became of several files: the articles added, and the files refused, each with the reason.

    Args:
        report: of the files that could be read.
        entries: the articles that were added; what was left out of them is counted.
        unusable: the files that could not even be read.
    """
    added = (*report.added, *report.changed, *report.unchanged)
    heading = FixedSentence.of(Message.FILES_ADDED if added else Message.FILES_NOT_ADDED)
    articles = titles_section(Message.ADDED, added, report.titles)
    outcome = outcome_lines(report, _unusable_lines(unusable))
    return RenderedMessages.of([Block((heading, *articles, *left_out_lines(entries), *outcome))])


def render_indexed_later(
    reason: str, refused: Sequence[tuple[str, str]] = (), unusable: Sequence[UnusableFile] = ()
) -> RenderedMessages:
    """Render why a change of the folder is not in the index yet, and which files of several were refused."""
    files = [Refusal(file=file, reason=why) for file, why in refused]
    lines = refused_lines(_unusable_lines(unusable), files)
    return RenderedMessages.of([Block((FixedSentence.of(Message.INDEXED_LATER), MetadataText.of(reason), *lines))])


def _unusable_lines(files: Sequence[UnusableFile]) -> list[Line]:
    return [line for one in files for line in (MetadataText.of(one.file, bold=True), one.reason)]


def render_removal_question(entry: IndexedArticle) -> RenderedMessages:
    """Render the question whether to remove an article, with its title, source URL and id."""
    article = entry.article
    lines: tuple[Line, ...] = (
        FixedSentence.of(Message.REMOVE_ASK),
        title_line(article.title.value if article.title else None, article.id),
        *([SourceUrl.of(article.url.value)] if article.url else []),
        FixedSentence.of(Message.ARTICLE_ID, id=MetadataText.of(article.id)),
        FixedSentence.of(Message.REMOVE_EXPLAINED),
    )
    reference = article_reference(article)
    buttons = [AdminButton.of(action, reference) for action in (AdminAction.REMOVE, AdminAction.CANCEL)]
    return RenderedMessages.of([Block(lines)], row=buttons)


def render_removed(removed: RemovedArticle, later: str | None = None) -> RenderedMessages:
    """Render that an article was removed, with a button that brings it back.

    Args:
        removed: the article in the bin.
        later: why the index could not be updated yet; None if it was.
    """
    lines = [FixedSentence.of(Message.ARTICLE_REMOVED), title_line(removed.title, removed.id)]
    if later is not None:
        lines += [FixedSentence.of(Message.INDEXED_LATER), MetadataText.of(later)]
    return RenderedMessages.of([Block(tuple(lines))], row=[AdminButton.of(AdminAction.UNDO, removed.name)])


def render_file_offer(message: int) -> RenderedMessages:
    """Render the question whether to add the files of a message, with a button that does."""
    button = AdminButton.of(AdminAction.ADD, str(message))
    return RenderedMessages.of([Block((FixedSentence.of(Message.ADD_FILES_ASK),), framed=False)], row=[button])
