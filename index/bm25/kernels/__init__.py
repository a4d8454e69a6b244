"""The innermost loop: the best chunks for some terms, found without looking at all of their postings.

Both kernels do the same. Terms are taken in the order of their idf, the rarest first. As soon as all that is left
cannot lift a chunk that holds none of the terms before into the best n, the rest is added only to those chunks that it
can still lift (MaxScore: Turtle & Flood, Information Processing & Management 31, 1995). A chunk's sum is always made in
the same order, whichever postings it stands in, so both kernels give the same numbers to the last bit, and chunks that
say the same are equals.
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
"""postings, the weight of each pair, the terms' rows and idf, n, True for each chunk that may be found (None: all may),
the score that a chunk must reach; gives the chunks and their scores, the best first and equals by chunk."""
SWITCH = "VERBATIM_KERNELS"
COMPILED, PLAIN = "numba", "numpy"


FEW = 50_000
"""Postings up to which numpy alone is quick enough, and numba is not even imported."""


@cache
def chosen() -> str:
    """Which kernel is used: numba's where it is installed, unless VERBATIM_KERNELS says numpy."""
    if os.environ.get(SWITCH, "").lower() == PLAIN or importlib.util.find_spec("numba") is None:
        return PLAIN
    return COMPILED


def kernel_for(postings: int) -> Kernel:
    """The kernel for an index of so many postings, ready to be used."""
    return numpy_kernel.best if postings <= FEW or chosen() == PLAIN else compiled_kernel()


@cache
def compiled_kernel() -> Kernel:
    """The compiled kernel, compiled; that takes some seconds once, and part of one where it is cached."""
    from index.bm25.kernels import numba_kernel  # noqa: PLC0415  # numba is an extra, and takes a while to import

    tried = Postings.of([["a"]])
    kinds: tuple[Any, ...] = (np.uint16, np.uint32)
    for kind in kinds:
        codes, peaks = tried.codes.astype(kind), tried.peaks.astype(kind)
        for array in (codes, peaks):
            array.flags.writeable = False
        numba_kernel.best(tried._replace(codes=codes, peaks=peaks), np.ones(1), [0], [1.0], 1, None, 0.0)
    return numba_kernel.best
