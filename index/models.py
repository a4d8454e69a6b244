"""The nouns: what an article is, what is found in it and what is shown of it. All frozen."""

from __future__ import annotations

import datetime
import hashlib
from enum import StrEnum
from typing import Annotated, NamedTuple, Self
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

JOINT = " […] "
MAX_URL = 2000
POSSIBLE_AT_MOST = 3
"""Quotations that may answer a question, shown at once."""
# White space, control and format characters (bidi marks, zero width), and what RFC 3986 keeps out of every URL.
NOT_IN_A_URL = regex.compile(r"[\s\p{C}<>\"\\^`{|}]")

BROKEN_WORD = regex.compile(r"\p{L}[-\u2010\u00ad]\s*\n\s*\p{L}")


DATE = regex.compile(r"[0-9W-]+(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:.]+)?)?")


class Noun(BaseModel):
    """The base of every noun: frozen, and strict about fields that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(NamedTuple):
    """[start, end) in `str` offsets of an article's text."""

    start: int
    end: int


class Origin(StrEnum):
    """Where a fact of record was read from, in order of precedence."""

    SIDECAR = "sidecar"
    FRONT_MATTER = "front matter"
    SOURCES = "sources file"
    TRAILER = "trailer"
    HTML_METADATA = "html metadata"
    TEXT = "text"


class Fact(Noun):
    """A fact of record about an article and the place it was read from."""

    value: Annotated[str, Field(min_length=1, max_length=MAX_URL)]
    origin: Origin


def checked_url(url: str) -> str:
    """The same URL, or ValueError with the reason why it is not one that can be cited: http(s), a host, no user."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        message = "a source URL must start with http:// or https:// and have a host"
        raise ValueError(message)
    if parts.username is not None or parts.password is not None:
        message = "a source URL must not contain a user name or password"
        raise ValueError(message)
    if len(url) > MAX_URL or NOT_IN_A_URL.search(url):
        message = (
            f"a source URL must have at most {MAX_URL} characters, and no white space, control characters or brackets"
        )
        raise ValueError(message)
    return url


def checked_date(day: str) -> str:
    """The same date, or ValueError where it is not an ISO 8601 date or date and time."""
    if not DATE.fullmatch(day):  # any sign may stand between day and hour as Python reads it
        message = "a date must look like 2026-04-25 or 2026-04-25T10:30:00Z"
        raise ValueError(message)
    datetime.datetime.fromisoformat(day)
    return day


def _checked(fact: Fact | None, value: str | None) -> Fact | None:
    return fact if fact is None or value is not None else None


UrlFact = Annotated[Fact, AfterValidator(lambda fact: _checked(fact, checked_url(fact.value)))]
DateFact = Annotated[Fact, AfterValidator(lambda fact: _checked(fact, checked_date(fact.value)))]


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Extraction(Noun):
    """How the text of an article was taken out of a file that is not plain text."""

    format: str
    """What the file is, such as `html`."""
    by: str
    """The libraries that read it, with their versions."""
    sha256: Sha256
    """Of the snapshot: the text in UTF-8, kept in the data folder."""


class Article(Noun):
    """One file of the collection: its text as decoded or extracted, untouched, and its facts of record.

    A fact that no source gives is None: "not recorded", never guessed.
    """

    id: Annotated[str, Field(min_length=1)]
    file: str
    encoding: str
    """The codec that gives the bytes of the file, or of the snapshot, back: `text.encode(encoding)`."""
    sha256: Sha256
    """Of the file's bytes."""
    extraction: Extraction | None = None
    """Where the text is not the file itself: how it was taken out of it."""
    text: str
    title: Fact | None = None
    url: UrlFact | None = None
    publisher: Fact | None = None
    author: Fact | None = None
    published: DateFact | None = None

    @property
    def text_sha256(self) -> str:
        """Of the bytes that `text` stands for: the file's, or the snapshot's."""
        return self.extraction.sha256 if self.extraction else self.sha256

    @property
    def utf8_sha256(self) -> str:
        """Of the text in UTF-8: the same for files that say the same in other bytes."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def label(self) -> str:
        """What the article is called where it must be named: its title, or its id where none is recorded."""
        return self.title.value if self.title else self.id


class Exclusion(Noun):
    """A span that is not the article (an advertisement, a promo, a byline), and the rule that says so."""

    span: Span
    kind: str
    rule: str


class Kind(StrEnum):
    """What a sentence is in its article. Only body sentences are evidence."""

    HEADLINE = "headline"
    BODY = "body"
    CAPTION = "caption"


class Sentence(Noun):
    """The chunk of the index: one sentence of one article, quotable as it stands."""

    article: str
    span: Span
    paragraph: int
    kind: Kind = Kind.BODY


class Entry(Noun):
    """All that the index holds of one file."""

    article: Article
    exclusions: tuple[Exclusion, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    lost: tuple[Span, ...] = ()
    """Pieces of sentences that something excluded cuts through: never quotable, listed so that an admin sees them."""

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences that are evidence: the chunks of the index."""
        return tuple(sentence for sentence in self.sentences if sentence.kind is Kind.BODY)


class Passage(Noun):
    """A sentence that was found, its BM25 score, and the words of it that the question asked for."""

    article: Article
    sentence: Sentence
    chunk: int
    score: float
    matched: tuple[str, ...] = ()


class Source(Noun):
    """Spans of an article, in order: where a quotation stands. It holds no text of its own."""

    article: Article
    spans: Annotated[tuple[Span, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        previous = 0
        for start, end in self.spans:
            if not previous <= start < end <= len(self.article.text):
                message = f"span {start}–{end} is empty, out of order or outside the article {self.article.id}"
                raise ValueError(message)
            previous = end
        return self

    @property
    def pieces(self) -> tuple[str, ...]:
        """The spans' slices, runs of white space folded to one space."""
        return tuple(fold(self.article.text[start:end]) for start, end in self.spans)

    @property
    def text(self) -> str:
        """The pieces, joined by ` […] `."""
        return JOINT.join(self.pieces)


class Quote(Source):
    """What is shown: spans of one article, and where else exactly the same words stand."""

    score: float
    matched: tuple[str, ...] = ()
    also: tuple[Source, ...] = ()
    """In other articles, each once."""
    further_sources: Annotated[int, Field(ge=0)] = 0
    """How many more articles say the same that are not among those."""

    @model_validator(mode="after")
    def _says_the_same_everywhere(self) -> Self:
        if not self.also:
            return self
        pieces, seen = self.pieces, {self.article.id}
        for source in self.also:
            if source.article.id in seen:
                message = f"the article {source.article.id} is named twice as a source of one quotation"
                raise ValueError(message)
            if source.pieces != pieces:
                message = f"the article {source.article.id} does not say the same as {self.article.id}"
                raise ValueError(message)
            seen.add(source.article.id)
        return self

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every place that is named: its own first, then the others."""
        return (Source(article=self.article, spans=self.spans), *self.also)

    def at(self, *spans: Span) -> Quote:
        """Other spans of the same article, of which it is not known who else says the same."""
        return Quote(article=self.article, spans=spans, score=self.score, matched=self.matched)

    @property
    def keeps_hyphens(self) -> bool:
        """Whether a word of it is broken at the end of a printed line, and quoted as it is printed."""
        printed = self.article.extraction is not None and self.article.extraction.format == "pdf"
        return printed and any(BROKEN_WORD.search(self.article.text, start, end) for start, end in self.spans)


class Reading(Noun):
    """A word of the question that no article holds, read as one that an article does."""

    written: str
    """As the asker wrote it."""
    place: Span
    """Where, in the question."""
    article: Article
    span: Span
    """Where the word that it is read as stands in the article."""

    @property
    def read_as(self) -> str:
        """The article's word, white space folded."""
        return fold(self.article.text[slice(*self.span)])


class Suggestion(Noun):
    """What could be asked about: an article, or a name that one holds."""

    article: Article
    span: Span | None = None
    """Where the name stands in the article's text; None where the article itself is meant."""

    @property
    def label(self) -> str:
        """The article's title, or the name, white space folded."""
        return fold(self.article.label if self.span is None else self.article.text[slice(*self.span)])


class Verdict(StrEnum):
    """What is claimed about a question."""

    ANSWERED = "answered"
    """The quotations answer it."""
    MAY_ANSWER = "may_answer"
    """The passages are about it; whether they answer it is not sure."""
    NOT_FOUND = "not_found"
    """No passage comes near."""
    UNCLEAR = "unclear"
    """There is nothing to look for."""


class TermWeight(Noun):
    """What one term of the question weighs in the decision."""

    word: str
    """As the asker wrote it."""
    term: str
    idf: float
    seen: bool
    """Whether any sentence of the collection holds it."""
    matched: float
    """1 where the best passage holds it, 0 where not; between where only its surroundings do."""


class Signal(Noun):
    """One signal of the decision."""

    name: str
    value: float
    gave: float
    """What it moved the log-odds of the probability by, from what is usual."""


class Reasons(Noun):
    """Why the verdict is what it is, in numbers."""

    rule: str
    """The rule that decided, by name."""
    probability: Annotated[float, Field(ge=0, le=1)] = 0.0
    """That the best passage answers the question."""
    coverage: float = 0.0
    """Share of the question's idf mass that the best passage holds, in [0, 1]."""
    threshold: float = 0.0
    """The probability from which the verdict is answered."""
    may_answer_threshold: float = 0.0
    """The probability from which it is at least may_answer; 0 where no passage was found."""
    terms: tuple[TermWeight, ...] = ()
    signals: tuple[Signal, ...] = ()
    """What each signal gave, the weightiest first; empty unless an explanation was asked for."""


class Answer(Noun):
    """A question, its verdict, and the quotations."""

    question: str
    verdict: Verdict
    quotes: tuple[Quote, ...] = ()
    """What answers it, best first."""
    possible: Annotated[tuple[Quote, ...], Field(max_length=POSSIBLE_AT_MOST)] = ()
    """What may answer it, best first."""
    nearest: tuple[Quote, ...] = ()
    """The passages that rank next."""
    readings: tuple[Reading, ...] = ()
    """What was read differently from how it was written, before anything was looked for."""
    suggestions: tuple[Suggestion, ...] = ()
    """What could be asked about instead, where the verdict is unclear."""
    reasons: Reasons

    @model_validator(mode="after")
    def _quotes_fit_the_verdict(self) -> Self:
        if bool(self.quotes) != (self.verdict is Verdict.ANSWERED):
            message = "quotes are given when, and only when, the verdict is answered"
            raise ValueError(message)
        if bool(self.possible) != (self.verdict is Verdict.MAY_ANSWER):
            message = "possible quotations are given when, and only when, the verdict is may_answer"
            raise ValueError(message)
        return self

    @property
    def shown(self) -> tuple[Quote, ...]:
        """The quotations that a reader sees at once: those that answer, or those that may."""
        return self.quotes or self.possible


def fold(text: str) -> str:
    """The text with each run of white space as one space, trimmed."""
    return " ".join(text.split())
