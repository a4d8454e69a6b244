"""Front matter of Markdown files: YAML between `---`, TOML between `+++`, or a JSON object at the beginning (Hugo)."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import regex
import yaml

from index.errors import ArticleRejected
from index.models import MetadataField, Origin
from index.reading.fields import clean_date, clean_language, clean_line, clean_url, day_in_words, join_names

FENCED = regex.compile(
    r"\A(?:---[ \t]*\r?\n(?P<yaml>.*?\r?\n)?(?:---|\.\.\.)|\+\+\+[ \t]*\r?\n(?P<toml>.*?\r?\n)?\+\+\+)"
    r"[ \t]*(?:\r?\n|\Z)",
    regex.DOTALL,
)
UNCLOSED = regex.compile(
    r"(?:---[ \t]*\r?\n[ \t]*[\w.-]{1,60}[ \t]*:(?:\s|$)|\+\+\+[ \t]*\r?\n[ \t]*[\w.-]{1,60}[ \t]*=)"
)
JSON = regex.compile(r'\{\s*"')
BROKEN_JSON = regex.compile(r'\{\s*".*?\n\}[ \t]*(?:\r?\n|\Z)', regex.DOTALL)
JSON_END = regex.compile(r"[ \t]*(?:\r?\n|\Z)")
MAX_BYTES = 64 * 1024
NAME = r"(?P<name>[\w.-]+)[ \t]*(?:=|:(?=\s|\Z))"
FIELD = regex.compile(rf"^{NAME}.*$(?:\n(?!{NAME}).*)*+", regex.MULTILINE)
"""A name at the beginning of a line, its value, and the lines up to the next name."""
TABLE = regex.compile(r"^\[", regex.MULTILINE)
EVERYTHING = "everything"
PLAIN_VALUE = regex.compile(r"[\w.-]+[ \t]*:[ \t]+(?P<value>[\p{L}\p{N}(¿¡].*)")
"""A value that is meant as plain text, though YAML reads its colon as another name."""
TEMPLATE = regex.compile(r"\{\{|\{%|<%")
"""Marks of a template engine, which has not filled in the value."""
NAMES = {
    "title": ("title", "headline"),
    "url": ("url", "canonical_url", "canonicalurl", "canonical", "source_url", "source"),
    "publisher": ("publisher", "site", "site_name", "publication"),
    "author": ("author", "authors", "byline", "creator"),
    "published": ("published", "datepublished", "date_published", "pubdate", "publishdate", "date"),
    "language": ("language", "lang", "inlanguage", "locale"),
}
"""Front matter names of each metadata field, most reliable first.

`link` is missing because it may lead anywhere, `original` because its wording may differ."""
REMEDY = "Correct it, or state the facts in a sidecar."


class FrontMatter(NamedTuple):
    """The metadata fields in front matter, where the text begins, and what could not be read."""

    facts: Mapping[str, MetadataField]
    end: int
    warnings: tuple[str, ...]


class _Yaml(yaml.SafeLoader):
    """Plain values only, without `<<` merges: a few lines of them can exhaust any memory."""


_Yaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:merge"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Parse = Callable[[str], Any]


def read_front_matter(source: str, file: str) -> FrontMatter:
    """Read the front matter of a text, if it has any; a field that cannot be read is left out, with a warning.

    Raises ArticleRejected if the front matter has no end.
    """
    start = source[:MAX_BYTES]
    fenced = FENCED.match(start)
    if fenced is None and UNCLOSED.match(start):
        problem = f"The front matter of {file} has no end, or more than {MAX_BYTES:,} characters."
        raise ArticleRejected(problem, "End it with a line like its first, and keep only metadata in it.")
    if fenced is None:
        stated, unread, end = _json(start)
    elif fenced["toml"]:
        stated, unread = _fields(fenced["toml"], tomllib.loads)
    else:
        stated, unread = _fields(fenced["yaml"] or "", _yaml)
    facts, unreliable = _facts(stated)
    fields = ", ".join(dict.fromkeys([*unread, *unreliable]))
    warning = f"Some of its front matter is not valid and was left out: {fields}. {REMEDY}"
    return FrontMatter(facts, fenced.end() if fenced else end, (warning,) if fields else ())


def _yaml(matter: str) -> Any:  # noqa: ANN401  # any value of YAML
    return yaml.load(matter, _Yaml)  # noqa: S506  # a restricted SafeLoader


def _json(start: str) -> tuple[dict[str, Any], list[str], int]:
    """Parse a JSON object at the beginning; also return what could not be read, and where the text goes on."""
    if not JSON.match(start):
        return {}, [], 0
    try:
        stated, end = json.JSONDecoder(strict=False).raw_decode(start)
    except (ValueError, RecursionError):
        broken = BROKEN_JSON.match(start)
        return ({}, [EVERYTHING], broken.end()) if broken else ({}, [], 0)
    ended = JSON_END.match(start, end)
    return (_lower(stated), [], ended.end()) if ended else ({}, [], 0)


def _fields(matter: str, parse: Parse) -> tuple[dict[str, Any], list[str]]:
    """Parse front matter, field by field if it is invalid as a whole; also return what could not be read."""
    whole = _parsed(matter, parse)
    if isinstance(whole, dict):
        return _lower(whole), []
    stated: dict[str, Any] = {}
    unread: list[str] = []
    top = matter if parse is _yaml else TABLE.split(matter, 1)[0]
    for field in FIELD.finditer(top.replace("\r\n", "\n")):
        held = _parsed(field[0].expandtabs(), parse)
        plain = PLAIN_VALUE.fullmatch(field[0].rstrip())
        if isinstance(held, dict):
            stated |= _lower(held)
        elif plain and parse is _yaml:
            stated[field["name"].lower()] = plain["value"].partition(" #")[0]
        else:
            unread.append(field["name"])
    return stated, unread if stated or unread or not matter.strip() else [EVERYTHING]


def _parsed(matter: str, parse: Parse) -> Any:  # noqa: ANN401  # any value of YAML or TOML
    """Return what front matter states, None if it is invalid."""
    try:
        return parse(matter)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # both parsers raise arbitrary errors on values of a wrong type
        return None


def _lower(stated: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name).strip().lower(): value for name, value in stated.items()}


def _facts(stated: Mapping[str, Any]) -> tuple[dict[str, MetadataField], list[str]]:
    """Return the metadata fields in it; also the names of those with an unreliable value.

    An unreliable URL is not reported: `url` is often a path within the site, and `source` a name.
    """
    found: dict[str, MetadataField] = {}
    unreliable: list[str] = []
    for name, written in NAMES.items():
        values = {each: _value(name, stated[each]) for each in written if stated.get(each)}
        if value := next(filter(None, values.values()), None):
            found[name] = MetadataField(value=value, origin=Origin.FRONT_MATTER)
        elif name != "url":
            unreliable += values
    return found, unreliable


def _value(name: str, written: Any) -> str | None:  # noqa: ANN401  # any value of YAML, TOML or JSON
    if name == "published":
        return written.isoformat() if isinstance(written, datetime.date) else _day(written)
    if name == "author" and isinstance(written, list):
        return join_names(filter(None, map(_named, written)))
    if name == "language":
        return clean_language(written)
    return clean_url(_named(written)) if name == "url" else _named(written)


def _day(written: object) -> str | None:
    return clean_date(written) or (day_in_words(written.strip()) if isinstance(written, str) else None)


def _named(written: Any) -> str | None:  # noqa: ANN401  # any value of YAML, TOML or JSON
    line = clean_line(written.get("name") if isinstance(written, dict) else written)
    return None if line is None or TEMPLATE.search(line) else line
