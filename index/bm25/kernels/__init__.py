"""The innermost loop: find the best chunks for some terms without looking at all of their postings.

Both kernels use MaxScore (Turtle & Flood, Information Processing & Management 31, 1995). Terms are taken by descending
idf. Once the remaining terms cannot lift a chunk with none of the earlier ones into the best n, they are added only to
the chunks that they can still lift. A chunk's score is always summed in the same order, whichever postings it is in, so
both kernels give the same numbers to the last bit, and chunks with the same words tie.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from index.bm25.kernels import numpy_kernel
from index.bm25.postings import Ids, Mask, Postings

Weights = npt.NDArray[np.float64]
Kernel = Callable[[Postings, Weights, list[int], list[float], int, Mask | None, float], tuple[Ids, Weights]]
"""Takes postings, the weight of each pair, the terms' rows and idf, n, True for each chunk to search (None for all),
and the score that a chunk must reach; returns the chunks and their scores, best first and ties by chunk number."""
ENVIRONMENT_VARIABLE = "VERBATIM_KERNELS"
NUMBA, NUMPY = "numba", "numpy"


NUMPY_UP_TO = 50_000
"""Postings up to which numpy is fast enough, and numba is not even imported."""


@cache
def kernel_name() -> str:
    """The kernel to use: numba's where it is installed, unless VERBATIM_KERNELS says numpy."""
    if os.environ.get(ENVIRONMENT_VARIABLE, "").lower() == NUMPY or importlib.util.find_spec("numba") is None:
        return NUMPY
    return NUMBA


def kernel_for(postings: int) -> Kernel:
    """The kernel for an index with this many postings, ready to use."""
    return numpy_kernel.best if postings <= NUMPY_UP_TO or kernel_name() == NUMPY else load_numba_kernel()


@cache
def load_numba_kernel() -> Kernel:
    """The compiled kernel, warmed up: takes some seconds the first time, less than one where it is cached."""
    from index.bm25.kernels import numba_kernel  # noqa: PLC0415  # numba is an extra, and slow to import

    tried = Postings.of([["a"]])
    kinds: tuple[Any, ...] = (np.uint16, np.uint32)
    for kind in kinds:
        codes, peaks = tried.codes.astype(kind), tried.peaks.astype(kind)
        for array in (codes, peaks):
            array.flags.writeable = False
        numba_kernel.best(tried._replace(codes=codes, peaks=peaks), np.ones(1), [0], [1.0], 1, None, 0.0)
    return numba_kernel.best
