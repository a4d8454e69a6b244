"""Fixture: files are read without the sandbox, which tests/index/reading/test_sandbox.py tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.reading.extracted import Extracted
from index.reading.formats import Format
from index.reading.sandbox import SandboxedReader
from index.reading.sandbox_worker import extractor
from index.reading.sources import Anchors


def _extract(_: SandboxedReader, form: Format, data: bytes, file: str, anchors: Anchors = Anchors.NONE) -> Extracted:
    return extractor(form, anchors)(data, file)


@pytest.fixture(scope="module")
def in_this_process() -> Iterator[None]:
    """Extract texts in this process: a fork takes longer than the small files of most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SandboxedReader, "extract", _extract)
        yield
