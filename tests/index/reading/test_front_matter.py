"""Front matter of Markdown files: its facts, and what of it cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.cleaning import built_in_rules
from index.engine import Engine
from index.errors import ArticleRejected
from index.models import IndexedArticle, Origin
from index.reading import read_article
from index.reading.front_matter import read_front_matter

pytestmark = pytest.mark.usefixtures("in_this_process")

OPENED = "The dam was opened on Saturday."


def read(text: str) -> IndexedArticle:
    return read_article("a.md", text.encode(), None, built_in_rules())


def facts(entry: IndexedArticle) -> dict[str, str]:
    named = {name: getattr(entry.article, name) for name in ("title", "url", "author", "published")}
    return {name: fact.value for name, fact in named.items() if fact and fact.origin is Origin.FRONT_MATTER}


def quoted(entry: IndexedArticle) -> list[str]:
    return [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences]


STATED = {
    "title": "A dam: for the valley",
    "published": "2026-04-25",
    "author": "Ann Karlsson, Bo Ek",
    "url": "https://example.com/dam",
}


YAML = """---
title: 'A dam: for the valley'
date: 2026-04-25
author: [Ann Karlsson, Bo Ek]
canonical_url: https://example.com/dam
---
"""
TOML = """+++
title = "A dam: for the valley"
date = 2026-04-25
author = ["Ann Karlsson", "Bo Ek"]
url="https://example.com/dam"
[params]
title = "Not this"
+++
"""
JSON = """{
  "title": "A dam: for the valley", "date": "2026-04-25",
  "author": ["Ann Karlsson", "Bo Ek"],
  "url": "https://example.com/dam"
}
"""


@pytest.mark.parametrize("matter", [YAML, TOML, JSON])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_front_matter_states_facts(matter: str, line_end: str) -> None:
    entry = read(f"{matter}\n{OPENED}".replace("\n", line_end))
    assert facts(entry) == STATED
    assert quoted(entry) == [OPENED]
    assert entry.article.text == OPENED
    assert entry.warnings == ()


@pytest.mark.parametrize(
    ("matter", "stated", "unread"),
    [
        ("---\ntitle: A dam: good\ndate: 2026-04-25\n---\n", {"title": "A dam: good", "published": "2026-04-25"}, None),
        ("---\ntitle: A dam\ndescription: Now open: the dam # soon\n---\n", {"title": "A dam"}, None),
        ("---\ntitle: A dam\naliases: [\n\t'/dam',\n\t'/old',\n]\n---\n", {"title": "A dam"}, None),
        ("---\ntitle:\tA dam\ntags:\n\t- water\n---\n", {"title": "A dam"}, None),
        ("---\ntitle: {{ page.title }}\nauthor: Bo Ek\n---\n", {"author": "Bo Ek"}, "title"),
        ("---\ntitle: '{{ page.title }}'\nauthor: '{% author %}'\n---\n", {}, "title, author"),
        ("---\ntitle: {{ page.title }}\nheadline: A dam\n---\n", {"title": "A dam"}, "title"),
        ('---\ntitle: "A "good" dam"\nauthor: Bo Ek\n---\n', {"author": "Bo Ek"}, "title"),
        ("---\nauthor: Bo Ek\ntags: [water\nlayout: post\n---\n", {"author": "Bo Ek"}, "tags"),
        ("---\nauthor: Bo Ek\na: !!python/object:os.system {}\n---\n", {"author": "Bo Ek"}, "a"),
        ("---\n- a\n- b\n---\n", {}, "everything"),
        ("+++\ntitle = 'A dam'\ndate = tomorrow\n[a]\ntitle = 'No'\n+++\n", {"title": "A dam"}, "date"),
        ('{\n "title": "A dam",\n "date": soon\n}\n', {}, "everything"),
        ("---\ndate: last week\nauthor: 7\ntitle: ''\nurl: /dam/\n---\n", {}, "author, date"),
    ],
)  # fmt: skip
def test_a_field_of_front_matter_that_cannot_be_read_is_left_out_and_reported(
    matter: str, stated: dict[str, str], unread: str | None
) -> None:
    entry = read(f"{matter}\n{OPENED}")
    assert facts(entry) == stated
    assert quoted(entry) == [OPENED]
    said = f"Some of its front matter is not valid and was left out: {unread}. "
    assert [warning.startswith(said) for warning in entry.warnings] == ([True] if unread else [])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-05-01 10:00:00 +0200", "2024-05-01"),
        ("2024-05-01 00:30:00 +1300", "2024-05-01"),
        ("2024-05-01 10:00", "2024-05-01 10:00"),
        ("2024-05-01 10:00:00 UTC", "2024-05-01"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00"),
        ("'2024-05-01T10:00:00.123Z'", "2024-05-01T10:00:00.123Z"),
        ("2024-05-01T10:00:00+0200", "2024-05-01T10:00:00+0200"),
        ("2024/05/01", "2024-05-01"),
        ("May 1, 2024", "2024-05-01"),
        ("1 May 2024", "2024-05-01"),
        ("Wed, 01 May 2024 10:00:00 +0200", "2024-05-01"),
        ("01/05/2024", None),
        ("01.05.24", None),
        ("2024-13-01 10:00:00 +0200", None),
        ("May 2024", None),
    ],
)
def test_a_date_of_front_matter_is_read_in_its_usual_forms_and_never_guessed(written: str, day: str | None) -> None:
    entry = read(f"---\ndate: {written}\n---\n{OPENED}")
    assert facts(entry).get("published") == day
    assert bool(entry.warnings) is (day is None)


@pytest.mark.parametrize(
    "text", ['{{< figure src="a.png" >}}\n', "{: .lead }\n", "{% raw %}\n", '{"a": 1} was typed.\n', "{"]
)
def test_a_brace_at_the_beginning_of_a_text_is_no_front_matter(text: str) -> None:
    assert read_front_matter(text + OPENED, "a.md") == ({}, 0, ())


def test_front_matter_without_an_end_is_refused_by_name() -> None:
    with pytest.raises(ArticleRejected, match=r"The front matter of a\.md has no end"):
        read(f"---\ntitle: A dam\n\n{OPENED}")


def test_what_could_not_be_read_is_reported_and_kept_with_the_article(engine: Engine, seeds: Path) -> None:
    (seeds / "dam.md").write_text(f"---\ntitle: {{{{ page.title }}}}\n---\n{OPENED}")
    [warning] = engine.reindex().warnings
    assert (warning.file, warning.reason) == ("dam.md", " ".join(engine.entry("dam").warnings))
    assert engine.reindex().warnings == ()
