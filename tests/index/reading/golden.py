"""The entries of a small file of every format and of the seeds, as read by the version in golden.json.

`python -m tests.index.reading.golden` rewrites golden.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.cleaning import built_in_rules
from index.collection.minhash import SIGNATURES
from index.collection.segment import Segment
from index.collection.sentence_hashes import HASHES
from index.models import IndexedArticle, Span
from index.reading import read_article
from index.reading.fingerprint import READER_VERSION
from index.reading.sources import Sources
from tests.index.documents import docx, paragraph, pdf

FILE = Path(__file__).with_name("golden.json")
SEEDS = Path(__file__).parents[3] / "seeds"
COMMAND = ".venv/bin/python -m tests.index.reading.golden"
FACTS = ("title", "url", "publisher", "author", "published", "language")
SOURCES = Sources(publishers={"example.org": "The Example"})
OPENING = "The dam was opened on Saturday by Gov. A. Karlsson, who said that the valley had waited for thirty years."
WATER = "It holds 40.5 million cubic metres of water, and its turbines will supply twelve thousand households."
FERRY = "The ferry across the lake, which had been laid up since the autumn, will run again from the first of May."
ASKED = "“Is it safe?” asked Bo Ek, a fisherman from Göteborg. “We knew nothing of it.”"
TEXT = f"""A dam for the valley
By Ann Karlsson
April 25, 2026

{OPENING} Advertisement {WATER}

The minister said that
READ ALSO: Ten Dams That Failed In Spring
the ferry returns in May. {ASKED}

Photo: J. Doe/Getty Images

She met the men who had built the dam in the valley of

Lomma and its neighbours. {FERRY}

They will speak about the

SOURCE: https://example.org/dam
"""
MARKDOWN = f"""---
title: 'A dam: for the valley'
date: 2026-04-25
author: [Ann Karlsson, Bo Ek]
---
# A dam for the valley

{OPENING} It *holds*[^1] `40` million ~~tons~~ metres.

- First, the roads were built.
- Then the *dam*.

| Year | Metres |
|------|--------|
| 2025 | 12     |

## What comes next

> {FERRY}

{ASKED}

[^1]: https://example.org/note
"""
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>A dam opens | The Example</title>
<meta property="og:site_name" content="The Example"><link rel="canonical" href="https://example.org/dam">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "A dam opens",
"datePublished": "2026-04-25T10:30:00Z", "author": {{"@type": "Person", "name": "Ann Karlsson"}}}}</script>
<style>.more {{ display: none }}</style></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
<article><h1>A dam opens</h1><p>{OPENING}<sup>2</sup> {WATER}</p><p class="more">Nobody sees this sentence.</p>
<figure><img src="x"><figcaption>The dam. Photo: J. Doe</figcaption></figure><h2>What comes next</h2>
<p>{FERRY}</p><ul><li>First, the roads were built.</li><li>Then the dam.</li></ul><p>{ASKED}</p></article>
<aside><h3>Related</h3><a href="/x">Ten dams that failed</a></aside><footer>© 2026 The Example.</footer></body></html>
"""
PRINTED = (
    ["The Example, 25 April", "A dam for the valley", "", "It was opened on Saturday. It holds forty million", "1"],
    ["The Example, 25 April", "cubic metres of water, said the governor of the pro-", "vince. The ferry returns.", "2"],
    ["The Example, 25 April", "Nobody was hurt when it was built.", "3"],
)
DOCUMENT = (
    paragraph("A dam for the valley", "Heading1"),
    paragraph(f"{OPENING} {WATER}"),
    paragraph("What comes next", "Heading2"),
    paragraph(FERRY),
    paragraph(ASKED),
)
SIDECAR = b'headline = "The dam of Lomma"\nurl = "https://example.org/lomma"\ndatePublished = 2026-04-26\n'


def files() -> dict[str, bytes]:
    """The files by name; `stated.txt` has a sidecar, and is in Windows-1252."""
    return {
        "plain.txt": TEXT.encode(),
        "stated.txt": TEXT.replace("\n", "\r\n").encode("cp1252"),
        "marked.md": MARKDOWN.encode(),
        "page.html": PAGE.encode(),
        "printed.pdf": pdf(*PRINTED),
        "document.docx": docx(*DOCUMENT),
        **{path.name: path.read_bytes() for path in sorted(SEEDS.glob("*.txt"))},
    }


def golden() -> dict[str, Any]:
    """The content of golden.json for the present reader."""
    rules = built_in_rules()
    entries = (
        read_article(name, data, SIDECAR if name == "stated.txt" else None, rules, SOURCES)
        for name, data in files().items()
    )
    return {"reader version": READER_VERSION, "entries": {entry.article.file: stated(entry) for entry in entries}}


def stated(entry: IndexedArticle) -> dict[str, Any]:
    """An entry with a line for each of its parts; without library versions and the hash of the file."""
    article = entry.article
    arrays = Segment.of([entry]).arrays
    hashes = b"".join(arrays[name].tobytes() for name in (HASHES, SIGNATURES))
    facts = {name: getattr(article, name) for name in FACTS}
    return {
        "encoding": article.encoding,
        "format": article.extraction.format if article.extraction else None,
        "text": article.text if article.extraction else article.utf8_sha256,
        "facts": {name: f"{fact.value} ({fact.origin})" for name, fact in facts.items() if fact},
        "exclusions": [f"{_place(cut.span)} {cut.kind} {cut.rule}" for cut in entry.exclusions],
        "sentences": [f"{_place(one.span)} {one.kind} {one.paragraph}" for one in entry.sentences],
        "lost": [_place(span) for span in entry.fragments],
        "hashes": hashlib.sha256(hashes).hexdigest(),
    }


def _place(span: Span) -> str:
    return f"{span.start}-{span.end}"


def fault(kept: Mapping[str, Any], made: Mapping[str, Any]) -> str | None:
    """The error where golden.json (`kept`) differs from `golden()` (`made`), with what to do; else None."""
    before, now = kept["reader version"], made["reader version"]
    if before != now:
        return f"golden.json is of reader version {before}, the reader of {now}. Write it anew: {COMMAND}"
    changed = sorted(_changed(kept["entries"], made["entries"]))
    if changed:
        return (
            f"The entries of {', '.join(changed)} have changed, and READER_VERSION is {now} still. "
            f"Raise it in index/reading/fingerprint.py, then write golden.json anew: {COMMAND}"
        )
    return None


def _changed(kept: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name))


def main() -> None:
    """Rewrite golden.json."""
    FILE.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
