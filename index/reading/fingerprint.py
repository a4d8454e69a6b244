"""Fingerprint of the reader: articles read under another one are read again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import unicodedata
from functools import cache

from index.analysis.analyzer import stop_words
from index.reading.config import ReadingConfig
from index.sentences.word_lists import tables

READER_VERSION = 5
"""Increment it when a code change alters the entry of some file (text, metadata, exclusions, sentences) or its
hashes (`index.collection.minhash`, `index.collection.sentence_hashes`). tests/index/reading/test_golden.py
detects most such changes. Comments, names and moves do not count. Rules, word lists and libraries are in the
fingerprint already."""
LIBRARIES = (
    "trafilatura",
    "justext",
    "lxml",
    "lxml_html_clean",
    "tinycss2",
    "cssselect2",
    "pypdf",
    "mammoth",
    "markdown-it-py",
    "mdit-py-plugins",
    "PyYAML",
    "regex",
    "google-re2",
    "rapidfuzz",
    "sentencex",
    "py3langid",
)
"""Libraries that affect entries or those hashes. PyStemmer, which makes terms, belongs to the analyzer."""


def reader_fingerprint(config: ReadingConfig) -> str:
    """Return 16 hexadecimal digits that change if the same file may give another entry; comments do not count."""
    parts = [READER_VERSION, *_libraries_and_words(), config.fingerprint]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@cache
def _libraries_and_words() -> tuple[object, ...]:
    """Versions of the libraries and of Python's Unicode tables, and the word lists for sentences."""
    versions = [importlib.metadata.version(name) for name in LIBRARIES]
    return versions, unicodedata.unidata_version, tables(), sorted(stop_words().words)
