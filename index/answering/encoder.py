"""Sentence embeddings for the extra `semantic`: texts of like meaning have a cosine near 1.

The model runs on this machine in onnxruntime. onnxruntime 1.29 and later report to its maker unless told not to: the
extra pins an earlier version, and ORT_DISABLE_TELEMETRY is set before the import in case another one is installed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from index.errors import EncoderUnusable

MAX_TOKENS = 256
THREADS = 1
"""Of one text: several questions are answered at once."""
MAX_CACHED = 10_000
"""Sentences whose vectors are kept: about 20 MB."""
MODEL, TOKENIZER = ("onnx/model.onnx", "model.onnx"), "tokenizer.json"
QUIET = 3
"""onnxruntime's log level for errors."""
Vector = npt.NDArray[np.float32]


class Encoder:
    """A sentence-transformers model as ONNX, with a cache of the vectors of sentences of articles."""

    def __init__(self, name: str, session: Any, tokenizer: Any) -> None:  # noqa: ANN401  # types of the extra, which may be missing
        """`session` is an onnxruntime InferenceSession, `tokenizer` a Tokenizer of tokenizers; `open` makes both."""
        self.name = name
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = frozenset(one.name for one in session.get_inputs())
        self._vectors: LRUCache[str, Vector] = LRUCache(MAX_CACHED)
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The encoder in a folder: `onnx/model.onnx` or `model.onnx`, and `tokenizer.json`.

        EncoderUnusable where the folder lacks one of them, they do not load, or the extra is not installed.
        """
        model = next((path for name in MODEL if (path := folder / name).is_file()), None)
        if model is None or not (folder / TOKENIZER).is_file():
            problem = f"The folder {folder} holds no encoder: {MODEL[0]} or {MODEL[1]}, and {TOKENIZER}, are needed."
            raise EncoderUnusable(problem, "Set VERBATIM_ENCODER to a folder that has both, or leave it empty.")
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        try:
            import onnxruntime  # noqa: PLC0415  # the extra
            from tokenizers import Tokenizer  # noqa: PLC0415  # the extra
        except ImportError:
            problem, remedy = "VERBATIM_ENCODER is set, but its extra is not installed.", "Run `make semantic` first."
            raise EncoderUnusable(problem, remedy) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = THREADS
        options.log_severity_level = QUIET
        try:
            session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            tokenizer.no_padding()
            tokenizer.enable_truncation(MAX_TOKENS)
            made = cls(folder.resolve().name, session, tokenizer)
            if not np.isfinite(made.cosines("A question?", ["A sentence."])).all():
                raise ArithmeticError  # noqa: TRY301  # an error like those of the libraries
        except Exception as error:  # both libraries raise bare exceptions
            problem = f"The encoder in {folder} cannot be used ({type(error).__name__})."
            raise EncoderUnusable(problem, "Copy its model and its tokenizer.json again, whole.") from error
        return made

    def cosines(self, question: str, sentences: Sequence[str]) -> npt.NDArray[np.float64]:
        """The cosine of a question with each sentence. The question's vector is not kept, those of sentences are."""
        asked = self.vector(question)
        return np.array([float(self._cached(one) @ asked) for one in sentences])

    def _cached(self, sentence: str) -> Vector:
        with self._lock:
            known = self._vectors.get(sentence)
        if known is None:
            known = self.vector(sentence)
            with self._lock:
                self._vectors[sentence] = known
        return known

    def vector(self, text: str) -> Vector:
        """The mean of the vectors of its tokens, of length one.

        Each text by itself: a quantised model gives a text another vector beside other texts.
        """
        encodable = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is not
        ids = np.array([self._tokenizer.encode(encodable).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens: Vector = self._session.run(None, {name: given[name] for name in self._inputs})[0][0]
        mean: Vector = tokens.mean(0)
        return mean / np.linalg.norm(mean)
