"""Article files: one JSON object a line, read as a text file with a sidecar; nothing is written to disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.analysis.language_detection import detect_language
from index.cleaning import built_in_rules
from index.errors import ArticleRejected, EvaluationInvalid
from index.evaluation.questions import read_json_lines
from index.models import IndexedArticle
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.language import language_of_article
from index.reading.sidecar import Sidecar

FORMAT_HELP = 'Each line is {"id", "text"}, optionally with "title", "url" and "language".'


def read_article_file(path: Path) -> tuple[IndexedArticle, ...]:
    """The entries of an article file; EvaluationInvalid if it is unreadable, empty, has bad lines or repeated ids."""
    entries: dict[str, IndexedArticle] = {}
    for number, made in read_json_lines(path):
        where = f"{path}, line {number}"
        if not all(isinstance(made.get(key), str) and made[key] for key in ("id", "text")):
            problem = f"{where}: the id or the text is missing."
            raise EvaluationInvalid(problem, FORMAT_HELP)
        if made["id"] in entries:
            problem = f"{where}: the id {made['id']!r} is already used."
            raise EvaluationInvalid(problem, "Give each article a different id.")
        try:
            material = ReaderInput(made["id"], "the text", made["text"].encode(), _sidecar_of(made))
            entry = build_entry(material, built_in_rules())
            language = language_of_article(entry.article.text, material.sidecar, None, None, detect_language)
            article = entry.article.model_copy(update={"language": language})
            entries[made["id"]] = entry.model_copy(update={"article": article})
        except ArticleRejected as error:
            problem = f"{where}: {error.what}"
            raise EvaluationInvalid(problem, error.remedy) from error
    if not entries:
        problem = f"{path} contains no articles."
        raise EvaluationInvalid(problem, FORMAT_HELP)
    return tuple(entries.values())


def _sidecar_of(made: Mapping[str, Any]) -> Sidecar:
    """The sidecar with the title, the URL and the language of a line; ArticleRejected where they are invalid."""
    try:
        language = made.get("language") or None
        return Sidecar(headline=made.get("title") or None, url=made.get("url") or None, inLanguage=language)
    except ValidationError as error:
        problem = error.errors()[0]
        name = {"headline": "title", "inLanguage": "language"}.get(str(problem["loc"][0]), str(problem["loc"][0]))
        what = f"{name}: {problem['msg'].removeprefix('Value error, ')}."
        raise ArticleRejected(what, "Correct it, or leave it out.") from error
