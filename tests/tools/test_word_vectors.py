"""The vectors of words are made so that their sums come near to what an encoder makes of texts."""

from __future__ import annotations

import numpy as np

from tools import word_vectors
from tools.word_vectors import DIMENSIONS, _vocabulary


def test_the_sums_of_words_come_near_an_encoder_that_adds_words() -> None:
    chance = np.random.default_rng(0)
    words = [f"w{number}" for number in range(40)]
    meanings = chance.normal(size=(40, DIMENSIONS + 8)).astype(np.float32)
    chosen = [chance.choice(40, size=5, replace=False) for _ in range(600)]
    texts = [" ".join(words[word] for word in some) for some in chosen]
    encoded = np.stack([meanings[some].sum(axis=0) for some in chosen])
    vectors, cosine = word_vectors.word_vectors(texts, encoded, words, np.zeros_like(meanings))
    assert vectors.shape == (40, DIMENSIONS)
    assert cosine > 0.95
    wanted = meanings - meanings.mean(axis=0)
    alike, found = wanted @ wanted.T, vectors @ vectors.T
    assert np.corrcoef(alike.ravel(), found.ravel())[0, 1] > 0.95


def test_a_word_of_enough_texts_is_encoded_in_its_commonest_form() -> None:
    texts = ["Boats sail.", "Two boats", "A boat", "The sailing", "Sails"]
    assert list(_vocabulary([*texts, "Sail!"]).items()) == [("sail", "sail"), ("boat", "boats")]
