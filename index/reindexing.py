"""Comparing the seeds folder with what is indexed, and reading what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from index import duplicates, folder
from index.article import Noun
from index.collection import Collection
from index.folder import Refusal, SeedFile
from index.intake import Intake, Outcome, Progress, take_in
from index.leaves import changed
from index.ledger import FileState, Ledger
from index.likeness import Similar, similar
from index.reading.conventions import Conventions
from index.segment import Leaf


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
    """Pieces of sentences that something excluded cuts through, in all articles: indexed nowhere."""
    dry_run: bool = False
    similar: tuple[Similar, ...] = ()
    """Those of the added and changed that are much like another article; nothing is refused for it."""

    @property
    def is_news(self) -> bool:
        """Whether the collection changes by it."""
        return bool(self.added or self.changed or self.removed)


class Base(NamedTuple):
    """What is indexed already, and whether its entries can be taken over: not those of another reader."""

    collection: Collection
    ledger: Ledger
    is_of_this_reader: bool


class Plan(NamedTuple):
    """The segments that the folder calls for, what its files are, and the report."""

    leaves: list[Leaf]
    ledger: Ledger
    is_new: bool
    """Whether any of it differs from what is indexed already."""
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
    """Read what is new in the folder; what is unchanged is taken over as it is.

    A file that is refused now but was indexed before keeps the entry it had: nothing is lost by a bad edit.

    Args:
        seeds: the folder.
        conventions: what articles are read by.
        base: what is indexed already.
        only: ids of the only articles to look at; all, where it is None.
        progress: told how many files are done.

    Raises:
        FolderUnusable: the folder cannot be read.
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
    """The intake with the files refused that say what another one says; and those of them that are indexed so far.

    A file that was edited until it says the same keeps the version before, as any that is refused does. One that is as
    it was, and is read alike only now, has none that differs.
    """
    same = duplicates.found_among(intake.outcomes, known, ledger, only)
    if not same:
        return intake, frozenset()
    outcomes, given_up = [], set()
    for outcome in intake.outcomes:
        other = same.get(outcome.file.id)
        if other is not None and duplicates.is_as_indexed(outcome, known):
            given_up.add(outcome.file.id)
        refusal = None if other is None else str(duplicates.refusal_of(other))
        outcomes.append(outcome if other is None else Outcome(outcome.file, None, refusal=refusal))
    return Intake(outcomes, duplicates.segments_without(intake.segments, same.keys())), frozenset(given_up)


def _taken_in(
    files: Sequence[SeedFile],
    conventions: Conventions,
    known: Mapping[str, FileState],
    *,
    reuse: bool,
    progress: Progress | None,
) -> Intake:
    """Read the files that are not as they were."""
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
    """What a file is now; one that is refused keeps the content that is indexed of it."""
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
