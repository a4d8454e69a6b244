"""The ids that a site's generator gives the headings of a Markdown document.

GitHub and Docusaurus make them as github-slugger does (https://github.com/Flet/github-slugger), MkDocs as the `toc`
extension of Python-Markdown.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import regex
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from index.reading.markdown.inline_rules import ATTRIBUTES, NOTE
from index.reading.markdown.paragraphs import TRAILING_MARKS
from index.reading.markdown.site_tags import COMMENT_MARKS, GAP, SiteTags
from index.reading.sources import Anchors

EXPLICIT = regex.compile(r"\{(?::|/\*)?(?:[^{}\n]{0,300}?\s)??#(?P<id>[^\s{}]{1,300}+)[^{}\n]{0,300}+\}[ \t#]*+$")
"""An id that is written behind a heading: `{#id}`, `{: .class #id }`, `{/* #id */}`."""
MARKS_OF_MKDOCS = regex.compile(rf"{TRAILING_MARKS.pattern}|(?<!\s)\s*{ATTRIBUTES.pattern}\s*$")
NOT_IN_SLUG = regex.compile(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Nl}\p{Pc} -]")
DIRECTIVE = regex.compile(r"(?<!:):\p{L}(?:[\w-]{0,100}\w)?(?![\w:-])")
"""What Docusaurus takes for a directive, as in "docker:latest"."""
NUMBERED = regex.compile(r"(?P<slug>.*)_(?P<number>[0-9]+)")
PLAIN = MarkdownIt("commonmark").enable("strikethrough")


def add_heading_ids(state: StateCore, anchors: Anchors, tags: SiteTags) -> None:
    """Set the id of each heading; a heading without one counts, too, where ids are numbered."""
    headings = [(one, after.content) for one, after in pairwise(state.tokens) if one.type == "heading_open"]
    stated = [found["id"] if (found := EXPLICIT.search(tags.restore(text))) else "" for _, text in headings]
    next_id = _ids_of_toc(stated) if anchors is Anchors.MKDOCS else _ids_of_slugger()
    references = {"references": state.env.get("references", {})}
    for (heading, written), explicit in zip(headings, stated, strict=True):
        has_id = anchors is not Anchors.DOCUSAURUS or heading.tag != "h1"
        if explicit:
            made = explicit
        elif GAP.search(written):  # what the site fills in is not known
            continue
        else:
            marks = MARKS_OF_MKDOCS if anchors is Anchors.MKDOCS else TRAILING_MARKS
            source = marks.sub("", NOTE.sub("", COMMENT_MARKS.sub("", written)))
            inline = PLAIN.parseInline(source, references)[0].children or []
            made = next_id("".join(_words(inline, anchors)))
        if made and has_id:
            heading.attrSet("id", made)


def _words(inline: Iterable[Token], anchors: Anchors) -> Iterator[str]:
    """The plain text of a heading, as a generator takes it."""
    for token in inline:
        if token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.type == "text" and anchors is Anchors.DOCUSAURUS:
            yield DIRECTIVE.sub("", token.content)
        elif token.type in {"text", "code_inline"} or (token.type == "image" and anchors is Anchors.DOCUSAURUS):
            yield token.content


def _ids_of_slugger() -> Callable[[str], str]:
    counts: Counter[str] = Counter()

    def next_id(text: str) -> str:
        slug = made = NOT_IN_SLUG.sub("", text.lower()).replace(" ", "-")
        while made in counts:
            counts[slug] += 1
            made = f"{slug}-{counts[slug]}"
        counts[made] = 0
        return made

    return next_id


def _ids_of_toc(stated: Iterable[str]) -> Callable[[str], str]:
    taken, latest = {"", *stated}, dict[str, str]()

    def next_id(text: str) -> str:
        ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
        slug = regex.sub(r"[-\s]+", "-", regex.sub(r"[^\w\s-]", "", ascii_only).strip().lower())
        made = latest.get(slug, slug)
        while made in taken:
            found = NUMBERED.fullmatch(made)
            made = f"{found['slug']}_{int(found['number']) + 1}" if found else f"{made}_1"
        taken.add(made)
        latest[slug] = made
        return made

    return next_id
