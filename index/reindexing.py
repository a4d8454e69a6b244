"""Comparing the seeds folder with what is indexed, and building the collection that the folder calls for."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from index import cleaning, folder
from index.article import Entry, Noun
from index.cleaning import Rule
from index.errors import ArticleRejected
from index.folder import Refusal, SeedFile, Signatures
from index.reading import read_entry
from index.snapshot import Indexed

READER = ("article.py", "cleaning.py", "quotable.py", "reading", "sentences")
"""What turns the bytes of a file into an entry."""
Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


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

    @property
    def is_news(self) -> bool:
        """Whether the collection changes by it."""
        return bool(self.added or self.changed or self.removed)


class Plan(NamedTuple):
    """The entries that the folder calls for, what their files were, and the report."""

    entries: tuple[Entry, ...]
    files: dict[str, Indexed]
    seen: dict[str, Signatures]
    """Of every file that was looked at, the refused ones among them."""
    report: Report


def reader_fingerprint(rules: Sequence[Rule]) -> str:
    """Changes whenever the same files might give other entries: with the code that reads them, its data, the rules."""
    digest = hashlib.sha256(cleaning.fingerprint(rules).encode())
    digest.update(_readers_code())
    return digest.hexdigest()[:16]


@cache
def _readers_code() -> bytes:
    """A digest of the files that turn bytes into entries, and of the version of the splitter that they use."""
    digest = hashlib.sha256(importlib.metadata.version("sentencex").encode())
    waiting = [resources.files("index").joinpath(name) for name in READER]
    while waiting:
        part = waiting.pop()
        if part.is_dir():
            waiting += sorted(part.iterdir(), key=lambda inner: inner.name)
        elif part.name.endswith((".py", ".toml")):
            digest.update(part.read_bytes())
    return digest.digest()


def plan(
    seeds: Path,
    rules: Sequence[Rule],
    known: Mapping[str, Entry],
    indexed: Mapping[str, Indexed],
    progress: Progress | None = None,
) -> Plan:
    """Read what is new in the folder; what is unchanged is taken over as it is.

    A file that is refused now but was indexed before keeps the entry it had: nothing is lost by a bad edit.

    Args:
        seeds: the folder.
        rules: the cleaning rules.
        known: the entries to take over, by id; empty where all are to be read anew.
        indexed: what their files were.
        progress: told of each file.

    Raises:
        FolderUnusable: the folder cannot be read.
    """
    files, refused = folder.scan(seeds)
    entries: dict[str, Entry] = {}
    now: dict[str, Indexed] = {}
    for done, file in enumerate(files, 1):
        try:
            now[file.id], entries[file.id] = _taken_in(file, rules, known.get(file.id), indexed.get(file.id))
        except ArticleRejected as error:
            kept = " The version that was indexed before stays." if file.id in known else ""
            refused.append(Refusal(file=file.path.name, reason=f"{error}{kept}"))
            if file.id in known:
                now[file.id], entries[file.id] = indexed[file.id], known[file.id]
        if progress:
            progress(done, len(files))
    return Plan(tuple(entries.values()), now, signatures_of(files), _report(entries, now, indexed, refused))


def _taken_in(
    file: SeedFile, rules: Sequence[Rule], known: Entry | None, before: Indexed | None
) -> tuple[Indexed, Entry]:
    if known and before and before.signatures == file.signatures:
        return before, known
    data, sidecar = folder.read(file)
    now = Indexed(
        signatures=file.signatures,
        sha256=hashlib.sha256(data).hexdigest(),
        sidecar_sha256=None if sidecar is None else hashlib.sha256(sidecar).hexdigest(),
    )
    if known and before and _same(now, before):
        return now, known
    return now, read_entry(file.path.name, data, sidecar, rules)


def _same(now: Indexed, before: Indexed) -> bool:
    return (now.sha256, now.sidecar_sha256) == (before.sha256, before.sidecar_sha256)


def _report(
    entries: Mapping[str, Entry], now: Mapping[str, Indexed], before: Mapping[str, Indexed], refused: Sequence[Refusal]
) -> Report:
    both = [article for article in now if article in before]
    return Report(
        added=tuple(article for article in now if article not in before),
        changed=tuple(article for article in both if not _same(now[article], before[article])),
        removed=tuple(article for article in before if article not in now),
        unchanged=tuple(article for article in both if _same(now[article], before[article])),
        refused=tuple(refused),
        articles=len(entries),
        sentences=sum(len(entry.body) for entry in entries.values()),
        lost_to_interruptions=sum(len(entry.lost) for entry in entries.values()),
    )


def signatures_of(files: Iterable[SeedFile]) -> dict[str, Signatures]:
    """What the files are, by article id, to be compared with what they were."""
    return {file.id: file.signatures for file in files}
