"""Snapshots of an index in a cluster: each generation is one."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import NamedTuple

from pydantic import ValidationError

from index.analysis.languages import analyzed_as
from index.cluster.collection import ClusterCollection
from index.cluster.connection import Cluster
from index.cluster.deadline import one_deadline
from index.cluster.generation import SENTENCES, Generation
from index.cluster.writer import Changes, Progress, delete_old, publish
from index.collection.collection import Collection
from index.collection.segment import Segment, SegmentView, unpacked
from index.corpus.file_states import FileStates
from index.errors import ClusterUnavailable, ClusterUnusable, SnapshotDamaged, SnapshotUnknown
from index.indexing.merge_policy import NextIndex
from index.indexing.near_duplicates import Similar, find_similar
from index.indexing.snapshot_store import Written
from index.indexing.snapshots import Manifest, SnapshotInfo, make_manifest
from index.storage.lock import LOCK_TIMEOUT

log = logging.getLogger(__name__)
REMEDY = "Run `verbatim reindex`."


class ClusterSnapshot(NamedTuple):
    """A generation in use."""

    manifest: Manifest
    file_states: FileStates
    generation: Generation
    cluster: Cluster

    def collection(self) -> Collection:
        """The searchable collection."""
        return ClusterCollection(self.cluster.client, self.cluster.prefix, self.generation, self.cluster.articles)


class NextGeneration:
    """What a generation becomes by some changes; it is not written yet."""

    def __init__(self, base: Generation, deleted: AbstractSet[str], added: Sequence[Segment]) -> None:
        self.base = base
        self.deleted = deleted
        self.added = added
        self._views = list(map(SegmentView, added))

    @property
    def articles(self) -> int:
        """Number of articles."""
        gone = sum(self.base.place_of(article) is not None for article in self.deleted)
        return self.base.articles - gone + sum(view.article_count for view in self._views)

    @property
    def sentences(self) -> int:
        """Number of sentences."""
        return self._total("chunk_counts", "sentences")

    @property
    def lost(self) -> int:
        """Pieces of sentences that are cut by an exclusion, in all articles."""
        return self._total("lost", "lost")

    def _total(self, column: str, name: str) -> int:
        places = (self.base.place_of(article) for article in self.deleted)
        gone = sum(int(self.base.arrays[column][place]) for place in places if place is not None)
        return int(self.base.arrays[column].sum()) - gone + sum(view.sum_of(name) for view in self._views)

    def languages(self) -> list[str]:
        """The languages in which the articles are analysed."""
        held = [self.base.arrays["languages"], *(segment.arrays["languages"] for segment in self.added)]
        return sorted({analyzed_as(unpacked(number)) for some in held for number in set(some.tolist())})

    def label(self, article: str) -> str | None:
        """What an article is called; None where none has this id."""
        for view in self._views:
            number = view.article_number(article)
            if number is not None:
                return view.segment.label(number)
        place = self.base.place_of(article)
        return None if place is None or article in self.deleted else self.base.text_at("labels", place)

    def similar(self, articles: Iterable[str]) -> tuple[Similar, ...]:
        """The near duplicates of these articles among those that come with them."""
        return find_similar(self._views, articles)


class ClusterSnapshots:
    """The generations of a cluster as snapshots."""

    is_local = False

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def current_name(self) -> str | None:
        """The number of the generation that is served."""
        number = self.cluster.store.current()
        return None if number is None else str(number)

    def answers(self) -> bool:
        """Whether the cluster answers a search as fast as a question needs it."""
        try:
            self.cluster.client.count(self.cluster.name_of(SENTENCES), {"match_none": {}})
        except (ClusterUnavailable, ClusterUnusable) as error:
            log.warning("%s", error)
            return False
        return True

    def one_deadline(self) -> AbstractContextManager[None]:
        """For a question: all that it waits for has one deadline."""
        return one_deadline()

    def load(self, name: str | None = None) -> ClusterSnapshot | None:
        """The current generation, or the one of this number."""
        name = name or self.current_name()
        if name is None:
            return None
        generation = Generation.read(int(name), self.cluster.store.read(int(name)))
        return ClusterSnapshot(_manifest(generation), FileStates(generation.file_states), generation, self.cluster)

    def load_newest_intact(self) -> tuple[ClusterSnapshot | None, SnapshotDamaged | None]:
        """The current generation; if it is damaged, the newest kept one that is not, and the error."""
        try:
            return self.load(), None
        except SnapshotDamaged as error:
            damage = error
        for number in reversed(self.cluster.store.generations()):
            try:
                return self.load(str(number)), damage
            except SnapshotDamaged as error:
                log.warning("%s", error)
        return None, damage

    def verify_files(self, manifest: Manifest) -> None:
        """Verify that a generation can be read."""
        self.load(manifest.id)

    def apply(self, collection: Collection, deleted: AbstractSet[str], added: Sequence[Segment]) -> NextGeneration:
        """What a generation becomes by these changes."""
        base = collection.generation if isinstance(collection, ClusterCollection) else Generation.empty()
        return NextGeneration(base, deleted, added)

    def write(
        self, after: NextIndex, file_states: FileStates, written: Written, progress: Progress | None = None
    ) -> ClusterSnapshot:
        """Publish what `apply` returned; `progress` is called with the articles written, and all that are to be."""
        if not isinstance(after, NextGeneration):
            message = "not made by this store"
            raise TypeError(message)
        manifest = make_manifest("", (after.articles, after.sentences), after.languages(), *written)
        made = Changes(after.deleted, after.added, file_states.lines, manifest.model_dump_json().encode())
        generation = publish(self.cluster, after.base, made, progress)
        self.delete_old(str(generation.number))
        return ClusterSnapshot(_manifest(generation), file_states, generation, self.cluster)

    def delete_old(self, name: str) -> None:  # noqa: ARG002  # the store knows which one is served
        """Delete old generations, and what only they have."""
        try:
            delete_old(self.cluster)
        except ClusterUnavailable as error:  # the next writer does it
            log.warning("Old generations of the cluster were not deleted: %s", error)

    def history(self) -> tuple[SnapshotInfo, ...]:
        """The kept generations, the latest written first; those that are damaged are omitted."""
        current, kept = self.current_name(), []
        for number in reversed(self.cluster.store.generations()):
            try:
                found = self.load(str(number))
            except SnapshotDamaged as error:
                log.warning("%s", error)
                continue
            if found is not None:
                shown = found.manifest.model_dump(include={"id", "created", "articles", "sentences", "change"})
                kept.append(SnapshotInfo(**shown, current=str(number) == current))
        return tuple(kept)

    def roll_back(self, name: str | None = None) -> ClusterSnapshot:
        """Serve a kept generation again: the named one, or the one before."""
        names = [str(number) for number in reversed(self.cluster.store.generations())]
        current = self.current_name()
        older = names[names.index(current) + 1 :] if current in names else names
        chosen = name or next(iter(older), None)
        if chosen is None or chosen not in names:
            problem = f"There is no snapshot {name!r}." if name else "There is no snapshot older than the current one."
            raise SnapshotUnknown(problem, "`verbatim history` lists all snapshots.")
        found = self.load(chosen)
        if found is None:  # cannot happen for a given name; for the type checker
            raise SnapshotUnknown(chosen, "`verbatim history` lists all snapshots.")
        self.cluster.store.serve(int(chosen))
        return found

    def lock(self, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[None]:
        """Be the only writer; IndexBusy while there is another one."""
        return self.cluster.store.lock(timeout)


def _manifest(generation: Generation) -> Manifest:
    try:
        return Manifest.model_validate(json.loads(generation.manifest) | {"id": str(generation.number)})
    except (ValueError, ValidationError) as error:
        problem = f"The manifest of generation {generation.number} cannot be read."
        raise SnapshotDamaged(problem, REMEDY) from error
