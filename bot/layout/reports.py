"""What admins see: a reindexing's report, why one failed, and the state of bot and index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.layout.pages import Block, Shown
from bot.layout.pieces import Figure, Fixed, Line, Moment, Recorded
from bot.wording import Say
from index.reindexing import Report
from index.snapshot import Manifest

LISTED_AT_MOST = 20
"""Articles, and refused files, that a report names under each heading."""


class Status(NamedTuple):
    """What `/admin status` tells."""

    articles: int
    sentences: int
    manifest: Manifest | None
    stale: bool | str
    """Whether the seeds have changed since they were indexed, or why that cannot be told."""
    version: str
    latency: float
    """Of the gateway in seconds; not finite where it has not been measured."""


def report_shown(report: Report) -> Shown:
    """What a reindexing did, or would do."""
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
        Fixed.of(Say.UNCHANGED, count=Figure(len(report.unchanged))),
        Fixed.of(totals, articles=Figure(report.articles), sentences=Figure(report.sentences)),
        Fixed.of(Say.LOST, count=Figure(report.lost_to_interruptions)),
    )
    return Shown.of([Block(lines)])


def failure_shown(reason: str) -> Shown:
    """Why a reindexing failed."""
    return Shown.of([Block((Fixed.of(Say.REINDEX_FAILED), Recorded.of(reason)))])


def status_shown(status: Status) -> Shown:
    """How the bot and its index are."""
    lines: list[Line] = [
        Fixed.of(Say.TOTALS, articles=Figure(status.articles), sentences=Figure(status.sentences)),
        _snapshot(status.manifest),
        *_staleness(status.stale),
        Fixed.of(Say.VERSION, version=Recorded.of(status.version)),
        _latency(status.latency),
    ]
    return Shown.of([Block(tuple(lines))])


def _section(heading: Say, articles: Sequence[str]) -> list[Line]:
    return _counted(heading, [Recorded.of(article) for article in articles[:LISTED_AT_MOST]], len(articles))


def _counted(heading: Say, lines: Sequence[Line], total: int) -> list[Line]:
    """A heading with the number of all, the lines of those that are named, and how many more there are."""
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
