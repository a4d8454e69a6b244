"""Article files: one JSON object a line, read as a text file with a sidecar; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.cleaning import built_in_rules
from index.errors import ArticleRejected, EvaluationInvalid
from index.evaluation.questions import lines_of
from index.models import Entry
from index.reading.entry_builder import Material, entry_of
from index.reading.sidecar import Sidecar

FORM = 'Each line is {"id", "text"}, optionally with "title" and "url".'


def entries_of(path: Path) -> tuple[Entry, ...]:
    """The entries of an article file; EvaluationInvalid if it is unreadable, empty, has bad lines or repeated ids."""
    entries: dict[str, Entry] = {}
    for number, made in lines_of(path):
        where = f"{path}, line {number}"
        if not all(isinstance(made.get(key), str) and made[key] for key in ("id", "text")):
            what = f"{where}: the id or the text is missing."
            raise EvaluationInvalid(what, FORM)
        if made["id"] in entries:
            what = f"{where}: the id {made['id']!r} is already used."
            raise EvaluationInvalid(what, "Give each article a different id.")
        try:
            material = Material(made["id"], "the text", made["text"].encode(), _stated(made))
            entries[made["id"]] = entry_of(material, built_in_rules())
        except ArticleRejected as error:
            what = f"{where}: {error.what}"
            raise EvaluationInvalid(what, error.remedy) from error
    if not entries:
        what = f"{path} contains no articles."
        raise EvaluationInvalid(what, FORM)
    return tuple(entries.values())


def _stated(made: Mapping[str, Any]) -> Sidecar:
    """The sidecar with the title and URL of a line; ArticleRejected where they are invalid."""
    try:
        return Sidecar(headline=made.get("title") or None, url=made.get("url") or None)
    except ValidationError as error:
        problem = error.errors()[0]
        name = {"headline": "title"}.get(str(problem["loc"][0]), str(problem["loc"][0]))
        what = f"{name}: {problem['msg'].removeprefix('Value error, ')}."
        raise ArticleRejected(what, "Correct it, or leave it out.") from error
