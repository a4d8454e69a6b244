"""Features of a candidate's meaning: how near it is to the question's in whatever words, as numbers without unit."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.analysis.question import Question
from index.analysis.word_vectors import Vectors, lengths, rows_of, rows_of_text, unit, vectors_at
from index.ranking.features import Column, RankingInput, kind_weights
from index.ranking.names import is_name

TITLE = 0.3
"""Weight of the title's vector in its sum with the sentence's; neither is normalised."""


def meaning_features(inputs: RankingInput) -> dict[str, Column]:
    """Cosines of the question with each candidate, with its title, too, and of its terms with the nearest words."""
    collection, question = inputs.collection, inputs.question
    chunks = inputs.evidence.chunks.tolist()
    rows = [collection.sentence_features(chunk).vector_rows for chunk in chunks]
    words = vectors_at(np.concatenate(rows))
    counts = np.array([len(found) for found in rows])
    starts = np.cumsum(counts) - counts
    sums = np.add.reduceat(words, starts) / np.sqrt(np.maximum(counts - 1, 1))[:, None]
    question_vector = unit(_vector(" ".join(question.words)))
    titled = sums + TITLE * np.array([_title(inputs, chunk) for chunk in chunks])
    # einsum and not @, whose threads wait for each other where cores are busy.
    plain, with_title = (np.einsum("cd,d->c", unit(vectors), question_vector) for vectors in (sums, titled))
    cosines = np.einsum("wd,td->tw", words, _terms(question)) / lengths(words)[:, 0]
    nearest = np.maximum.reduceat(cosines, starts, axis=1)
    return _term_coverage(inputs, nearest) | {
        "meaning": plain,
        "meaning-titled": with_title,
        "behind-meaning": plain.max() - plain,
        "behind-meaning-titled": with_title.max() - with_title,
    }


def _term_coverage(inputs: RankingInput, nearest: Column) -> dict[str, Column]:
    """How much of the question there is by the nearest words, and how near they are where the sentence has none.

    `nearest` has for each term and candidate the cosine with the nearest of the candidate's words, 0 at least.
    """
    evidence, held = inputs.evidence, inputs.evidence.in_sentence()
    weights = evidence.idf * kind_weights(inputs.question)
    lacking = weights[:, None] * (~held & ~_are_names(inputs.question)[:, None])
    lacked = lacking.sum(axis=0)
    return {
        "meaning-words": (weights @ np.maximum(held, nearest)) / weights.sum(),
        "meaning-lacking": np.where(lacked > 0, (lacking * nearest).sum(axis=0) / np.maximum(lacked, 1e-9), 1.0),
    }


def _are_names(question: Question) -> npt.NDArray[np.bool_]:
    """Which terms are names, for which no other word stands."""
    return np.array([is_name(term, question) for term in question.terms])


def _terms(question: Question) -> Vectors:
    """The vectors of the question's terms, each of length one; zero for a name and for an unknown word."""
    names = _are_names(question).tolist()
    rows = [rows_of(() if is_name else (term,))[-1] for term, is_name in zip(question.terms, names, strict=True)]
    return unit(vectors_at(np.array(rows)))


def _title(inputs: RankingInput, chunk: int) -> Vectors:
    title = inputs.collection.article_of(chunk).title
    return _vector(title.value if title else "")


@lru_cache(maxsize=512)
def _vector(text: str) -> Vectors:
    """The vector of a text: the sum of its words' vectors over the root of their number."""
    words = vectors_at(rows_of_text(text))
    total: Vectors = words.sum(axis=0) / np.sqrt(max(len(words) - 1, 1))
    return total
