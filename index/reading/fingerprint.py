"""The fingerprint of the reader: articles that were read under another one are read again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import unicodedata
from functools import cache

from index.analysis import stop_list
from index.reading.conventions import Conventions
from index.sentences.words import tables

READER_VERSION = 1
"""Raise it by one when a change of the code gives some file another entry (text, facts, exclusions, sentences) or other
hashes to compare it by (index.minhash, index.sameness). tests/index/test_golden.py notices most such changes. Comments,
names and moves leave it; rules, word lists and libraries are in the fingerprint themselves."""
LIBRARIES = (
    "trafilatura",
    "justext",
    "lxml",
    "lxml_html_clean",
    "pypdf",
    "mammoth",
    "markdown-it-py",
    "PyYAML",
    "regex",
    "google-re2",
    "rapidfuzz",
    "sentencex",
)
"""The libraries whose results are in entries or in those hashes; PyStemmer, which makes terms, is the analyzer's."""


def reader_fingerprint(conventions: Conventions) -> str:
    """16 hexadecimal digits; others where the same file may give another entry.

    Args:
        conventions: the cleaning rules and the publishers, compared by what they do and not by their comments.
    """
    parts = [READER_VERSION, *_libraries_and_words(), conventions.fingerprint]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@cache
def _libraries_and_words() -> tuple[object, ...]:
    """The versions of the libraries and of Python's Unicode tables, and the word lists that decide about sentences."""
    versions = [importlib.metadata.version(name) for name in LIBRARIES]
    return versions, unicodedata.unidata_version, tables(), sorted(stop_list().words)
