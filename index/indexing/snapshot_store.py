"""Where snapshots of an index are kept: in the data folder, or in a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple, Protocol

from index.collection.collection import Collection
from index.collection.segment import Segment
from index.corpus.file_states import FileStates
from index.errors import SnapshotDamaged
from index.indexing import snapshots
from index.indexing.merge_policy import NextIndex, NextViews
from index.indexing.parallel_reader import Progress
from index.indexing.snapshots import Change, Manifest, SnapshotInfo
from index.storage.lock import LOCK_TIMEOUT, write_lock


class Written(NamedTuple):
    """What a manifest says of how its snapshot was made."""

    reader: str
    """Fingerprint of what turned files into entries."""
    change: Change


class LoadedSnapshot(Protocol):
    """A snapshot in use."""

    @property
    def manifest(self) -> Manifest:
        """Its metadata."""

    @property
    def file_states(self) -> FileStates:
        """The states of the files that it was made of."""

    def collection(self) -> Collection:
        """The searchable collection."""


class SnapshotStore(Protocol):
    """Snapshots of one index, one of which is the current one."""

    is_local: bool
    """Whether the articles are at hand: then extracted texts are kept beside them, and articles are analysed again
    where the analyzer has changed."""

    def current_name(self) -> str | None:
        """The name of the current snapshot; None where none was ever written. SnapshotDamaged where it is unknown."""

    def answers(self) -> bool:
        """Whether the index can be searched now; a few seconds at most."""

    def one_deadline(self) -> AbstractContextManager[None]:
        """For a question: all that it waits for has one deadline."""

    def load(self, name: str | None = None) -> LoadedSnapshot | None:
        """The current or named snapshot; None where none was ever written. SnapshotDamaged where it is damaged."""

    def load_newest_intact(self) -> tuple[LoadedSnapshot | None, SnapshotDamaged | None]:
        """The current snapshot; if it is damaged, the newest kept one that is not, and the error."""

    def verify_files(self, manifest: Manifest) -> None:
        """Verify a snapshot again; SnapshotDamaged where it was altered."""

    def apply(self, collection: Collection, deleted: AbstractSet[str], added: Sequence[Segment]) -> NextIndex:
        """What a collection becomes without the articles of these ids, and with these segments."""

    def write(
        self, after: NextIndex, file_states: FileStates, written: Written, progress: Progress | None = None
    ) -> LoadedSnapshot:
        """Write what `apply` returned durably, and make it the current snapshot. The lock must be held."""

    def delete_old(self, name: str) -> None:
        """Delete what is left of killed writers, and all snapshots but the last and `name`. The lock must be held."""

    def history(self) -> tuple[SnapshotInfo, ...]:
        """The kept snapshots, the latest written first."""

    def roll_back(self, name: str | None = None) -> LoadedSnapshot:
        """Make a kept snapshot the current one: the named one, or the one before. The lock must be held.

        SnapshotUnknown where there is none.
        """

    def lock(self, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[None]:
        """Be the only writer; IndexBusy while there is another one."""


class LocalSnapshots:
    """Snapshots in the data folder; see `index.indexing.snapshots`."""

    is_local = True

    def __init__(self, data: Path) -> None:
        self.data = data

    def current_name(self) -> str | None:
        """The name of the current snapshot."""
        return snapshots.current_name(self.data)

    def answers(self) -> bool:
        """True: nothing has to be reached."""
        return True

    def one_deadline(self) -> AbstractContextManager[None]:
        """None is needed: nothing is waited for."""
        return nullcontext()

    def load(self, name: str | None = None) -> LoadedSnapshot | None:
        """The current or named snapshot."""
        return snapshots.load(self.data, name)

    def load_newest_intact(self) -> tuple[LoadedSnapshot | None, SnapshotDamaged | None]:
        """The current snapshot; if it is damaged, the newest kept one that is not, and the error."""
        return snapshots.load_newest_intact(self.data)

    def verify_files(self, manifest: Manifest) -> None:
        """Verify the files of a snapshot again."""
        snapshots.verify_files(self.data, manifest)

    def apply(self, collection: Collection, deleted: AbstractSet[str], added: Sequence[Segment]) -> NextViews:
        """The segment views that come next."""
        return NextViews.of(collection, deleted, added)

    def write(
        self,
        after: NextIndex,
        file_states: FileStates,
        written: Written,
        progress: Progress | None = None,  # noqa: ARG002  # it takes a moment
    ) -> LoadedSnapshot:
        """Write these segment views as the current snapshot."""
        if not isinstance(after, NextViews):
            message = "not made by this store"
            raise TypeError(message)
        return snapshots.write(self.data, after.views, file_states, *written)

    def delete_old(self, name: str) -> None:
        """Delete old snapshots, and what is left of killed writers."""
        snapshots.delete_old(self.data, name)

    def history(self) -> tuple[SnapshotInfo, ...]:
        """The kept snapshots, the latest written first."""
        return snapshots.history(self.data)

    def roll_back(self, name: str | None = None) -> LoadedSnapshot:
        """Make a kept snapshot the current one."""
        return snapshots.roll_back(self.data, name)

    def lock(self, timeout: float = LOCK_TIMEOUT) -> AbstractContextManager[None]:
        """Hold the write lock of the data folder."""
        return write_lock(self.data, timeout)
