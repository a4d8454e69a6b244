"""The state of each file of the seeds folder when it was last read: JSON Lines, the last line of an id counts.

Each line begins with its line feed, so that the line of an id can be found without parsing the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from index.corpus.folder import Signature, Signatures

FEW = 1000
"""Up to this many changes are appended and superseded lines stay; more than this rewrites all lines."""


class FileState(NamedTuple):
    """The state of a file when it was last read."""

    file: str
    """Its path in the seeds folder."""
    signatures: Signatures
    sha256: str | None = None
    """Of the content that is indexed; None where the file is not indexed."""
    sidecar_sha256: str | None = None
    refused: bool = False
    """Whether it was refused when it was last read. Such a file is read every time, so that each report names it."""
    text_sha256: str | None = None
    """Of the indexed text in UTF-8: equal for files with the same text in different encodings."""

    @property
    def hashes(self) -> frozenset[str]:
        """The hashes of the indexed bytes and of the indexed text."""
        return frozenset(one for one in (self.sha256, self.text_sha256) if one)

    def has_same_content(self, other: FileState) -> bool:
        """Whether file and sidecar have the same content, and the file its name."""
        return (self.file, self.sha256, self.sidecar_sha256) == (other.file, other.sha256, other.sidecar_sha256)


def indexed_files(states: Mapping[str, FileState]) -> dict[str, str]:
    """By id, the names of the files that are indexed."""
    return {article: state.file for article, state in states.items() if state.sha256}


class FileStates:
    """The states of all files by article id, parsed from the lines on first use."""

    def __init__(self, lines: bytes = b"") -> None:
        """Keep the lines unparsed."""
        self.lines = lines

    @cached_property
    def by_id(self) -> Mapping[str, FileState]:
        """The states by article id."""
        states: dict[str, FileState] = {}
        for line in self.lines.split(b"\n")[1:]:
            article_id, *rest = json.loads(line)
            if rest:
                states[article_id] = _state(*rest)
            else:
                states.pop(article_id, None)
        return states

    def get_many(self, article_ids: Iterable[str]) -> dict[str, FileState]:
        """The states of these files; no other line is parsed."""
        found = {}
        for article_id in article_ids:
            start = self.lines.rfind(b"\n[" + json.dumps(article_id).encode())
            line = self.lines[start + 1 :].split(b"\n", 1)[0] if start >= 0 else b"[0]"
            _, *rest = json.loads(line)
            if rest:
                found[article_id] = _state(*rest)
        return found

    def find_by_hash(self, hashes: Iterable[str], other_than: AbstractSet[str]) -> str | None:
        """The first id, outside `other_than`, with one of these hashes of bytes or text; None without one.

        Searches the lines without parsing them: a few milliseconds for 40,000.
        """
        asked = frozenset(hashes)
        ids = {found for one in asked for found in self._ids_with(one)} - other_than
        return min((held for held, state in self.get_many(ids).items() if state.hashes & asked), default=None)

    def _ids_with(self, word: str) -> Iterator[str]:
        """The ids of the lines that contain a word, superseded lines included."""
        place, sought = -1, word.encode()
        while (place := self.lines.find(sought, place + 1)) >= 0:
            line = self.lines[self.lines.rfind(b"\n", 0, place) + 1 :].split(b"\n", 1)[0]
            yield json.loads(line)[0]

    def with_changes(self, states: Mapping[str, FileState], gone: Iterable[str]) -> FileStates:
        """The states with some files updated and those in `gone` removed."""
        gone = tuple(gone)
        lines = self.lines + b"".join(_lines(states, gone))
        if len(states) + len(gone) > FEW:
            now = {**self.by_id, **states}
            lines = b"".join(_lines({article_id: now[article_id] for article_id in now.keys() - set(gone)}, ()))
        return FileStates(lines)


def _lines(states: Mapping[str, FileState], gone: Iterable[str]) -> Iterator[bytes]:
    for article_id, state in states.items():
        yield b"\n" + json.dumps([article_id, *state], separators=(",", ":")).encode()
    for article_id in gone:
        yield b"\n" + json.dumps([article_id]).encode()


def _state(  # noqa: PLR0913, PLR0917  # the items of a line
    file: str,
    signatures: tuple[list[int], list[int] | None],
    sha256: str | None,
    sidecar_sha256: str | None,
    refused: bool,
    text_sha256: str | None,
) -> FileState:
    own, sidecar = signatures
    both = Signature(*own), None if sidecar is None else Signature(*sidecar)
    return FileState(file, both, sha256, sidecar_sha256, bool(refused), text_sha256)
