"""Compare the seeds folder with the index, and read what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from index.collection.collection import Collection
from index.collection.segment import Segment
from index.corpus import folder
from index.corpus.file_states import FileState, FileStates, indexed_files
from index.corpus.folder import ReadWarning, Refusal, SeedFile
from index.indexing import exact_duplicates
from index.indexing.merge_policy import NextIndex, NextViews
from index.indexing.near_duplicates import Similar
from index.indexing.parallel_reader import FileOutcome, Progress, ReadResult, read_files
from index.models import FrozenModel
from index.reading.config import ReadingConfig
from index.storage.safe_read import printable_name


class Report(FrozenModel):
    """What a reindexing did, or would do: article ids, and the files that were refused."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ignored: tuple[str, ...] = ()
    """What `.verbatimignore` leaves out; folders end with a slash."""
    articles: int = 0
    sentences: int = 0
    lost_to_interruptions: int = 0
    """Pieces of sentences that are cut by an exclusion, in all articles; they are not indexed."""
    dry_run: bool = False
    warnings: tuple[ReadWarning, ...] = ()
    """The files that were read without something in them; they are not refused."""
    similar: tuple[Similar, ...] = ()
    """The added and changed articles that are near duplicates of another; they are not refused."""
    titles: dict[str, str] = Field(default_factory=dict)
    """Titles of the articles named above, by id, but for `unchanged`; without those that have none."""

    @property
    def has_changes(self) -> bool:
        """Whether the collection changes."""
        return bool(self.added or self.changed or self.removed)


class IndexedBase(NamedTuple):
    """The present index, and whether its entries can be reused; those of another reader cannot."""

    collection: Collection
    file_states: FileStates
    is_of_this_reader: bool
    apply: Callable[[Collection, AbstractSet[str], Sequence[Segment]], NextIndex] = NextViews.of
    """What the collection becomes without the articles of these ids, and with these segments."""


class Plan(NamedTuple):
    """The next state of the index: its articles, file states, and the report."""

    after: NextIndex
    file_states: FileStates
    is_new: bool
    """Whether it differs from the present index."""
    report: Report
    replaced: frozenset[str]
    """Ids of the articles that were read."""


def plan_update(
    seeds: Path,
    config: ReadingConfig,
    base: IndexedBase,
    only: AbstractSet[str] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read what is new in the folder; unchanged articles are reused. FolderUnusable where the folder is unreadable.

    A file that is refused now but was indexed before keeps its old entry, so that a bad edit loses nothing. `only` are
    the ids to look at, None for all; `progress` is called with the number of files done and the total.
    """
    collection = base.collection
    states = base.file_states.by_id if only is None else base.file_states.get_many(only)
    files, refused, unusable, tree = folder.scan(seeds, only, indexed_files(states))
    there = frozenset(file.id for file in files)
    known = {file.id: states[file.id] for file in files if file.id in states and collection.contains(file.id)}
    kept = {article: states[article]._replace(refused=True) for article in unusable if article in states}
    known |= kept
    intake = _read_changed(files, config, known, reuse=base.is_of_this_reader, progress=progress)
    intake, given_up = _without_duplicates(intake, known, base.file_states, only)
    known = {article: state for article, state in known.items() if article not in given_up}
    now = {outcome.file.id: _state_of(outcome, known.get(outcome.file.id)) for outcome in intake.outcomes} | kept
    vanished = ({*collection.ids, *states} if only is None else only) - there - kept.keys()
    removed = sorted({*given_up, *(article_id for article_id in vanished if collection.contains(article_id))})
    replaced = {outcome.file.id for outcome in intake.outcomes if outcome.was_read}
    by_id = sorted(intake.outcomes, key=lambda outcome: outcome.file.id)
    refused += [_refusal(outcome, known) for outcome in by_id if outcome.refusal]
    is_new = bool(removed or replaced or vanished & states.keys() or any(now[one] != states.get(one) for one in now))
    index = base.apply(collection, {*removed, *replaced}, intake.segments if is_new else ())
    file_states = base.file_states.with_changes(now, vanished & states.keys()) if is_new else base.file_states
    after = {article: now.get(article) or states[article] for article in sorted({*there, *kept})}
    report = _report(index, known, after, removed, refused)
    similar = (one for pair in report.similar for one in (pair.article, pair.other))
    before = base.apply(collection, frozenset(), ())
    titles = _titles(before, removed) | _titles(index, (*report.added, *report.changed, *similar))
    report = report.model_copy(update={"warnings": _warnings(by_id), "ignored": tuple(tree.ignored), "titles": titles})
    return Plan(index, file_states, is_new, report, frozenset(replaced))


def _without_duplicates(
    intake: ReadResult, known: Mapping[str, FileState], file_states: FileStates, only: AbstractSet[str] | None
) -> tuple[ReadResult, frozenset[str]]:
    """The intake with exact duplicates refused, and the ids of those that are indexed and must be removed.

    A file edited into a duplicate keeps its old version, as any refused file does. A file with unchanged bytes that
    only now reads as a duplicate has no different old version, so it is removed.
    """
    same = exact_duplicates.find_exact_duplicates(intake.outcomes, known, file_states, only)
    if not same:
        return intake, frozenset()
    outcomes, given_up = [], set()
    for outcome in intake.outcomes:
        other = same.get(outcome.file.id)
        if other is not None and exact_duplicates.is_as_indexed(outcome, known):
            given_up.add(outcome.file.id)
        refusal = None if other is None else str(exact_duplicates.duplicate_error(other))
        outcomes.append(outcome if other is None else FileOutcome(outcome.file, None, refusal=refusal))
    return ReadResult(outcomes, exact_duplicates.segments_without(intake.segments, same.keys())), frozenset(given_up)


def _read_changed(
    files: Sequence[SeedFile],
    config: ReadingConfig,
    known: Mapping[str, FileState],
    *,
    reuse: bool,
    progress: Progress | None,
) -> ReadResult:
    """Read the files that have changed."""
    unread = [file for file in files if not (reuse and _is_unchanged(file, known.get(file.id)))]
    untouched = len(files) - len(unread)

    def report_done(done: int) -> None:
        if progress:
            progress(untouched + done, len(files))

    report_done(0)
    return read_files(unread, config, known if reuse else {}, report_done)


def _is_unchanged(file: SeedFile, before: FileState | None) -> bool:
    if before is None or before.refused:
        return False
    return (before.file, before.signatures) == (file.name, file.signatures)


def _state_of(outcome: FileOutcome, before: FileState | None) -> FileState:
    """The new state of a file; a refused one keeps the state of its indexed content."""
    if outcome.state is not None:
        return outcome.state
    kept = before or FileState(outcome.file.name, outcome.file.signatures)
    return kept._replace(signatures=outcome.file.signatures, refused=True)


def _refusal(outcome: FileOutcome, known: Mapping[str, FileState]) -> Refusal:
    kept = f" {folder.OLD_VERSION_STAYS}" if outcome.file.id in known else ""
    return Refusal(file=printable_name(outcome.file.name), reason=f"{outcome.refusal}{kept}")


def _warnings(outcomes: Sequence[FileOutcome]) -> tuple[ReadWarning, ...]:
    return tuple(
        ReadWarning(file=printable_name(outcome.file.name), reason=" ".join(outcome.warnings))
        for outcome in outcomes
        if outcome.warnings
    )


def _titles(index: NextIndex, articles: Iterable[str]) -> dict[str, str]:
    """The titles of these articles by id; without those that have none."""
    labels = ((article, index.label(article)) for article in articles)
    return {article: label for article, label in labels if label is not None and label != article}


def _report(
    index: NextIndex,
    before: Mapping[str, FileState],
    after: Mapping[str, FileState],
    removed: Sequence[str],
    refused: Sequence[Refusal],
) -> Report:
    both = [article for article in after if article in before]
    added = tuple(article for article, state in after.items() if article not in before and state.sha256)
    changed = tuple(article for article in both if not after[article].has_same_content(before[article]))
    return Report(
        added=added,
        changed=changed,
        removed=tuple(removed),
        unchanged=tuple(article for article in both if after[article].has_same_content(before[article])),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.file)),
        articles=index.articles,
        sentences=index.sentences,
        lost_to_interruptions=index.lost,
        similar=index.similar((*added, *changed)),
    )
