"""Word similarity: random walks over WordNet's synsets and words, compared by cosine.

Hughes and Ramage (EMNLP 2007) and Agirre et al. (NAACL 2009): a walk starts at a word, chooses a sense by its frequency
in texts, and follows relations and the words of definitions, with less weight at each step. Words are similar when
their walks visit the same nodes. Walks are truncated: few steps, and only nodes of some weight.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.analysis.analyzer import terms
from tools.thesaurus.wordnet import WordNet

Places = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]

RELATIONS: Mapping[str, tuple[str, float]] = {
    "+": ("derivation", 2.0),
    "<": ("derivation", 2.0),
    "\\": ("what it pertains to", 2.0),
    "@": ("kind of", 1.0),
    "@i": ("kind of", 1.0),
    "~": ("kinds", 0.7),
    "~i": ("kinds", 0.7),
    "&": ("similar", 1.0),
    "$": ("verb group", 1.0),
    "*": ("entails or causes", 0.7),
    ">": ("entails or causes", 0.7),
    "=": ("attribute", 0.7),
    "^": ("see also", 0.5),
    "#m": ("whole", 0.4),
    "#s": ("whole", 0.4),
    "#p": ("whole", 0.4),
    "%m": ("parts", 0.4),
    "%s": ("parts", 0.4),
    "%p": ("parts", 0.4),
    ";c": ("topic", 0.4),
    ";r": ("region", 0.2),
}
"""WordNet's symbols: the relation, and the weight that its targets share. Antonyms are not followed."""

PERTAINING = 1.0
DEFINITION = 2.0
INSIDE_PHRASES = 0.5
DEFINED_WITH = 0.6
MOST_TARGETS = 150
MOST_DEFINITIONS = 300
"""A relation or a word with more targets is uninformative about each of them."""
FLATTER = 0.4
"""Exponent of sense counts: WordNet's texts are of the 1960s, when hardware was weapons and chips were of wood."""
GOING_ON = 0.85
STEPS = 5
FAINT = 3e-4
FAINT_IN_COMPARISON = 0.02


class Matrix(NamedTuple):
    """A sparse matrix in CSR form: row i has `values[starts[i]:starts[i + 1]]` in these `columns`."""

    starts: Places
    columns: Places
    values: Weights

    def times(self, places: Places, weights: Weights, width: int) -> Weights:
        """The dense weighted sum of these rows."""
        begins = self.starts[places]
        counts = self.starts[places + 1] - begins
        cells = np.repeat(begins - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        amounts = self.values[cells] * np.repeat(weights, counts)
        return np.bincount(self.columns[cells], amounts, width).astype(np.float64, copy=False)


def matrix(rows: Sequence[Mapping[int, float]]) -> Matrix:
    """The matrix of these rows, each a mapping of column to value."""
    starts = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    columns = np.fromiter((column for row in rows for column in row), np.int64, starts[-1])
    return Matrix(starts, columns, np.fromiter((v for row in rows for v in row.values()), np.float64, starts[-1]))


def senses_of(wordnet: WordNet, lemmas: Sequence[tuple[str, str]]) -> dict[int, float]:
    """The synsets of these lemmas, each with its share."""
    shares: defaultdict[int, float] = defaultdict(float)
    for lemma in lemmas:
        for sense in wordnet.senses[lemma]:
            shares[sense.synset] += float((sense.seen + sense.rank**-0.5) ** FLATTER)
    return _shares(shares, 1.0)


def definition_stems(wordnet: WordNet, base_of: Mapping[str, str]) -> list[list[str]]:
    """The stems of each synset's definition, irregular forms replaced by their base."""
    return [[base_of.get(t.term, t.term) for t in terms(synset.definition)] for synset in wordnet.synsets]


def graph(wordnet: WordNet, words: Mapping[str, Sequence[tuple[str, str]]], definitions: Sequence[list[str]]) -> Matrix:
    """The transition matrix: a row for each synset, then for each word; every row sums to 1.

    `words` maps stems to their lemmas; `definitions` holds the stems of each synset's definition.
    """
    node = {word: place for place, word in enumerate(words, len(wordnet.synsets))}
    used = Counter(word for definition in definitions for word in set(definition) if word in node)
    rarity = {word: max(math.log(len(definitions) / (count + 1)), 0.1) for word, count in used.items()}
    uses: defaultdict[int, dict[int, float]] = defaultdict(dict)
    rows: list[Mapping[int, float]] = []
    relations = _relations(wordnet)
    for place, (synset, definition) in enumerate(zip(wordnet.synsets, definitions, strict=True)):
        row = relations[place]
        phrases = [t.term for word in synset.words if "_" in word or "-" in word for t in terms(_spaced(word))]
        for found, total in ((phrases, INSIDE_PHRASES), (definition, DEFINITION)):
            weights = {node[word]: rarity.get(word, 0.1) for word in found if word in node}
            for target, share in _shares(weights, total).items():
                row[target] = row.get(target, 0.0) + share
                uses[target][place] = share
        rows.append(_shares(row, 1.0))
    for word, lemmas in words.items():
        row = senses_of(wordnet, lemmas)
        if len(uses[node[word]]) <= MOST_DEFINITIONS:
            for place, share in _shares(uses[node[word]], DEFINED_WITH).items():
                row[place] = row.get(place, 0.0) + share
        rows.append(_shares(row, 1.0))
    return matrix(rows)


def _relations(wordnet: WordNet) -> list[dict[int, float]]:
    targets: list[defaultdict[tuple[str, float], list[int]]] = [defaultdict(list) for _ in wordnet.synsets]
    for place, synset in enumerate(wordnet.synsets):
        for pointer in synset.pointers:
            if pointer.symbol in RELATIONS:
                targets[place][RELATIONS[pointer.symbol]].append(pointer.target)
            if pointer.symbol == "\\":
                targets[pointer.target]["pertaining", PERTAINING].append(place)
    rows = []
    for relations in targets:
        row: defaultdict[int, float] = defaultdict(float)
        for (_, weight), found in relations.items():
            if len(found) <= MOST_TARGETS:
                for target in found:
                    row[target] += weight / len(found)
        rows.append(dict(row))
    return rows


def walks(steps: Matrix, starts: Sequence[int]) -> Matrix:
    """A row for each start: the share of time that the walk spends at each node, as a unit vector."""
    rows: list[Mapping[int, float]] = []
    width = len(steps.starts) - 1
    for start in starts:
        places, weights = np.array([start]), np.ones(1)
        time = np.zeros(width)
        for step in range(STEPS):
            reached = steps.times(places, weights, width)
            places = np.flatnonzero(reached >= FAINT)
            weights = reached[places]
            time[places] += weights * GOING_ON**step
        places = np.flatnonzero(time >= FAINT)
        row = time[places] / np.linalg.norm(time[places])
        rows.append(dict(zip(places.tolist(), row.tolist(), strict=True)))
    return matrix(rows)


def cosines(vectors: Matrix, width: int) -> Iterator[Weights]:
    """For each row of length 1, its cosines with all rows; 0 with itself."""
    rows = len(vectors.starts) - 1
    order = np.argsort(vectors.columns, kind="stable")
    counts = np.bincount(vectors.columns, minlength=width)
    by_place = Matrix(
        np.concatenate([[0], np.cumsum(counts)]),
        np.repeat(np.arange(rows), np.diff(vectors.starts))[order],
        vectors.values[order],
    )
    for row in range(rows):
        cells = slice(vectors.starts[row], vectors.starts[row + 1])
        strong = vectors.values[cells] >= FAINT_IN_COMPARISON
        found = by_place.times(vectors.columns[cells][strong], vectors.values[cells][strong], rows)
        found[row] = 0
        yield np.minimum(found, 1.0)


def _shares(weights: Mapping[int, float], total: float) -> dict[int, float]:
    whole = sum(weights.values())
    return {key: total * weight / whole for key, weight in weights.items()} if whole else {}


def _spaced(word: str) -> str:
    return word.replace("_", " ").replace("-", " ")
