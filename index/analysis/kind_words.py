"""Words for places and people, from WordNet by `tools/thesaurus`."""

from __future__ import annotations

import gzip
from functools import cache

from index.analysis.thesaurus import data_file


@cache
def place_names() -> frozenset[str]:
    """Names of places as written, with spaces: New York."""
    return frozenset(word for word in _lines("places.txt.gz") if word[0].isupper())


@cache
def place_nouns() -> frozenset[str]:
    """Stems of nouns that something can be in, at or on: kitchen."""
    return frozenset(word for word in _lines("places.txt.gz") if word[0].islower())


@cache
def people_nouns() -> frozenset[str]:
    """Stems of nouns for people and groups: painter, council."""
    return frozenset(_lines("people.txt.gz"))


def _lines(name: str) -> list[str]:
    return gzip.decompress(data_file(name)).decode().splitlines()
