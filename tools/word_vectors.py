"""`python -m tools.word_vectors ENCODER TEXTS…`: make the vectors of words from an encoder's vectors of sentences.

ENCODER is a folder as VERBATIM_ENCODER names it, each of TEXTS a file with a sentence or a question a line. By ridge
regression (Hoerl and Kennard, 1970) the sum of the vectors of a text's words comes as near as a sum can to what the
encoder makes of the text; where a word is rare, its vector stays near what the encoder makes of the word alone. Takes
about 10 ms a text; reproducible.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from index.analysis.analyzer import WORD, normalise, stem
from index.analysis.word_vectors import stems_of
from index.answering.encoder import Encoder

Matrix = npt.NDArray[np.float32]
FOLDER = Path(__file__).parents[1] / "index" / "analysis" / "word_vectors"
DIMENSIONS = 256
FEWEST_TEXTS = 3
"""In how many texts a word stands at least to have a vector."""
ALONE = 0.5
"""How much of a word's own encoding its vector begins with."""
RIDGE = 0.3
"""How much a vector's distance from this beginning counts beside the error of one text."""
STEPS = 60
"""Steps of the conjugate gradients, which solve the regression."""
UNSEEN = 20
"""One text in so many is kept back to measure by."""
LONGEST = 99.99
"""Percentile of the numbers that the largest byte stands for."""


def main() -> None:
    """Encode, solve, measure and write."""
    parser = argparse.ArgumentParser(prog="python -m tools.word_vectors", description=__doc__)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    arguments = parser.parse_args()
    lines = (line.strip() for path in arguments.texts for line in path.read_text("utf-8").splitlines())
    texts = sorted({line for line in lines if line})
    encoder = Encoder.open(arguments.encoder)
    encoded = np.stack([encoder.vector(text) for text in texts])
    words = _vocabulary(texts)
    alone = np.stack([encoder.vector(form) for form in words.values()])
    vectors = word_vectors(texts, encoded, list(words), alone)
    table = (np.clip(vectors / np.percentile(np.abs(vectors), LONGEST), -1, 1) * np.iinfo(np.int8).max).round()
    sys.stdout.write(f"{len(texts):,} texts, {len(words):,} words\n")
    np.save(FOLDER / "vectors.npy", np.vstack([np.zeros(DIMENSIONS), table]).astype(np.int8))
    (FOLDER / "words.txt").write_text("".join(f"{word}\n" for word in ("", *words)), "utf-8")


def _vocabulary(texts: list[str]) -> dict[str, str]:
    """The stems of enough texts, commonest first, each with its commonest form."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        for form in {normalise(found.group()) for found in WORD.finditer(text)}:
            forms.setdefault(stem(form), Counter())[form] += 1
    enough = sorted((-found.total(), word) for word, found in forms.items() if found.total() >= FEWEST_TEXTS)
    return {word: forms[word].most_common(1)[0][0] for _, word in enough}


def word_vectors(texts: list[str], encoded: Matrix, words: list[str], alone: Matrix) -> Matrix:
    """The vectors of these words, of `DIMENSIONS` each, and on the output how near their sums come to the encoder.

    `encoded` has the encoder's vector of each text, `alone` that of each word by itself.
    """
    counts = _counts(texts, words)
    centred = encoded - encoded.mean(0)
    unseen = np.arange(len(texts)) % UNSEEN == 0
    begin = ALONE * (alone - alone.mean(0))
    vectors = begin + _solved(counts[~unseen], centred[~unseen] - counts[~unseen] @ begin)
    sums = counts[~unseen] @ vectors
    directions = np.linalg.eigh((sums.T @ sums).astype(np.float64))[1][:, ::-1][:, :DIMENSIONS].astype(np.float32)
    short: Matrix = vectors @ directions
    near = _cosines(counts[unseen] @ short, centred[unseen] @ directions, centred[unseen])
    sys.stdout.write(f"Mean cosine with the encoder, {int(unseen.sum()):,} texts kept back: {near.mean():.4f}\n")
    return short


def _counts(texts: list[str], words: list[str]) -> sparse.csr_array:
    """For each text and word, what the word's vector counts in the text's: 1 over the root of the text's words."""
    place = {word: column for column, word in enumerate(words)}
    found = [sorted({place[word] for word in stems_of(text) if word in place}) for text in texts]
    sizes = np.array([len(columns) for columns in found])
    shares = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return sparse.csr_array((shares, np.concatenate(found), ends), shape=(len(texts), len(words)))


def _solved(counts: sparse.csr_array, wanted: Matrix) -> Matrix:
    """What minimises the squared error of `counts @ x - wanted` and `RIDGE` times the squares of x, by columns."""
    square = (counts.T @ counts).tocsr()
    left: Matrix = counts.T @ wanted
    found: Matrix = np.zeros_like(left)
    way, size = left.copy(), (left * left).sum(0)
    for _ in range(STEPS):
        ahead = square @ way + RIDGE * way
        step = size / np.maximum((way * ahead).sum(0), np.finfo(np.float32).tiny)
        found += step * way
        left -= step * ahead
        before, size = size, (left * left).sum(0)
        way = left + (size / np.maximum(before, np.finfo(np.float32).tiny)) * way
    return found


def _cosines(sums: Matrix, wanted: Matrix, whole: Matrix) -> Matrix:
    """The cosines of sums with the texts' vectors, whose parts in the same directions are `wanted`."""
    lengths = np.linalg.norm(sums, axis=1) * np.linalg.norm(whole, axis=1)
    cosines: Matrix = (sums * wanted).sum(1) / np.maximum(lengths, np.finfo(np.float32).tiny)
    return cosines


if __name__ == "__main__":
    main()
