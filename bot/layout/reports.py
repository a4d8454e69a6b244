"""Rendering of what admins see: reindexing reports, failures, snapshots, the audit log, the status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from discord import ui

from bot.i18n.messages import Message
from bot.layout.articles import similarity_sentence
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import FixedSentence, Line, MetadataText, Number, Timestamp, UserMention
from bot.state import AuditEntry
from index.corpus.folder import ReadWarning, Refusal
from index.indexing.reindex import Report
from index.indexing.snapshots import Manifest, SnapshotInfo

MEGABYTE = 2**20
MAX_DETAILS_LENGTH = 80
MAX_ARTICLES_LISTED = 20
"""Articles or refused files listed under each heading of a report."""


class GatewayStatus(NamedTuple):
    """The connection to Discord."""

    connected: int
    shards: int
    latency: float
    """In seconds; not finite if not measured yet."""


class Status(NamedTuple):
    """Data for `/admin status`."""

    articles: int
    sentences: int
    manifest: Manifest | None
    stale: bool | str
    """Whether the articles have changed since they were indexed, or why that is not known."""
    version: str
    gateway: GatewayStatus
    memory: int | None
    """Bytes; None if unknown."""
    times: tuple[float, float] | None
    """p50 and p99 of the latest answers in seconds; None before the first."""
    encoder: str | None
    """The name of the encoder; None without one."""


def render_report(report: Report) -> RenderedMessages:
    """Render the report of a reindexing or a dry run."""
    done = Message.REINDEX_DONE if report.has_changes else Message.REINDEX_NO_NEWS
    heading = FixedSentence.of(Message.DRY_RUN if report.dry_run else done)
    totals = Message.TOTALS_DRY if report.dry_run else Message.TOTALS
    lines = (
        heading,
        *_section(Message.ADDED, report.added),
        *_section(Message.CHANGED, report.changed),
        *_section(Message.REMOVED, report.removed),
        *_file_lines(Message.REFUSED, report.refused),
        *_file_lines(Message.READ_IN_PART, report.warnings),
        *_counted_lines(
            Message.SIMILAR,
            [similarity_sentence(one) for one in report.similar[:MAX_ARTICLES_LISTED]],
            len(report.similar),
        ),
        *([FixedSentence.of(Message.IGNORED, count=Number(len(report.ignored)))] if report.ignored else []),
        FixedSentence.of(Message.UNCHANGED, count=Number(len(report.unchanged))),
        FixedSentence.of(totals, articles=Number(report.articles), sentences=Number(report.sentences)),
        FixedSentence.of(Message.LOST, count=Number(report.lost_to_interruptions)),
    )
    return RenderedMessages.of([Block(lines)])


def render_failure(sentence: Message, reason: str) -> RenderedMessages:
    """Render a failure and its reason."""
    return RenderedMessages.of([Block((FixedSentence.of(sentence), MetadataText.of(reason)))])


def render_snapshots(kept: Sequence[SnapshotInfo]) -> RenderedMessages:
    """Render the list of kept snapshots."""
    if not kept:
        return RenderedMessages.of([Block((FixedSentence.of(Message.NO_SNAPSHOT),))])
    lines = (
        FixedSentence.of(
            Message.HISTORY_CURRENT if one.current else Message.HISTORY_LINE,
            id=MetadataText.of(one.id),
            time=Timestamp(int(one.created.timestamp())),
            articles=Number(one.articles),
            sentences=Number(one.sentences),
        )
        for one in kept
    )
    return RenderedMessages.of([Block((FixedSentence.of(Message.HISTORY), *lines))])


def render_audit_log(logged: Sequence[AuditEntry]) -> RenderedMessages:
    """Render the audit log."""
    if not logged:
        return RenderedMessages.of([Block((FixedSentence.of(Message.NO_AUDIT),))])
    lines = (
        FixedSentence.of(
            Message.AUDIT_LINE,
            time=Timestamp(int(one.at.timestamp())),
            user=UserMention(one.user),
            action=MetadataText.of(one.action),
            details=MetadataText.of(_shorten(one.details)),
        )
        for one in logged
    )
    return RenderedMessages.of([Block((FixedSentence.of(Message.AUDIT), *lines))])


def _shorten(details: str) -> str:
    return details if len(details) <= MAX_DETAILS_LENGTH else details[: MAX_DETAILS_LENGTH - 1] + "…"


def render_unanswered(count: int, file: str) -> RenderedMessages:
    """Render the number of gaps, and attach their file."""
    if not count:
        return RenderedMessages.of([Block((FixedSentence.of(Message.NO_GAPS),), framed=False)])
    shown = RenderedMessages.of([Block((FixedSentence.of(Message.GAPS, count=Number(count)),), framed=False)])
    shown.views[-1].add_item(ui.File(f"attachment://{file}"))
    return shown


def render_status(status: Status) -> RenderedMessages:
    """Render the status."""
    lines: list[Line] = [
        FixedSentence.of(Message.TOTALS, articles=Number(status.articles), sentences=Number(status.sentences)),
        _snapshot(status.manifest),
        *_staleness(status.stale),
        FixedSentence.of(
            Message.GATEWAY_READY, count=Number(status.gateway.connected), total=Number(status.gateway.shards)
        ),
        _latency(status.gateway.latency),
        _times(status.times),
        *_memory(status.memory),
        *_encoder(status.encoder),
        FixedSentence.of(Message.VERSION, version=MetadataText.of(status.version)),
    ]
    return RenderedMessages.of([Block(tuple(lines))])


def _section(heading: Message, articles: Sequence[str]) -> list[Line]:
    return _counted_lines(
        heading, [MetadataText.of(article) for article in articles[:MAX_ARTICLES_LISTED]], len(articles)
    )


def _file_lines(heading: Message, files: Sequence[Refusal | ReadWarning]) -> list[Line]:
    lines: list[Line] = [
        line
        for one in files[:MAX_ARTICLES_LISTED]
        for line in (MetadataText.of(one.file, bold=True), MetadataText.of(one.reason))
    ]
    return _counted_lines(heading, lines, len(files))


def _counted_lines(heading: Message, lines: Sequence[Line], total: int) -> list[Line]:
    if not total:
        return []
    more = FixedSentence.of(Message.AND_MORE, count=Number(total - MAX_ARTICLES_LISTED))
    return [FixedSentence.of(heading, count=Number(total)), *lines, *([more] if total > MAX_ARTICLES_LISTED else [])]


def _snapshot(manifest: Manifest | None) -> Line:
    if manifest is None:
        return FixedSentence.of(Message.NO_SNAPSHOT)
    return FixedSentence.of(
        Message.SNAPSHOT, id=MetadataText.of(manifest.id), time=Timestamp(int(manifest.created.timestamp()))
    )


def _staleness(stale: bool | str) -> list[Line]:
    if isinstance(stale, str):
        return [FixedSentence.of(Message.SEEDS_UNREADABLE), MetadataText.of(stale)]
    return [FixedSentence.of(Message.STALE if stale else Message.NOT_STALE)]


def _latency(seconds: float) -> Line:
    if not 0 <= seconds < float("inf"):
        return FixedSentence.of(Message.NO_LATENCY)
    return FixedSentence.of(Message.LATENCY, milliseconds=Number(round(seconds * 1000)))


def _times(times: tuple[float, float] | None) -> Line:
    if times is None:
        return FixedSentence.of(Message.NO_ANSWER_TIMES)
    p50, p99 = (Number(round(1000 * seconds)) for seconds in times)
    return FixedSentence.of(Message.ANSWER_TIMES, p50=p50, p99=p99)


def _encoder(name: str | None) -> list[Line]:
    return [] if name is None else [FixedSentence.of(Message.ENCODER, name=MetadataText.of(name))]


def _memory(resident: int | None) -> list[Line]:
    return [] if resident is None else [FixedSentence.of(Message.MEMORY, megabytes=Number(resident // MEGABYTE))]
