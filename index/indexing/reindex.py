"""Compare the seeds folder with the index, and read what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from index.collection.collection import Collection
from index.collection.segment import Leaf
from index.corpus import folder
from index.corpus.file_states import FileState, Ledger
from index.corpus.folder import Refusal, SeedFile
from index.indexing import exact_duplicates
from index.indexing.merge_policy import changed
from index.indexing.near_duplicates import Similar, similar
from index.indexing.parallel_reader import Intake, Outcome, Progress, take_in
from index.models import Noun
from index.reading.config import Conventions


class Report(Noun):
    """What a reindexing did, or would do: article ids, and the files that were refused."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    articles: int = 0
    sentences: int = 0
    lost_to_interruptions: int = 0
    """Pieces of sentences that are cut by an exclusion, in all articles; they are not indexed."""
    dry_run: bool = False
    similar: tuple[Similar, ...] = ()
    """The added and changed articles that are near duplicates of another; they are not refused."""

    @property
    def is_news(self) -> bool:
        """Whether the collection changes."""
        return bool(self.added or self.changed or self.removed)


class Base(NamedTuple):
    """The present index, and whether its entries can be reused; those of another reader cannot."""

    collection: Collection
    ledger: Ledger
    is_of_this_reader: bool


class Plan(NamedTuple):
    """The next state of the index: segment views, file states, and the report."""

    leaves: list[Leaf]
    ledger: Ledger
    is_new: bool
    """Whether it differs from the present index."""
    report: Report
    replaced: frozenset[str]
    """Ids of the articles that were read."""


def plan(
    seeds: Path,
    conventions: Conventions,
    base: Base,
    only: AbstractSet[str] | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read what is new in the folder; unchanged articles are reused. FolderUnusable where the folder is unreadable.

    A file that is refused now but was indexed before keeps its old entry, so that a bad edit loses nothing. `only` are
    the ids to look at, None for all; `progress` is called with the number of files done and the total.
    """
    collection = base.collection
    files, refused, unusable = folder.scan(seeds, only, collection.file_of)
    there = frozenset(file.id for file in files)
    states = base.ledger.states if only is None else base.ledger.some(only)
    known = {file.id: states[file.id] for file in files if file.id in states and collection.has(file.id)}
    kept = {article: states[article]._replace(refused=True) for article in unusable if article in states}
    known |= kept
    intake = _taken_in(files, conventions, known, reuse=base.is_of_this_reader, progress=progress)
    intake, given_up = _without_duplicates(intake, known, base.ledger, only)
    known = {article: state for article, state in known.items() if article not in given_up}
    now = {outcome.file.id: _state_of(outcome, known.get(outcome.file.id)) for outcome in intake.outcomes} | kept
    vanished = ({*collection.ids, *states} if only is None else only) - there - kept.keys()
    removed = sorted({*given_up, *(article_id for article_id in vanished if collection.has(article_id))})
    replaced = {outcome.file.id for outcome in intake.outcomes if outcome.was_read}
    by_id = sorted(intake.outcomes, key=lambda outcome: outcome.file.id)
    refused += [_refusal(outcome, known) for outcome in by_id if outcome.refusal]
    is_new = bool(removed or replaced or vanished & states.keys() or any(now[one] != states.get(one) for one in now))
    leaves = changed(collection.leaves, {*removed, *replaced}, intake.segments) if is_new else list(collection.leaves)
    ledger = base.ledger.changed(now, vanished & states.keys()) if is_new else base.ledger
    after = {article: now.get(article) or states[article] for article in sorted({*there, *kept})}
    report = _report(leaves, known, after, removed, refused)
    return Plan(leaves, ledger, is_new, report, frozenset(replaced))


def _without_duplicates(
    intake: Intake, known: Mapping[str, FileState], ledger: Ledger, only: AbstractSet[str] | None
) -> tuple[Intake, frozenset[str]]:
    """The intake with exact duplicates refused, and the ids of those that are indexed and must be removed.

    A file edited into a duplicate keeps its old version, as any refused file does. A file with unchanged bytes that
    only now reads as a duplicate has no different old version, so it is removed.
    """
    same = exact_duplicates.found_among(intake.outcomes, known, ledger, only)
    if not same:
        return intake, frozenset()
    outcomes, given_up = [], set()
    for outcome in intake.outcomes:
        other = same.get(outcome.file.id)
        if other is not None and exact_duplicates.is_as_indexed(outcome, known):
            given_up.add(outcome.file.id)
        refusal = None if other is None else str(exact_duplicates.refusal_of(other))
        outcomes.append(outcome if other is None else Outcome(outcome.file, None, refusal=refusal))
    return Intake(outcomes, exact_duplicates.segments_without(intake.segments, same.keys())), frozenset(given_up)


def _taken_in(
    files: Sequence[SeedFile],
    conventions: Conventions,
    known: Mapping[str, FileState],
    *,
    reuse: bool,
    progress: Progress | None,
) -> Intake:
    """Read the files that have changed."""
    unread = [file for file in files if not (reuse and _is_untouched(file, known.get(file.id)))]
    untouched = len(files) - len(unread)

    def told(done: int) -> None:
        if progress:
            progress(untouched + done, len(files))

    told(0)
    return take_in(unread, conventions, known if reuse else {}, told)


def _is_untouched(file: SeedFile, before: FileState | None) -> bool:
    return before is not None and before.signatures == file.signatures and not before.refused


def _state_of(outcome: Outcome, before: FileState | None) -> FileState:
    """The new state of a file; a refused one keeps the state of its indexed content."""
    if outcome.state is not None:
        return outcome.state
    kept = before or FileState(outcome.file.signatures)
    return kept._replace(signatures=outcome.file.signatures, refused=True)


def _refusal(outcome: Outcome, known: Mapping[str, FileState]) -> Refusal:
    kept = f" {folder.STAYS}" if outcome.file.id in known else ""
    return Refusal(file=outcome.file.path.name, reason=f"{outcome.refusal}{kept}")


def _report(
    leaves: Sequence[Leaf],
    before: Mapping[str, FileState],
    after: Mapping[str, FileState],
    removed: Sequence[str],
    refused: Sequence[Refusal],
) -> Report:
    both = [article for article in after if article in before]
    added = tuple(article for article, state in after.items() if article not in before and state.sha256)
    changed = tuple(article for article in both if not after[article].holds_the_same(before[article]))
    return Report(
        added=added,
        changed=changed,
        removed=tuple(removed),
        unchanged=tuple(article for article in both if after[article].holds_the_same(before[article])),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.file)),
        articles=sum(leaf.number for leaf in leaves),
        sentences=sum(leaf.size for leaf in leaves),
        lost_to_interruptions=sum(leaf.total("lost") for leaf in leaves),
        similar=similar(leaves, (*added, *changed)),
    )
