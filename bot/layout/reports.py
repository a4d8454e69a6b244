"""Rendering of what admins see: reindexing reports, failures, snapshots, the audit log, the status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.i18n.messages import Message
from bot.layout.articles import short_title, similarity_sentence
from bot.layout.pages import Block, RenderedMessages
from bot.layout.parts import FixedSentence, Inline, Line, MetadataText, Number, Timestamp, UserMention
from bot.state import REFUSED, AuditEntry
from bot.state.processes import ProcessStatus
from index.corpus.folder import ReadWarning, Refusal
from index.indexing.reindex import Report
from index.indexing.snapshots import Manifest, SnapshotInfo
from index.models import collapse_whitespace

MEGABYTE = 2**20
MAX_DETAILS_LENGTH = 150
MAX_ARTICLES_LISTED, LINES_OF_A_FILE = 20, 2
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
    does_cluster_answer: bool | None = None
    """None where the index is in no cluster."""
    processes: Sequence[ProcessStatus] | None = ()
    """All processes of the application, if several are set up; None if they cannot be looked up."""


def render_report(report: Report) -> RenderedMessages:
    """Render the report of a reindexing or a dry run."""
    done = Message.REINDEX_DONE if report.has_changes else Message.REINDEX_NO_NEWS
    heading = FixedSentence.of(Message.DRY_RUN if report.dry_run else done)
    totals = Message.TOTALS_DRY if report.dry_run else Message.TOTALS
    lines = (
        heading,
        *titles_section(Message.ADDED, report.added, report.titles),
        *titles_section(Message.CHANGED, report.changed, report.titles),
        *titles_section(Message.REMOVED, report.removed, report.titles),
        *outcome_lines(report),
        *([FixedSentence.of(Message.IGNORED, count=Number(len(report.ignored)))] if report.ignored else []),
        FixedSentence.of(Message.UNCHANGED, count=Number(len(report.unchanged))),
        FixedSentence.of(totals, articles=Number(report.articles), sentences=Number(report.sentences)),
        *([FixedSentence.of(Message.LOST, count=Number(lost))] if (lost := report.lost_to_interruptions) else []),
    )
    return RenderedMessages.of([Block(lines)])


def outcome_lines(report: Report, refused: Sequence[Line] = ()) -> list[Line]:
    """Return the files that were refused or read in part, and the articles that are similar to another.

    Args:
        report: of a reindexing.
        refused: two lines, name and reason, for each file that was refused before.
    """
    return [
        *refused_lines(refused, report.refused),
        *_counted_lines(Message.READ_IN_PART, _file_lines(report.warnings), len(report.warnings)),
        *_counted_lines(
            Message.SIMILAR,
            [similarity_sentence(one, report.titles) for one in report.similar[:MAX_ARTICLES_LISTED]],
            len(report.similar),
        ),
    ]


def refused_lines(before: Sequence[Line], refused: Sequence[Refusal]) -> list[Line]:
    """Return the refused files under their heading, those of `outcome_lines` first."""
    total = len(before) // LINES_OF_A_FILE + len(refused)
    shown = [*before, *_file_lines(refused)][: MAX_ARTICLES_LISTED * LINES_OF_A_FILE]
    return _counted_lines(Message.REFUSED, shown, total)


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
            Message.AUDIT_REFUSED if one.action == REFUSED else Message.AUDIT_LINE,
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


def render_status(status: Status) -> RenderedMessages:
    """Render the status."""
    lines: list[Line] = [
        FixedSentence.of(Message.TOTALS, articles=Number(status.articles), sentences=Number(status.sentences)),
        _snapshot(status.manifest),
        *_staleness(status.stale),
        *_cluster(status.does_cluster_answer),
        FixedSentence.of(
            Message.GATEWAY_READY, count=Number(status.gateway.connected), total=Number(status.gateway.shards)
        ),
        *_processes(status.processes),
        _latency(status.gateway.latency),
        _times(status.times),
        *_memory(status.memory),
        *_encoder(status.encoder),
        FixedSentence.of(Message.VERSION, version=MetadataText.of(status.version)),
    ]
    return RenderedMessages.of([Block(tuple(lines))])


def titles_section(heading: Message, articles: Sequence[str], titles: Mapping[str, str]) -> list[Line]:
    """Return a heading and the titles of articles; with the id where several have the same title."""
    listed = articles[:MAX_ARTICLES_LISTED]
    often = Counter(titles.get(article) for article in listed)
    lines: list[Line] = []
    for article in listed:
        short = short_title(article, titles)
        if short and often[titles[article]] > 1:
            lines.append(
                FixedSentence.of(Message.TITLE_AND_ID, title=MetadataText.of(short), id=MetadataText.of(article))
            )
        else:
            lines.append(MetadataText.of(collapse_whitespace(titles.get(article, "")) or article))
    return _counted_lines(heading, lines, len(articles))


def _file_lines(files: Sequence[Refusal | ReadWarning]) -> list[Line]:
    return [
        line
        for one in files[:MAX_ARTICLES_LISTED]
        for line in (MetadataText.of(one.file, bold=True), MetadataText.of(one.reason))
    ]


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


def _cluster(does_answer: bool | None) -> list[Line]:
    if does_answer is None:
        return []
    return [FixedSentence.of(Message.CLUSTER_ANSWERS if does_answer else Message.CLUSTER_AWAY)]


def _processes(found: Sequence[ProcessStatus] | None) -> list[Line]:
    """One process says the same of itself in the other lines."""
    if found is None:
        return [FixedSentence.of(Message.PROCESSES_UNKNOWN)]
    if len(found) <= 1:
        return []
    return [FixedSentence.of(Message.PROCESSES, count=Number(len(found))), *map(_process, found)]


def _process(one: ProcessStatus) -> Line:
    values: dict[str, Inline] = {
        "shards": MetadataText.of(", ".join(map(str, one.shards))),
        "total": Number(one.shard_count),
        "pid": MetadataText.of(str(one.pid)),
        "host": MetadataText.of(one.host),
        "time": Timestamp(int(one.started.timestamp())),
        "version": MetadataText.of(one.version),
    }
    if not one.ready:
        return FixedSentence.of(Message.PROCESS_NOT_READY, **values)
    served: dict[str, Inline] = {"servers": Number(one.servers), "snapshot": MetadataText.of(one.snapshot or "-")}
    return FixedSentence.of(Message.PROCESS_READY, **values, **served)


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
