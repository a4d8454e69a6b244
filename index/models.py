"""The data models, all frozen: articles, sentences, quotations and answers."""

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
"""Most quotations shown at once that may answer a question."""
# White space, control and format characters (bidi marks, zero width), and what RFC 3986 forbids in URLs.
NOT_IN_A_URL = regex.compile(r"[\s\p{C}<>\"\\^`{|}]")

BROKEN_WORD = regex.compile(r"\p{L}[-\u2010\u00ad]\s*\n\s*\p{L}")


DATE = regex.compile(r"[0-9W-]+(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:.]+)?)?")


class Noun(BaseModel):
    """Base of all models: frozen, and rejects unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(NamedTuple):
    """[start, end) in `str` offsets of an article's text."""

    start: int
    end: int


class Origin(StrEnum):
    """Where a metadata field was read from, in order of precedence."""

    SIDECAR = "sidecar"
    FRONT_MATTER = "front matter"
    SOURCES = "sources file"
    TRAILER = "trailer"
    HTML_METADATA = "html metadata"
    TEXT = "text"


class Fact(Noun):
    """A metadata field of an article, and where it was read from."""

    value: Annotated[str, Field(min_length=1, max_length=MAX_URL)]
    origin: Origin


def checked_url(url: str) -> str:
    """Return the URL, or raise ValueError with the reason: a URL to cite has http(s), a host, and no user."""
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
    """Return the date, or raise ValueError where it is not an ISO 8601 date or date and time."""
    if not DATE.fullmatch(day):  # fromisoformat accepts any character between day and hour
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
    """How the text of an article was extracted from a file that is not plain text."""

    format: str
    """Format of the file, such as `html`."""
    by: str
    """The libraries that extracted it, with their versions."""
    sha256: Sha256
    """Of the extracted text in UTF-8, as stored in the data folder."""


class Article(Noun):
    """One file of the collection: its text as decoded or extracted, unaltered, and its metadata.

    A field that no source gives is None: "not recorded", never guessed.
    """

    id: Annotated[str, Field(min_length=1)]
    file: str
    encoding: str
    """Codec that restores the bytes of the file, or of the stored extracted text: `text.encode(encoding)`."""
    sha256: Sha256
    """Of the file's bytes."""
    extraction: Extraction | None = None
    """How the text was extracted; None where the file itself is the text."""
    text: str
    title: Fact | None = None
    url: UrlFact | None = None
    publisher: Fact | None = None
    author: Fact | None = None
    published: DateFact | None = None

    @property
    def text_sha256(self) -> str:
        """Hash of the bytes behind `text`: of the file, or of the stored extracted text."""
        return self.extraction.sha256 if self.extraction else self.sha256

    @property
    def utf8_sha256(self) -> str:
        """Hash of the text in UTF-8: equal for files with the same text in different encodings."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def label(self) -> str:
        """Display name: the title, or the id where no title is recorded."""
        return self.title.value if self.title else self.id


class Exclusion(Noun):
    """A span that is not part of the article (an advertisement, a promo, a byline), and the rule that excluded it."""

    span: Span
    kind: str
    rule: str


class Kind(StrEnum):
    """The role of a sentence in its article. Only body sentences are evidence."""

    HEADLINE = "headline"
    BODY = "body"
    CAPTION = "caption"


class Sentence(Noun):
    """One sentence of one article, quotable as it stands. Body sentences are the chunks of the index."""

    article: str
    span: Span
    paragraph: int
    kind: Kind = Kind.BODY


class Entry(Noun):
    """Everything that the index holds of one file."""

    article: Article
    exclusions: tuple[Exclusion, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    lost: tuple[Span, ...] = ()
    """Pieces of sentences that are cut by something excluded: never quotable, listed for admins."""

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences that are evidence: the chunks of the index."""
        return tuple(sentence for sentence in self.sentences if sentence.kind is Kind.BODY)


class Passage(Noun):
    """A sentence that was found, its score (BM25, or the ranking model's), and its words that match the question."""

    article: Article
    sentence: Sentence
    chunk: int
    score: float
    matched: tuple[str, ...] = ()


class Source(Noun):
    """Where a quotation stands: spans of an article, in order. It has no text of its own."""

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
        """The text of each span, each run of white space as one space."""
        return tuple(fold(self.article.text[start:end]) for start, end in self.spans)

    @property
    def text(self) -> str:
        """The pieces, joined by ` […] `."""
        return JOINT.join(self.pieces)


class Quote(Source):
    """A quotation: spans of one article, and other articles with exactly the same words."""

    score: float
    matched: tuple[str, ...] = ()
    also: tuple[Source, ...] = ()
    """The same words in other articles, one source per article."""
    further_sources: Annotated[int, Field(ge=0)] = 0
    """Number of further articles with the same words, not listed in `also`."""

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
        """All listed sources: its own article first, then `also`."""
        return (Source(article=self.article, spans=self.spans), *self.also)

    def at(self, *spans: Span) -> Quote:
        """Other spans of the same article, without other sources, which are not known for them."""
        return Quote(article=self.article, spans=spans, score=self.score, matched=self.matched)

    @property
    def keeps_hyphens(self) -> bool:
        """Whether a word is hyphenated at the end of a printed line; it is quoted as printed."""
        printed = self.article.extraction is not None and self.article.extraction.format == "pdf"
        return printed and any(BROKEN_WORD.search(self.article.text, start, end) for start, end in self.spans)


class Reading(Noun):
    """A spelling correction: a word of the question that no article has, replaced by one that an article has."""

    written: str
    """As the user typed it."""
    place: Span
    """Its span in the question."""
    article: Article
    span: Span
    """Where the corrected word stands in the article."""

    @property
    def read_as(self) -> str:
        """The corrected word, as the article spells it, white space folded."""
        return fold(self.article.text[slice(*self.span)])


class Suggestion(Noun):
    """Something to ask about: an article, or a name in one."""

    article: Article
    span: Span | None = None
    """Where the name stands in the article; None where the article itself is suggested."""

    @property
    def label(self) -> str:
        """The article's title, or the name, white space folded."""
        return fold(self.article.label if self.span is None else self.article.text[slice(*self.span)])


class Verdict(StrEnum):
    """Whether the articles answer a question."""

    ANSWERED = "answered"
    """The quotations answer it."""
    MAY_ANSWER = "may_answer"
    """The passages are about it, but it is not certain that they answer it."""
    NOT_FOUND = "not_found"
    """No passage is close."""
    UNCLEAR = "unclear"
    """There is nothing to search for, or the question is too broad."""


class TermWeight(Noun):
    """The weight of one question term in the decision."""

    word: str
    """As the user typed it."""
    term: str
    idf: float
    seen: bool
    """Whether any sentence of the collection has it or a word of its family."""
    matched: float
    """1 where the best passage has it, 0 where not; between where only a related word or the surroundings match."""


class Signal(Noun):
    """A feature of the answerability model, with its value and its effect."""

    name: str
    value: float
    gave: float
    """Its contribution to the log-odds of the probability, relative to the average."""


class Reasons(Noun):
    """Explanation of a verdict, in numbers."""

    rule: str
    """Name of the rule that decided."""
    probability: Annotated[float, Field(ge=0, le=1)] = 0.0
    """That the best passage answers the question."""
    coverage: float = 0.0
    """Share of the question's total idf that the best passage covers, in [0, 1]."""
    threshold: float = 0.0
    """Lowest probability for the verdict `answered`."""
    may_answer_threshold: float = 0.0
    """Lowest probability for `may_answer`; 0 where no passage was found."""
    terms: tuple[TermWeight, ...] = ()
    signals: tuple[Signal, ...] = ()
    """The model's features, largest effect first; empty unless an explanation was requested."""


class SearchScope(StrEnum):
    """What was searched for an answer: no more may be said of the articles where nothing was found."""

    ALL = "all"
    ARTICLE = "article"
    """One article."""
    WITH_URL = "with_url"
    """The articles with a recorded source URL."""


class Answer(Noun):
    """A question, its verdict, and the quotations."""

    question: str
    verdict: Verdict
    scope: SearchScope = SearchScope.ALL
    quotes: tuple[Quote, ...] = ()
    """Quotations that answer it, best first."""
    possible: Annotated[tuple[Quote, ...], Field(max_length=POSSIBLE_AT_MOST)] = ()
    """Quotations that may answer it, best first."""
    nearest: tuple[Quote, ...] = ()
    """The passages that rank next."""
    readings: tuple[Reading, ...] = ()
    """Spelling corrections, made before the search."""
    suggestions: tuple[Suggestion, ...] = ()
    """What to ask about instead, where the verdict is unclear."""
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
        """The quotations shown at once: those that answer, or those that may."""
        return self.quotes or self.possible


def fold(text: str) -> str:
    """Replace each run of white space by one space, and trim."""
    return " ".join(text.split())
