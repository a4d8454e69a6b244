"""A weighted thesaurus of stems, built by `tools/thesaurus/make.py`.

Keys and values are stems of `index.analysis.analyzer`. `thesaurus.txt` has one line per stem, sorted: from WordNet, and
from the groups of `tools/thesaurus/everyday.txt`, which can be edited before a rebuild. `irregular.txt` has the forms
that the stemmer does not join with their base: stole and stolen with steal, newest with new. `opposites.txt` has
WordNet's antonyms.
"""

from __future__ import annotations

import bisect
import mmap
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

IRREGULAR_FORM_WEIGHT = 0.95
"""The weight of a word's own irregular form, and the factor for everything found through it."""


@lru_cache(maxsize=2048)
def related(stem: str) -> Mapping[str, float]:
    """Stems related to this one, with weights in (0, 1]: 1 for the same meaning. Unknown stems have none.

    A weight is about the log of how much likelier than chance the word is in a sentence that answers a question with
    this one. A word with several senses has the related words of all of them.
    """
    near: dict[str, float] = {}
    for base in (stem, *base_forms(stem)):
        share = 1.0 if base == stem else IRREGULAR_FORM_WEIGHT
        for other, weight in ((base, 1.0), *_line(base)):
            for form in (other, *inflected_forms(other)):
                loss = share if form == other else share * IRREGULAR_FORM_WEIGHT
                near[form] = max(near.get(form, 0.0), round(weight * loss, 3))
    near.pop(stem, None)
    return MappingProxyType(near)


def base_forms(stem: str) -> tuple[str, ...]:
    """Stems that this one is an irregular form of: `steal` for `stolen`, `new` for `newest`."""
    return _forms()[0].get(stem, ())


def inflected_forms(stem: str) -> tuple[str, ...]:
    """Irregular forms of this stem: `stole` and `stolen` for `steal`, `newer` and `newest` for `new`."""
    return _forms()[1].get(stem, ())


def forms(stem: str) -> tuple[str, ...]:
    """Other stems of the same word: its base, the base's other forms, and its own."""
    same = [form for base in base_forms(stem) for form in (base, *inflected_forms(base))]
    return tuple(form for form in dict.fromkeys((*same, *inflected_forms(stem))) if form != stem)


def stems() -> Iterator[str]:
    """Every stem that has related ones, sorted."""
    return (line.partition(b"\t")[0].decode() for line in _lines()[:].splitlines())


def opposites(stem: str) -> tuple[str, ...]:
    """Stems of the word's opposites: `south` for `north`."""
    return _opposites().get(stem, ())


@cache
def _opposites() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in data_file("opposites.txt").decode().splitlines())
    return {word: tuple(others) for word, *others in lines}


@cache
def _forms() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    bases: dict[str, tuple[str, ...]] = {}
    forms_of: dict[str, tuple[str, ...]] = {}
    for line in data_file("irregular.txt").decode().splitlines():
        base, *others = line.split()
        forms_of[base] = tuple(others)
        for form in others:
            bases[form] = (*bases.get(form, ()), base)
    return bases, forms_of


@cache
def _lines() -> mmap.mmap:
    """thesaurus.txt, mapped: of its 8 MB only the pages that are looked at take memory."""
    with (
        resources.as_file(resources.files("index.analysis.thesaurus") / "thesaurus.txt") as path,
        path.open("rb") as file,
    ):
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def data_file(name: str) -> bytes:
    """The bytes of a file of this package."""
    return resources.files("index.analysis.thesaurus").joinpath(name).read_bytes()


def _line(stem: str) -> Iterator[tuple[str, float]]:
    """The pairs on a stem's line, found by bisection."""
    lines, wanted = _lines(), stem.encode()

    def key(place: int) -> bytes:
        start = lines.rfind(b"\n", 0, place) + 1
        return lines[start : lines.find(b"\t", start)]

    place = bisect.bisect_left(range(len(lines)), wanted, key=key)
    if place == len(lines) or key(place) != wanted:
        return
    for pair in lines[place : lines.find(b"\n", place)].partition(b"\t")[2].decode().split():
        other, _, weight = pair.rpartition(":")
        yield other, float(weight)
