"""What makes an index be read again: another version of the reader, of its libraries, other rules or word lists."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.analysis.analyzer import StopWords, stop_words
from index.cleaning import built_in_rules
from index.engine import Engine
from index.indexing.index_manager import READ_AGAIN_MESSAGE
from index.models import IndexedArticle
from index.reading import fingerprint, read_article
from index.reading.config import ReadingConfig
from index.reading.fingerprint import LIBRARIES, READER_VERSION, reader_fingerprint
from index.reading.sources import Site, Sources
from index.sentences.word_lists import tables

CONVENTIONS = ReadingConfig(built_in_rules())
OF_SOURCE_BYTES = "9f2d7c4e1b3a5f60"
"""A fingerprint as versions before READER_VERSION wrote it: of the bytes of their source."""


@pytest.fixture
def uncached() -> Iterator[None]:
    """The versions and the word lists are not those that another test saw, nor does another test see these."""
    fingerprint._libraries_and_words.cache_clear()
    yield
    fingerprint._libraries_and_words.cache_clear()


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, in order."""
    names: list[str] = []

    def counted(file: str, *rest: Any) -> IndexedArticle:  # noqa: ANN401  # as it was called
        names.append(file)
        return read_article(file, *rest)

    monkeypatch.setattr("index.indexing.parallel_reader.read_article", counted)
    return names


def reader_of(engine: Engine) -> str:
    assert engine.manifest is not None
    return engine.manifest.reader


def test_another_version_of_the_reader_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reader_fingerprint(CONVENTIONS)
    monkeypatch.setattr(fingerprint, "READER_VERSION", READER_VERSION + 1)
    assert reader_fingerprint(CONVENTIONS) != before


def test_other_rules_publishers_and_sites_have_another_fingerprint() -> None:
    publishers = Sources(publishers={"example.org": "The Example"})
    sites = (Sources(site={"docs": Site(url=f"https://example.org/{end}")}) for end in ("{path}", "{path}/"))
    others = [ReadingConfig(built_in_rules(), sources) for sources in (publishers, *sites)]
    fewer = ReadingConfig(built_in_rules()[1:])
    assert len({reader_fingerprint(each) for each in (CONVENTIONS, fewer, *others)}) == 5


@pytest.mark.usefixtures("uncached")
@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library_that_reads_has_another_fingerprint(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, version = reader_fingerprint(CONVENTIONS), importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99.0" if name == library else version(name))
    fingerprint._libraries_and_words.cache_clear()
    assert reader_fingerprint(CONVENTIONS) != before


@pytest.mark.usefixtures("uncached")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tables", lambda: tables() | {"titles": {"words": "Prof."}}),
        ("stop_words", lambda: StopWords(stop_words().words | {"dam"}, stop_words().acronyms)),
    ],
)
def test_other_word_lists_have_another_fingerprint(name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reader_fingerprint(CONVENTIONS)
    monkeypatch.setattr(fingerprint, name, value)
    fingerprint._libraries_and_words.cache_clear()
    assert reader_fingerprint(CONVENTIONS) != before


def test_an_index_of_an_older_reader_is_read_again_once_and_that_is_said_in_one_line(
    seeds: Path,
    data: Path,
    files_read: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as older:
        older.setattr("index.indexing.index_manager.reader_fingerprint", lambda _: OF_SOURCE_BYTES)
        before = Engine.open(seeds, data)
    assert reader_of(before) == OF_SOURCE_BYTES
    assert not caplog.messages
    files_read.clear()
    now = Engine.open(seeds, data)
    assert sorted(files_read) == sorted(path.name for path in seeds.glob("*.txt"))
    assert caplog.messages == [READ_AGAIN_MESSAGE]
    assert reader_of(now) == reader_fingerprint(now.manager.reading_config)
    files_read.clear()
    caplog.clear()
    again = Engine.open(seeds, data)
    assert again.manifest == now.manifest
    assert not files_read
    assert not caplog.messages
