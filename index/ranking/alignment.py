"""A learned alignment: how near each word of a question is to the nearest word of a sentence or of its title.

Two projections of the word vectors, one for questions and one for articles, are learned so that the words of answers
come near the words that ask for them: *pounds* near *much*, *because* near *why*. How much each word of the question
counts is learned, too. `python -m tools.training` makes alignment.npz.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from index.analysis.word_vectors import Rows, Vectors, rows_of_text, unit, vectors_at
from index.ranking.features import Column, RankingInput

DIMENSIONS = 64
TITLE_WORD, TITLE_SUM = 0.7, 0.25
"""Weights of a title's words beside the sentence's: in the alignment, and in the sums."""
BLOCK = 16
"""Vectors that are projected at once: so few that BLAS takes one thread. Several wait for each other on busy cores."""
Places = npt.NDArray[np.intp]
NAMES = ("aligned", "aligned-titled", "aligned-least", "aligned-sum", "behind-aligned", "behind-alignment")
"""The features."""


class AlignmentModel(NamedTuple):
    """What is learned."""

    question: Vectors
    """The projection of a question's words, of shape (64, 256)."""
    article: Vectors
    """That of the words of articles, likewise."""
    importance: Vectors
    """Of shape (256,). By its product with a word's vector and softmax over the question, how much the word counts."""
    weights: Vectors
    """In the score, of shape (2,): of the alignment, and of the cosine of the sums."""

    @classmethod
    def load(cls) -> Self:
        """The model of alignment.npz."""
        with (
            resources.as_file(resources.files("index.ranking") / "alignment.npz") as path,
            np.load(path, allow_pickle=False) as arrays,
        ):
            return cls(*(arrays[name].astype(np.float32) for name in cls._fields))


class Words(NamedTuple):
    """The q words of a question and the n words of its c candidates, as rows of the table of word vectors."""

    question: Rows
    """Of shape (q,)."""
    rows: Rows
    """Of the candidates' words, each once: of shape (r,)."""
    words: Places
    """The words of each candidate and of its title, one candidate after the other, as places in `rows`: (n,)."""
    starts: Places
    """Where each candidate begins in `words`: (c,)."""
    in_title: npt.NDArray[np.bool_]
    """Which of `words` are the title's: (n,)."""

    @classmethod
    def of(cls, inputs: RankingInput) -> Self:
        """The words of these candidates."""
        collection, chunks = inputs.collection, inputs.evidence.chunks.tolist()
        pieces: list[Rows] = []
        for chunk in chunks:
            title = collection.article_of(chunk).title
            pieces += [collection.sentence_features(chunk).vector_rows, rows_of_text(title.value if title else "")]
        sizes = np.array([len(piece) for piece in pieces])
        rows, words = np.unique(np.concatenate(pieces), return_inverse=True)
        starts = (np.cumsum(sizes) - sizes)[::2]
        in_title = np.repeat(np.arange(len(pieces)) % 2 == 1, sizes)
        return cls(rows_of_text(" ".join(inputs.question.words))[1:], rows, words, starts, in_title)

    def sizes(self) -> Places:
        """How many of `words` each candidate has, (c,)."""
        return np.diff(np.append(self.starts, len(self.words)))

    def factors(self) -> Vectors:
        """What each word's similarities are multiplied by, (n,)."""
        return np.where(self.in_title, np.float32(TITLE_WORD), np.float32(1))

    def sum_weights(self) -> Vectors:
        """What each word counts in its candidate's sum, (n,): by itself, a longer text is no farther off."""
        weights = np.zeros(len(self.words), np.float32)
        for inside, weight in ((~self.in_title, 1.0), (self.in_title, TITLE_SUM)):
            counts = np.add.reduceat(inside.astype(np.float32), self.starts) - 1  # without the zero row
            weights += inside * weight * np.repeat(1 / np.sqrt(np.maximum(counts, 1)), self.sizes())
        return weights


class Alignment(NamedTuple):
    """How candidates align with a question; q, n and c as in `Words`."""

    importance: Vectors
    """Of each word of the question, (q,); their sum is 1."""
    similarities: Vectors
    """Of each word of the question with each of the candidates' words, (q, n): cosines; a title's weigh less."""
    nearest: Vectors
    """Of each word of the question with each candidate, its title included, (q, c): the largest, 0 at least."""
    cosines: Vectors
    """Of the question's sum of projected vectors with each candidate's, (c,)."""
    scores: Vectors
    """Of the candidates, (c,)."""


def align(model: AlignmentModel, words: Words, asked: Vectors, vectors: Vectors) -> Alignment:
    """Align the words, of the question at least one.

    `asked`, of shape (q, 256), and `vectors`, (r, 256), are those of the rows `words.question` and `words.rows`.
    """
    projected, of_question = project(vectors, model.article), project(asked, model.question)
    products = asked @ model.importance
    importance = np.exp(products - products.max())
    importance /= importance.sum()
    similarities = (unit(of_question) @ unit(projected).T)[:, words.words] * words.factors()
    nearest = np.maximum.reduceat(similarities, words.starts, axis=1)
    sums = np.add.reduceat(words.sum_weights()[:, None] * projected[words.words], words.starts)
    cosines = unit(sums) @ unit(of_question.sum(axis=0))
    scores = model.weights[0] * (importance @ nearest) + model.weights[1] * cosines
    return Alignment(importance, similarities, nearest, cosines, scores)


def project(vectors: Vectors, projection: Vectors) -> Vectors:
    """Vectors of shape (m, 256) in the projection's dimensions, (m, 64)."""
    blocks = np.pad(vectors, ((0, -len(vectors) % BLOCK), (0, 0))).reshape(-1, BLOCK, vectors.shape[1])
    projected: Vectors = (blocks @ projection.T).reshape(-1, len(projection))[: len(vectors)]
    return projected


def alignment_features(inputs: RankingInput, model: AlignmentModel | None = None) -> dict[str, Column]:
    """How each candidate's words align with the question's: one number a candidate, without unit."""
    words = Words.of(inputs)
    if not len(words.question):
        return dict.fromkeys(NAMES, np.zeros(len(inputs.evidence.chunks)))
    vectors, asked = vectors_at(words.rows), vectors_at(words.question)
    found = align(alignment_model() if model is None else model, words, asked, vectors)
    in_sentence = np.where(words.in_title, np.float32(0), found.similarities)
    here = np.maximum.reduceat(in_sentence, words.starts, axis=1)
    aligned = found.importance @ here
    columns = (
        aligned,
        found.importance @ found.nearest,
        here.min(axis=0),
        found.cosines,
        aligned.max() - aligned,
        found.scores.max() - found.scores,
    )
    return {name: column.astype(np.float64) for name, column in zip(NAMES, columns, strict=True)}


@cache
def alignment_model() -> AlignmentModel:
    """The model of alignment.npz."""
    return AlignmentModel.load()
