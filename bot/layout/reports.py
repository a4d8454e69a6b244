"""Rendering of what admins see: reindexing reports, failures, snapshots, the audit log, the status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from discord import ui

from bot.i18n.messages import Say
from bot.layout.articles import likeness
from bot.layout.pages import Block, Shown
from bot.layout.parts import Figure, Fixed, Line, Moment, Person, Recorded
from bot.state import Logged
from index.indexing.reindex import Report
from index.indexing.snapshots import Kept, Manifest

MEGABYTE = 2**20
DETAILS_AT_MOST = 80
LISTED_AT_MOST = 20
"""Articles or refused files listed under each heading of a report."""


class Gateway(NamedTuple):
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
    gateway: Gateway
    memory: int | None
    """Bytes; None if unknown."""
    times: tuple[float, float] | None
    """p50 and p99 of the latest answers in seconds; None before the first."""


def report_shown(report: Report) -> Shown:
    """Render the report of a reindexing or a dry run."""
    done = Say.REINDEX_DONE if report.is_news else Say.REINDEX_NO_NEWS
    heading = Fixed.of(Say.DRY_RUN if report.dry_run else done)
    refused = [
        line
        for refusal in report.refused[:LISTED_AT_MOST]
        for line in (Recorded.of(refusal.file, bold=True), Recorded.of(refusal.reason))
    ]
    totals = Say.TOTALS_DRY if report.dry_run else Say.TOTALS
    lines = (
        heading,
        *_section(Say.ADDED, report.added),
        *_section(Say.CHANGED, report.changed),
        *_section(Say.REMOVED, report.removed),
        *_counted(Say.REFUSED, refused, len(report.refused)),
        *_counted(Say.SIMILAR, [likeness(one) for one in report.similar[:LISTED_AT_MOST]], len(report.similar)),
        Fixed.of(Say.UNCHANGED, count=Figure(len(report.unchanged))),
        Fixed.of(totals, articles=Figure(report.articles), sentences=Figure(report.sentences)),
        Fixed.of(Say.LOST, count=Figure(report.lost_to_interruptions)),
    )
    return Shown.of([Block(lines)])


def failure_shown(sentence: Say, reason: str) -> Shown:
    """Render a failure and its reason."""
    return Shown.of([Block((Fixed.of(sentence), Recorded.of(reason)))])


def history_shown(kept: Sequence[Kept]) -> Shown:
    """Render the list of kept snapshots."""
    if not kept:
        return Shown.of([Block((Fixed.of(Say.NO_SNAPSHOT),))])
    lines = (
        Fixed.of(
            Say.HISTORY_CURRENT if one.current else Say.HISTORY_LINE,
            id=Recorded.of(one.id),
            time=Moment(int(one.created.timestamp())),
            articles=Figure(one.articles),
            sentences=Figure(one.sentences),
        )
        for one in kept
    )
    return Shown.of([Block((Fixed.of(Say.HISTORY), *lines))])


def audit_shown(logged: Sequence[Logged]) -> Shown:
    """Render the audit log."""
    if not logged:
        return Shown.of([Block((Fixed.of(Say.NO_AUDIT),))])
    lines = (
        Fixed.of(
            Say.AUDIT_LINE,
            time=Moment(int(one.at.timestamp())),
            user=Person(one.user),
            action=Recorded.of(one.action),
            details=Recorded.of(_shortened(one.details)),
        )
        for one in logged
    )
    return Shown.of([Block((Fixed.of(Say.AUDIT), *lines))])


def _shortened(details: str) -> str:
    return details if len(details) <= DETAILS_AT_MOST else details[: DETAILS_AT_MOST - 1] + "…"


def gaps_shown(count: int, file: str) -> Shown:
    """Render the number of gaps, and attach their file."""
    if not count:
        return Shown.of([Block((Fixed.of(Say.NO_GAPS),), framed=False)])
    shown = Shown.of([Block((Fixed.of(Say.GAPS, count=Figure(count)),), framed=False)])
    shown.views[-1].add_item(ui.File(f"attachment://{file}"))
    return shown


def status_shown(status: Status) -> Shown:
    """Render the status."""
    lines: list[Line] = [
        Fixed.of(Say.TOTALS, articles=Figure(status.articles), sentences=Figure(status.sentences)),
        _snapshot(status.manifest),
        *_staleness(status.stale),
        Fixed.of(Say.GATEWAY_READY, count=Figure(status.gateway.connected), total=Figure(status.gateway.shards)),
        _latency(status.gateway.latency),
        _times(status.times),
        *_memory(status.memory),
        Fixed.of(Say.VERSION, version=Recorded.of(status.version)),
    ]
    return Shown.of([Block(tuple(lines))])


def _section(heading: Say, articles: Sequence[str]) -> list[Line]:
    return _counted(heading, [Recorded.of(article) for article in articles[:LISTED_AT_MOST]], len(articles))


def _counted(heading: Say, lines: Sequence[Line], total: int) -> list[Line]:
    if not total:
        return []
    more = Fixed.of(Say.AND_MORE, count=Figure(total - LISTED_AT_MOST))
    return [Fixed.of(heading, count=Figure(total)), *lines, *([more] if total > LISTED_AT_MOST else [])]


def _snapshot(manifest: Manifest | None) -> Line:
    if manifest is None:
        return Fixed.of(Say.NO_SNAPSHOT)
    return Fixed.of(Say.SNAPSHOT, id=Recorded.of(manifest.id), time=Moment(int(manifest.created.timestamp())))


def _staleness(stale: bool | str) -> list[Line]:
    if isinstance(stale, str):
        return [Fixed.of(Say.SEEDS_UNREADABLE), Recorded.of(stale)]
    return [Fixed.of(Say.STALE if stale else Say.NOT_STALE)]


def _latency(seconds: float) -> Line:
    if not 0 <= seconds < float("inf"):
        return Fixed.of(Say.NO_LATENCY)
    return Fixed.of(Say.LATENCY, milliseconds=Figure(round(seconds * 1000)))


def _times(times: tuple[float, float] | None) -> Line:
    if times is None:
        return Fixed.of(Say.NO_ANSWER_TIMES)
    p50, p99 = (Figure(round(1000 * seconds)) for seconds in times)
    return Fixed.of(Say.ANSWER_TIMES, p50=p50, p99=p99)


def _memory(resident: int | None) -> list[Line]:
    return [] if resident is None else [Fixed.of(Say.MEMORY, megabytes=Figure(resident // MEGABYTE))]
