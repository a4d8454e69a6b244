"""`python -m tools.word_vectors ENCODER TEXTS…`: make the vectors of words from an encoder's vectors of sentences.

ENCODER is a folder as VERBATIM_ENCODER names it, each of TEXTS a file with a sentence or a question a line. By ridge
regression (Hoerl and Kennard, 1970) the sum of the vectors of a text's words comes as near as a sum can to what the
encoder makes of the text; where a word is rare, its vector stays near what the encoder makes of the word alone. Takes
about 10 ms a text; two runs on one machine give the same.
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
MIN_TEXTS = 3
"""In how many texts a word stands at least to have a vector."""
PRIOR_SHARE = 0.5
"""How much of a word's own encoding its vector begins with."""
RIDGE = 0.3
"""How much a vector's distance from this beginning counts beside the error of one text."""
STEPS = 60
"""Steps of the conjugate gradients, which solve the regression."""
HELD_OUT_EVERY = 20
"""One text in so many is kept back to measure by."""
CLIP_PERCENTILE = 99.99
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
    vectors, cosine = word_vectors(texts, encoded, list(words), alone)
    table = (np.clip(vectors / np.percentile(np.abs(vectors), CLIP_PERCENTILE), -1, 1) * np.iinfo(np.int8).max).round()
    sys.stdout.write(f"{len(texts):,} texts, {len(words):,} words; mean cosine on texts kept back: {cosine:.4f}\n")
    np.save(FOLDER / "vectors.npy", np.vstack([np.zeros(DIMENSIONS), table]).astype(np.int8))
    (FOLDER / "words.txt").write_text("".join(f"{word}\n" for word in ("", *words)), "utf-8")


def _vocabulary(texts: list[str]) -> dict[str, str]:
    """The stems of enough texts, commonest first, each with its commonest form."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        for form in {normalise(found.group()) for found in WORD.finditer(text)}:
            forms.setdefault(stem(form), Counter())[form] += 1
    enough = sorted((-found.total(), word) for word, found in forms.items() if found.total() >= MIN_TEXTS)
    return {word: forms[word].most_common(1)[0][0] for _, word in enough}


def word_vectors(texts: list[str], encoded: Matrix, words: list[str], alone: Matrix) -> tuple[Matrix, float]:
    """The vectors of these words, of `DIMENSIONS` each, and the mean cosine of their sums with texts kept back.

    `encoded` has the encoder's vector of each text, `alone` that of each word by itself.
    """
    weights = _word_weights(texts, words)
    centred = encoded - encoded.mean(0)
    held_out = np.arange(len(texts)) % HELD_OUT_EVERY == 0
    prior = PRIOR_SHARE * (alone - alone.mean(0))
    vectors = prior + _ridge_solution(weights[~held_out], centred[~held_out] - weights[~held_out] @ prior)
    sums = weights[~held_out] @ vectors
    directions = np.linalg.eigh((sums.T @ sums).astype(np.float64))[1][:, ::-1][:, :DIMENSIONS].astype(np.float32)
    projected: Matrix = vectors @ directions
    cosines = _cosines(weights[held_out] @ projected, centred[held_out] @ directions, centred[held_out])
    return projected, float(cosines.mean())


def _word_weights(texts: list[str], words: list[str]) -> sparse.csr_array:
    """For each text and word, the weight of the word's vector in the text's: 1 over the root of the text's words."""
    columns = {word: column for column, word in enumerate(words)}
    found = [sorted({columns[word] for word in stems_of(text) if word in columns}) for text in texts]
    sizes = np.array([len(inside) for inside in found])
    shares = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return sparse.csr_array((shares, np.concatenate(found), ends), shape=(len(texts), len(words)))


def _ridge_solution(weights: sparse.csr_array, wanted: Matrix) -> Matrix:
    """What minimises the squared error of `weights @ x - wanted` and `RIDGE` times the squares of x, by columns."""
    gram = (weights.T @ weights).tocsr()
    residual: Matrix = weights.T @ wanted
    found: Matrix = np.zeros_like(residual)
    direction, squared_norm = residual.copy(), (residual * residual).sum(0)
    for _ in range(STEPS):
        product = gram @ direction + RIDGE * direction
        step = squared_norm / np.maximum((direction * product).sum(0), np.finfo(np.float32).tiny)
        found += step * direction
        residual -= step * product
        before, squared_norm = squared_norm, (residual * residual).sum(0)
        direction = residual + (squared_norm / np.maximum(before, np.finfo(np.float32).tiny)) * direction
    return found


def _cosines(sums: Matrix, wanted: Matrix, whole: Matrix) -> Matrix:
    """The cosines of sums with the texts' vectors, whose parts in the same directions are `wanted`."""
    lengths = np.linalg.norm(sums, axis=1) * np.linalg.norm(whole, axis=1)
    cosines: Matrix = (sums * wanted).sum(1) / np.maximum(lengths, np.finfo(np.float32).tiny)
    return cosines


if __name__ == "__main__":
    main()
