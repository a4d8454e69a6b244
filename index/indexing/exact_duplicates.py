"""Exact duplicates: of the files with identical bytes or text, one is an article and the others are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from index.collection.segment import Segment, SegmentView, merge_views
from index.corpus.file_states import FileState, FileStates
from index.errors import ArticleRejected
from index.indexing.parallel_reader import FileOutcome
from index.models import Article


def find_exact_duplicates(
    outcomes: Sequence[FileOutcome],
    known: Mapping[str, FileState],
    file_states: FileStates,
    only: AbstractSet[str] | None,
) -> dict[str, str]:
    """By id, the files whose bytes or text equal those of another file, with the id of that file.

    An indexed file has priority over a new one; among new files, the first by id has. `known` holds the states of the
    indexed files that are still in the folder; `only` the ids that were looked at, None for all.
    """
    fresh = [outcome for outcome in outcomes if outcome.was_read]
    if not fresh:
        return {}
    read = {outcome.file.id: outcome for outcome in outcomes}
    owners: dict[str, str] = {}
    found: dict[str, str] = {}
    for article, state in known.items():
        if article not in read or read[article].state is None or not read[article].was_read:
            _register_hashes(owners, article, state)
    # Files that are indexed with the same bytes, but were read again by another reader, come before new ones.
    for outcome in sorted(fresh, key=lambda outcome: (not is_as_indexed(outcome, known), outcome.file.id)):
        article, state = outcome.file.id, outcome.state or FileState(outcome.file.name, outcome.file.signatures)
        owner = min((owners[one] for one in state.hashes if one in owners), default=None)
        if owner is None and only is not None and not is_as_indexed(outcome, known):
            owner = file_states.find_by_hash(state.hashes, only)
        if owner is not None:
            found[article] = owner
            state = known.get(article, FileState(outcome.file.name, outcome.file.signatures))
        _register_hashes(owners, article, state)
    return found


def is_as_indexed(outcome: FileOutcome, known: Mapping[str, FileState]) -> bool:
    """Whether the file's bytes are those that are indexed."""
    before = known.get(outcome.file.id)
    return before is not None and outcome.state is not None and outcome.state.sha256 == before.sha256


def _register_hashes(owners: dict[str, str], article: str, state: FileState) -> None:
    for one in state.hashes:
        owners.setdefault(one, article)


def duplicate_error(other: str) -> ArticleRejected:
    """The reason for refusing a duplicate of this article."""
    problem = f"Its text is identical to that of the article {other!r}."
    return ArticleRejected(problem, "Keep only one of the two.")


def check_not_duplicates(articles: Iterable[Article], file_states: FileStates) -> None:
    """Raise ArticleRejected where an article to be added duplicates another of them, or an indexed one."""
    owners: dict[str, str] = {}
    for article in articles:
        hashes = {article.sha256, article.utf8_sha256}
        owner = next((owners[one] for one in hashes if one in owners), None)
        owner = owner or file_states.find_by_hash(hashes, {article.id})
        if owner is not None:
            problem = f"The text of {article.file} is identical to that of the article {owner!r}."
            raise ArticleRejected(
                problem, "It does not need to be added again; to replace that article, remove it first."
            )
        owners |= dict.fromkeys(hashes, article.id)


def segments_without(segments: Iterable[Segment], articles: AbstractSet[str]) -> list[Segment]:
    """The segments without these articles."""
    left = (SegmentView(segment).without(articles) for segment in segments)
    return [view.segment if view.deleted is None else merge_views([view]) for view in left if view.article_count]
