"""Both kernels find the same chunks with the same scores, to the last bit, and miss none."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from index.bm25 import kernels
from index.bm25.kernels import numpy_kernel
from index.bm25.kernels.numba_kernel import WINDOW, _scratch
from index.bm25.postings import Mask, Postings

SIZE = 3 * WINDOW // 2
CHANCE = np.random.default_rng(11)


@cache
def large() -> tuple[Postings, npt.NDArray[np.float64]]:
    """Postings of many chunks, and the weight of each pair of frequency and length."""
    postings = postings_of(SIZE, 4000)
    frequencies, lengths = postings.pairs[:, 0], postings.pairs[:, 1]
    return postings, frequencies * 2.2 / (frequencies + 1.2 * (0.5 + 0.5 * lengths / 13))


def postings_of(size: int, vocabulary: int) -> Postings:
    lengths = np.maximum(1, CHANCE.normal(13, 6, size).astype(int))
    words = np.minimum(CHANCE.zipf(1.25, int(lengths.sum())), vocabulary)
    names = [f"w{number}" for number in range(vocabulary + 1)]
    return Postings.of([[names[word] for word in part.tolist()] for part in np.split(words, np.cumsum(lengths)[:-1])])


def by_hand(
    rows: list[int], idfs: list[float], n: int, allowed: Mask | None, floor: float
) -> tuple[list[int], list[float]]:
    postings, weights = large()
    scores = np.zeros(SIZE)
    for row, idf in zip(rows, idfs, strict=True):
        held = slice(postings.offsets[row], postings.offsets[row + 1])
        scores[postings.chunks[held]] += idf * weights[postings.codes[held]]
    there = np.flatnonzero((scores > 0) & (scores >= floor) & (True if allowed is None else allowed))
    best = there[np.lexsort((there, -np.round(scores[there], 9)))][:n]
    return best.tolist(), scores[best].tolist()


@pytest.mark.parametrize("terms", [1, 2, 4, 9, 40])
@pytest.mark.parametrize("n", [1, 10, 300])
@pytest.mark.parametrize("share", [None, 0.5, 0.001])
def test_the_best_are_found_without_looking_at_all(terms: int, n: int, share: float | None) -> None:
    chance = np.random.default_rng(terms * 1000 + n)
    postings, weights = large()
    counts = postings.counts()
    for trial in range(12):
        common = np.argsort(-counts)[:200]
        rows = chance.choice(common if trial % 3 == 0 else len(counts), terms, replace=False).tolist()
        idfs = np.log((SIZE + 1) / counts[rows]).tolist()
        allowed = None if share is None else chance.random(SIZE) < share
        floor = 0.0 if trial % 2 else float(max(idfs))
        one = numpy_kernel.best(postings, weights, rows, idfs, n, allowed, floor)
        other = kernels.load_numba_kernel()(postings, weights, rows, idfs, n, allowed, floor)
        assert one[0].tolist() == other[0].tolist()
        assert one[1].tolist() == other[1].tolist()
        chunks, scores = by_hand(rows, idfs, n, allowed, floor)
        np.testing.assert_allclose(one[1], scores, rtol=1e-9)
        # Sums of the same numbers in another order may change places.
        assert len({*chunks} ^ {*one[0].tolist()}) <= 2 * sum(abs(score - scores[-1]) < 1e-9 for score in scores)
    assert not _scratch().scores.any()


def test_equals_come_in_the_order_of_the_chunks() -> None:
    same = Postings.of([["a", "b"]] * 1000)
    for kernel in (numpy_kernel.best, kernels.load_numba_kernel()):
        chunks, scores = kernel(same, np.ones(len(same.pairs)), [0, 1], [1.0, 2.0], 10, None, 0.0)
        assert chunks.tolist() == list(range(10))
        assert scores.tolist() == [3.0] * 10


def test_many_pairs_of_frequency_and_length_take_wider_codes() -> None:
    corpus = [["a"] * (1 + number % 300) + ["b"] * (number // 300) for number in range(90_000)]
    wide = Postings.of(corpus[:70_000])
    assert wide.codes.dtype == np.uint32
    assert wide.nbytes <= 10 * len(wide.chunks)
    weights = np.linspace(1, 2, len(wide.pairs))
    one = numpy_kernel.best(wide, weights, [0, 1], [1.0, 0.5], 20, None, 0.0)
    other = kernels.load_numba_kernel()(wide, weights, [0, 1], [1.0, 0.5], 20, None, 0.0)
    assert one[0].tolist() == other[0].tolist()
    assert one[1].tolist() == other[1].tolist()


def test_a_small_collection_needs_no_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kernels.ENVIRONMENT_VARIABLE, raising=False)
    program = (
        "import sys; from index.bm25.scorer import Bm25; from index.bm25 import kernels;"
        "print(Bm25([['a'], ['b']]).search(['a'], 1)[0].tolist(), 'numba' in sys.modules, kernels.kernel_name())"
    )
    told = subprocess.run(  # noqa: S603  # this very Python
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["[0]", "False", "numba"]


def test_the_kernel_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernels.ENVIRONMENT_VARIABLE, "numpy")
    kernels.kernel_name.cache_clear()
    assert kernels.kernel_for(10**9) is numpy_kernel.best
    monkeypatch.delenv(kernels.ENVIRONMENT_VARIABLE)
    kernels.kernel_name.cache_clear()
    assert kernels.kernel_for(10**9) is kernels.load_numba_kernel()
