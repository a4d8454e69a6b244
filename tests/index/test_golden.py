"""Entries change only with the version of the reader, so that an index is read again exactly where it must be."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from .golden import COMMAND, FILE, fault, golden

KEPT = json.loads(FILE.read_text("utf-8"))
VERSION = KEPT["reader version"]


def test_the_entries_are_those_of_the_golden_file() -> None:
    assert (told := fault(KEPT, golden())) is None, told


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries["page.html"]["sentences"].pop(),
        lambda entries: entries["page.html"]["facts"].update(title="Another (html metadata)"),
        lambda entries: entries["page.html"].update(hashes="0"),
        lambda entries: entries.pop("page.html"),
    ],
)
def test_another_entry_under_the_same_version_is_a_fault_that_says_what_to_do(
    change: Callable[[dict[str, Any]], object],
) -> None:
    made = copy.deepcopy(KEPT)
    change(made["entries"])
    for told in (fault(KEPT, made), fault(made, KEPT)):
        assert told == (
            f"The entries of page.html have changed, and READER_VERSION is {VERSION} still. "
            f"Raise it in index/reading/fingerprint.py, then write golden.json anew: {COMMAND}"
        )


def test_a_golden_file_of_another_version_is_a_fault_whatever_it_holds() -> None:
    raised = KEPT | {"reader version": VERSION + 1}
    assert fault(KEPT, raised) == (
        f"golden.json is of reader version {VERSION}, the reader of {VERSION + 1}. Write it anew: {COMMAND}"
    )
