"""Article files: a JSON object a line, read as if each were a text file with a sidecar; nothing is written to disk."""

from __future__ import annotations

import json
from pathlib import Path

from index.article import Entry
from index.cleaning import built_in_rules
from index.errors import ArticleRejected, EvaluationInvalid
from index.evaluation.questions import lines_of
from index.reading import read_entry

FORM = 'Each line is {"id", "text"}, with "title" and "url" where they are known.'


def entries_of(path: Path) -> tuple[Entry, ...]:
    """The entries of an article file.

    Raises:
        EvaluationInvalid: the file cannot be read, a line is no article, or two have one id.
    """
    entries: dict[str, Entry] = {}
    for number, made in lines_of(path):
        if not isinstance(made.get("id"), str) or not isinstance(made.get("text"), str) or not made["id"]:
            what = f"{path}, line {number}: there is no id, or no text."
            raise EvaluationInvalid(what, FORM)
        if made["id"] in entries:
            what = f"{path}, line {number}: a second article with the id {made['id']!r}."
            raise EvaluationInvalid(what, "Give each article an id of its own.")
        try:
            entries[made["id"]] = _entry(made["id"], made["text"], made.get("title"), made.get("url"))
        except (ArticleRejected, UnicodeEncodeError) as error:
            what = f"{path}, line {number}: {error}"
            raise EvaluationInvalid(what, FORM) from error
    if not entries:
        what = f"{path} holds no article."
        raise EvaluationInvalid(what, FORM)
    return tuple(entries.values())


def _entry(article: str, text: str, title: object, url: object) -> Entry:
    # A JSON string is a TOML string; a sidecar is how an admin states a title and a URL.
    stated = {"headline": title, "url": url}
    sidecar = "".join(f"{name} = {json.dumps(str(value))}\n" for name, value in stated.items() if value)
    entry = read_entry("article.txt", text.encode(), sidecar.encode() or None, built_in_rules())
    return Entry(
        article=entry.article.model_copy(update={"id": article}),
        exclusions=entry.exclusions,
        sentences=tuple(sentence.model_copy(update={"article": article}) for sentence in entry.sentences),
        lost=entry.lost,
    )
