"""The data models, all frozen: articles, sentences, quotations and answers."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby, zip_longest
from typing import Annotated, NamedTuple, Self
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PIECE_SEPARATOR, BLOCK_SEPARATOR, CELL_SEPARATOR = " […] ", "\n", "; "
HEADING_SEPARATOR = " › "
"""Between the headings above a quotation."""
INDENT = "    "
"""Before an item of a list in a list, for each list around it, and before all but the first cell of a long row."""
MAX_ROW = 60
"""Characters of a table row up to which it is shown on one line."""
MAX_URL = 2000
MAX_POSSIBLE_QUOTES = 3
"""Most quotations shown at once that may answer a question."""
# White space, control and format characters (bidi marks, zero width), and what RFC 3986 forbids in URLs.
FORBIDDEN_IN_URL = regex.compile(r"[\s\p{C}<>\"\\^`{|}]")

HYPHENATED_WORD = regex.compile(r"\p{L}[-\u2010\u00ad]\s*\n\s*\p{L}")


LANGUAGE = regex.compile(r"(?P<code>[A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
NORWEGIAN = {"nb": "no", "nn": "no"}
"""Its two written forms count as one language."""
DATE = regex.compile(r"[0-9W-]+(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:.]+)?)?")


class FrozenModel(BaseModel):
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
    DOCUMENT_PROPERTIES = "document properties"
    TEXT = "text"


class MetadataField(FrozenModel):
    """A metadata field of an article, and where it was read from."""

    value: Annotated[str, Field(min_length=1, max_length=MAX_URL)]
    origin: Origin


def validate_url(url: str) -> str:
    """Return the URL, or raise ValueError with the reason: a URL to cite has http(s), a host, and no user."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        message = "a source URL must start with http:// or https:// and have a host"
        raise ValueError(message)
    if parts.username is not None or parts.password is not None:
        message = "a source URL must not contain a user name or password"
        raise ValueError(message)
    try:
        _ = parts.port
    except ValueError as error:
        message = "the port of a source URL must be a number of at most 65535"
        raise ValueError(message) from error
    if len(url) > MAX_URL or FORBIDDEN_IN_URL.search(url):
        message = (
            f"a source URL must have at most {MAX_URL} characters, and no white space, control characters or brackets"
        )
        raise ValueError(message)
    return url


def validate_date(day: str) -> str:
    """Return the date, or raise ValueError where it is not an ISO 8601 date or date and time."""
    if not DATE.fullmatch(day):  # fromisoformat accepts any character between day and hour
        message = "a date must look like 2026-04-25 or 2026-04-25T10:30:00Z"
        raise ValueError(message)
    datetime.datetime.fromisoformat(day)
    return day


def validate_language(tag: str) -> str:
    """Return the language's code in lower case, of a tag such as de or pt-BR; ValueError where it is no such tag."""
    found = LANGUAGE.fullmatch(tag.strip())
    if found is None:
        message = "a language must be a tag such as en, de or pt-BR"
        raise ValueError(message)
    code = found["code"].lower()
    return NORWEGIAN.get(code, code)


def _validated(fact: MetadataField | None, value: str | None) -> MetadataField | None:
    return fact if fact is None or value is not None else None


UrlField = Annotated[MetadataField, AfterValidator(lambda fact: _validated(fact, validate_url(fact.value)))]
DateField = Annotated[MetadataField, AfterValidator(lambda fact: _validated(fact, validate_date(fact.value)))]


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Extraction(FrozenModel):
    """How the text of an article was extracted from a file that is not the text itself."""

    format: str
    """Format of the file, such as `html`."""
    by: str
    """The libraries that extracted it, with their versions, or how a plain text was decoded."""
    sha256: Sha256
    """Of the extracted text in UTF-8, as stored in the data folder."""


class Article(FrozenModel):
    """One file of the collection: its text as decoded or extracted, unaltered, and its metadata.

    A field that no source gives is None: "not recorded", never guessed.
    """

    id: Annotated[str, Field(min_length=1)]
    file: str
    """Path of the file in the folder of articles, with slashes."""
    encoding: str
    """Codec that restores the bytes of the file, or of the stored extracted text: `text.encode(encoding)`."""
    sha256: Sha256
    """Of the file's bytes."""
    extraction: Extraction | None = None
    """How the text was extracted; None where the file itself is the text."""
    text: str
    title: MetadataField | None = None
    url: UrlField | None = None
    publisher: MetadataField | None = None
    author: MetadataField | None = None
    published: DateField | None = None
    language: MetadataField | None = None
    """Its value is an ISO 639 code in lower case, such as de."""

    @property
    def language_code(self) -> str:
        """The code of its language; empty where none is recorded."""
        return self.language.value if self.language else ""

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

    @property
    def folder(self) -> str:
        """Path of the folder that its file is in; empty for the folder of articles itself."""
        return folder_of(self.file)


class Exclusion(FrozenModel):
    """A span that is not part of the article (an advertisement, a promo, a byline), and the rule that excluded it."""

    span: Span
    kind: str
    rule: str


class BlockKind(StrEnum):
    """The kind of a block, by the markup of its format. Text in no block is a paragraph."""

    HEADING = "heading"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    CODE = "code"
    DEFINITION = "definition"


QUESTION_LEVEL = 7
"""Level of a heading that is none by its markup: a question, or the term of a definition."""
MAX_PATH = 30
"""Headings that apply together; of more questions in a row, only those at the end."""
WHOLE_BLOCKS = frozenset({BlockKind.TABLE_ROW, BlockKind.CODE})
"""Blocks that are one chunk, whatever sentences are in them."""


class Block(FrozenModel):
    """A block of an article that is not a paragraph of prose."""

    kind: BlockKind
    span: Span
    """Empty of a heading that is struck out or perhaps hidden: it ends a section, but is above no other."""
    level: int = 0
    """Of a heading 1 to 6, 7 of a line that asks; of a list item its depth, from 1; of a row 1 in a table's header."""
    cells: tuple[Span, ...] = ()
    """The cells of a table row, in the order of its columns; an empty cell is an empty span."""
    labels: tuple[Span, ...] = ()
    """The cells of the row's header, likewise; none where the table has no header."""
    until: int = 0
    """Of a heading that is none by its markup, where its section ends if no other heading ends it; else 0."""
    anchor: str = ""
    """Of a heading the id with which a link opens the page there; empty where none is known."""
    language: str = ""
    """Of code the language that its markup names; empty where it names none."""

    def text_in(self, text: str) -> str:
        """What is shown of the block: code as it is, elsewhere white space folded.

        A row is shown as `label: cell` pairs, each on a line if they are long.
        """
        if self.kind is BlockKind.CODE:
            return text[slice(*self.span)]
        if self.kind is not BlockKind.TABLE_ROW:
            return collapse_whitespace(text[slice(*self.span)])
        labelled = zip_longest(self.labels, self.cells, fillvalue=Span(0, 0))
        words = (
            (collapse_whitespace(text[slice(*of)]), collapse_whitespace(text[slice(*cell)])) for of, cell in labelled
        )
        pairs = [f"{label}: {cell}" if label else cell for label, cell in words if cell]
        line = CELL_SEPARATOR.join(pairs)
        return line if len(line) <= MAX_ROW else f"\n{INDENT}".join(pairs)


class SentenceKind(StrEnum):
    """The role of a sentence in its article. The headline and captions are no evidence."""

    HEADLINE = "headline"
    BODY = "body"
    CAPTION = "caption"
    LIST_ITEM = "list item"
    TABLE_ROW = "table row"
    CODE = "code"
    DEFINITION = "definition"


NOT_EVIDENCE = frozenset({SentenceKind.HEADLINE, SentenceKind.CAPTION})


class Sentence(FrozenModel):
    """A sentence, table row or block of code of an article: quotable, and a chunk of the index if it is evidence."""

    article: str
    span: Span
    paragraph: int
    kind: SentenceKind = SentenceKind.BODY


class IndexedArticle(FrozenModel):
    """Everything that the index holds of one file."""

    article: Article
    exclusions: tuple[Exclusion, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    fragments: tuple[Span, ...] = ()
    """Pieces of sentences that are cut by something excluded: never quotable, listed for admins."""
    warnings: tuple[str, ...] = ()
    """What of the file could not be read though the rest was, each in a sentence that says what to do."""
    blocks: tuple[Block, ...] = ()
    """The headings, list items, table rows, blocks of code and definitions, in order."""

    @property
    def body_sentences(self) -> tuple[Sentence, ...]:
        """The sentences that are evidence: the chunks of the index."""
        return tuple(sentence for sentence in self.sentences if sentence.kind not in NOT_EVIDENCE)

    def blocks_at(self, spans: Iterable[Span]) -> tuple[Block, ...]:
        """The table rows, blocks of code and list items at these spans."""
        wanted = set(spans)
        kinds = WHOLE_BLOCKS | {BlockKind.LIST_ITEM}
        return tuple(block for block in self.blocks if block.kind in kinds and block.span in wanted)

    def heading_paths(self) -> Iterator[tuple[int, tuple[Span, ...]]]:
        """Each place of the text where headings begin to apply, and these, from the outermost in.

        The headline is none of them. Questions in a row, each a heading of its own, apply together.
        """
        headline = next((one.span for one in self.sentences if one.kind is SentenceKind.HEADLINE), None)
        path: list[Block] = []
        for block in self.blocks:
            if path and path[-1].until and block.span.start >= path[-1].until:
                end, path = path[-1].until, [above for above in path if above.level < QUESTION_LEVEL]
                yield end, tuple(heading.span for heading in path)
            if block.kind is not BlockKind.HEADING or block.span == headline:
                continue
            is_next = bool(path) and not self.article.text[path[-1].span.end : block.span.start].strip()
            is_together = is_next and path[-1].level == block.level == QUESTION_LEVEL and len(path) < MAX_PATH
            if not is_together:
                path = [above for above in path if above.level < block.level]
            if block.span.start < block.span.end:
                path.append(block)
            yield block.span.start, tuple(heading.span for heading in path)
        if path and path[-1].until:
            yield path[-1].until, tuple(heading.span for heading in path if heading.level < QUESTION_LEVEL)

    def heading_path(self, place: int) -> tuple[Span, ...]:
        """The headings that apply at a place of the text; none above the first."""
        path: tuple[Span, ...] = ()
        for start, headings in self.heading_paths():
            if start >= place:
                break
            path = headings
        return path

    def anchor_of(self, path: Iterable[Span]) -> str:
        """The anchor of the innermost of these headings; only one that is none by its markup may lack it."""
        headings = [block for block in self.blocks if block.kind is BlockKind.HEADING and block.span in path]
        decisive = (block for block in reversed(headings) if block.anchor or block.level < QUESTION_LEVEL)
        return next((block.anchor for block in decisive), "")


class Passage(FrozenModel):
    """A sentence that was found, its score (BM25, or the ranking model's), and its words that match the question."""

    article: Article
    sentence: Sentence
    chunk: int
    score: float
    matched: tuple[str, ...] = ()


class QuotedPassage(FrozenModel):
    """A part of a quotation as it is shown: lines of prose, or a block of code."""

    text: str
    is_code: bool = False
    language: str = ""
    """As `Block.language`."""


def _passage(piece: str, block: Block | None, *, is_first: bool) -> QuotedPassage:
    """A piece on a line of its own, indented if it is an item in an item and not the first piece."""
    if block is None or (block.kind is BlockKind.LIST_ITEM and is_first):
        return QuotedPassage(text=piece)
    if block.kind is BlockKind.LIST_ITEM:
        return QuotedPassage(text=INDENT * (block.level - 1) + piece)
    return QuotedPassage(text=piece, is_code=block.kind is BlockKind.CODE, language=block.language)


class Source(FrozenModel):
    """Where a quotation stands: spans of an article, in order. It has no text of its own."""

    article: Article
    spans: Annotated[tuple[Span, ...], Field(min_length=1)]
    blocks: tuple[Block, ...] = ()
    """The article's table rows, blocks of code and list items among the spans."""
    path: tuple[Span, ...] = ()
    """The headings above it, from the outermost in."""
    anchor: str = ""
    """The anchor of these headings; empty where none is known."""

    @model_validator(mode="after")
    def _check_span_order(self) -> Self:
        previous = 0
        for start, end in self.spans:
            if not previous <= start < end <= len(self.article.text):
                message = f"span {start}–{end} is empty, out of order or outside the article {self.article.id}"
                raise ValueError(message)
            previous = end
        return self

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text of each span as it is shown: each run of white space as one space, but code as it is."""
        whole = {block.span: block for block in self.blocks}
        prose = (Block(kind=BlockKind.LIST_ITEM, span=span) for span in self.spans)
        return tuple(whole.get(block.span, block).text_in(self.article.text) for block in prose)

    @classmethod
    def of_entry(cls, entry: IndexedArticle, spans: Sequence[Span]) -> Source:
        """The source at these spans of an indexed article."""
        path = entry.heading_path(spans[0].start)
        return Source(
            article=entry.article,
            spans=tuple(spans),
            blocks=entry.blocks_at(spans),
            path=path,
            anchor=entry.anchor_of(path),
        )

    @property
    def section_url(self) -> str | None:
        """The URL that opens its section; None where that is not known, or the URL opens something else."""
        url = self.article.url
        if url is None or not self.anchor or "#" in url.value:
            return None
        return f"{url.value}#{percent_encoded(self.anchor, safe='')}"

    @property
    def link(self) -> str | None:
        """The URL of its section, or else of its article; None where none is recorded."""
        return self.section_url or (self.article.url.value if self.article.url else None)

    @property
    def headings(self) -> tuple[str, ...]:
        """The text of the headings above it."""
        return tuple(collapse_whitespace(self.article.text[slice(*span)]) for span in self.path)

    @property
    def text(self) -> str:
        """What is shown, as `passages`, each on lines of its own."""
        return "\n".join(passage.text for passage in self.passages)

    @property
    def passages(self) -> tuple[QuotedPassage, ...]:
        """The pieces in order: prose joined, code apart.

        A piece has a line of its own if it is next to the one before; else ` […] ` is between them, which next to a
        table row or code has a line of its own, too. The lines of an item in an item are indented.
        """
        blocks = {block.span: block for block in self.blocks}
        whole = {span for span, block in blocks.items() if block.kind in WHOLE_BLOCKS}
        lines: list[QuotedPassage] = []
        for place, (span, piece) in enumerate(zip(self.spans, self.pieces, strict=True)):
            before = self.spans[place - 1] if place else span
            if self.article.text[before.end : span.start].strip():
                if before not in whole and span not in whole:
                    lines[-1] = QuotedPassage(text=lines[-1].text + PIECE_SEPARATOR + piece)
                    continue
                lines.append(QuotedPassage(text=PIECE_SEPARATOR.strip()))
            lines.append(_passage(piece, blocks.get(span), is_first=not place))
        joined: list[QuotedPassage] = []
        for is_code, together in groupby(lines, key=lambda line: line.is_code):
            if is_code:
                joined += together
            else:
                joined.append(QuotedPassage(text=BLOCK_SEPARATOR.join(line.text for line in together)))
        return tuple(joined)


class Quote(Source):
    """A quotation: spans of one article, and other articles with exactly the same words."""

    score: float
    matched: tuple[str, ...] = ()
    other_sources: tuple[Source, ...] = ()
    """The same words in other articles, one source per article."""
    further_sources: Annotated[int, Field(ge=0)] = 0
    """Number of further articles with the same words, not listed in `other_sources`."""

    @model_validator(mode="after")
    def _check_sources_agree(self) -> Self:
        if not self.other_sources:
            return self
        pieces, seen = self.pieces, {self.article.id}
        for source in self.other_sources:
            if source.article.id in seen:
                message = f"the article {source.article.id} is named twice as a source of one quotation"
                raise ValueError(message)
            if source.pieces != pieces:
                message = f"the article {source.article.id} does not say the same as {self.article.id}"
                raise ValueError(message)
            seen.add(source.article.id)
        return self

    @property
    def all_sources(self) -> tuple[Source, ...]:
        """All listed sources: its own article first, then `other_sources`."""
        own = Source(article=self.article, spans=self.spans, blocks=self.blocks, path=self.path, anchor=self.anchor)
        return (own, *self.other_sources)

    @classmethod
    def of(cls, source: Source, score: float = 0.0, matched: tuple[str, ...] = ()) -> Quote:
        """The quotation of a source, without other sources."""
        return cls(
            article=source.article,
            spans=source.spans,
            blocks=source.blocks,
            path=source.path,
            anchor=source.anchor,
            score=score,
            matched=matched,
        )

    @property
    def has_printed_hyphens(self) -> bool:
        """Whether a word is hyphenated at the end of a printed line; it is quoted as printed."""
        printed = self.article.extraction is not None and self.article.extraction.format == "pdf"
        return printed and any(HYPHENATED_WORD.search(self.article.text, start, end) for start, end in self.spans)


class SpellingCorrection(FrozenModel):
    """A spelling correction: a word of the question that was read as another one, which an article has."""

    written: str
    """As the user typed it."""
    question_span: Span
    """Its span in the question; of a follow-up in the words that were searched for."""
    article: Article
    article_span: Span
    """Where the corrected word stands in the article."""

    @property
    def corrected(self) -> str:
        """The corrected word, as the article spells it, white space folded."""
        return collapse_whitespace(self.article.text[slice(*self.article_span)])


class Suggestion(FrozenModel):
    """Something to ask about: an article, or a name in one."""

    article: Article
    span: Span | None = None
    """Where the name stands in the article; None where the article itself is suggested."""

    @property
    def label(self) -> str:
        """The article's title, or the name, white space folded."""
        return collapse_whitespace(self.article.label if self.span is None else self.article.text[slice(*self.span)])


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


class TermWeight(FrozenModel):
    """The weight of one question term in the decision."""

    word: str
    """As the user typed it."""
    term: str
    idf: float
    seen: bool
    """Whether any sentence of the collection has it or a word of its family."""
    matched: float
    """1 where the best passage has it, 0 where not; between where only a related word or the surroundings match."""


class Signal(FrozenModel):
    """A feature of the answerability model, with its value and its effect."""

    name: str
    value: float
    contribution: float = Field(serialization_alias="gave")
    """Its contribution to the log-odds of the probability, relative to the average."""


class Explanation(FrozenModel):
    """Explanation of a verdict, in numbers."""

    rule: str
    """Name of the rule that decided."""
    probability: Annotated[float, Field(ge=0, le=1)] = 0.0
    """That the best passage answers the question."""
    any_probability: Annotated[float, Field(ge=0, le=1)] = 0.0
    """That any of the best few does; limited where a rule speaks against the best one."""
    coverage: float = 0.0
    """Share of the question's total idf that the best passage covers, in [0, 1]."""
    threshold: float = 0.0
    """Lowest probability for the verdict `answered`."""
    may_answer_threshold: float = 0.0
    """Lowest `any_probability` for `may_answer`; 0 where no passage was found."""
    terms: tuple[TermWeight, ...] = ()
    signals: tuple[Signal, ...] = ()
    """The model's features, largest effect first; empty unless an explanation was requested."""
    encoder: str | None = Field(default=None, exclude_if=lambda name: name is None)
    """Name of the encoder whose cosines are among the features; None without the extra `semantic`."""


class SearchScope(StrEnum):
    """What was searched for an answer: no more may be said of the articles where nothing was found."""

    ALL = "all"
    ARTICLE = "article"
    """One article."""
    WITH_URL = "with_url"
    """The articles with a recorded source URL."""


class Preceding(FrozenModel):
    """What a follow-up follows."""

    questions: tuple[str, ...]
    """The questions before it, the latest first; each but the oldest may be a follow-up itself."""
    quotes: tuple[Quote, ...] = ()
    """What was shown as the answer to the latest."""
    nearest: tuple[Quote, ...] = ()
    """The passages that ranked next for it."""


class Answer(FrozenModel):
    """A question, its verdict, and the quotations."""

    question: str
    verdict: Verdict
    scope: SearchScope = SearchScope.ALL
    language: str = ""
    """The code of the language that the question was read in; empty where all articles are in English."""
    quotes: tuple[Quote, ...] = ()
    """Quotations that answer it, best first."""
    possible: Annotated[tuple[Quote, ...], Field(max_length=MAX_POSSIBLE_QUOTES)] = ()
    """Quotations that may answer it, best first."""
    nearest: tuple[Quote, ...] = ()
    """The passages that rank next."""
    corrections: tuple[SpellingCorrection, ...] = ()
    """Words that were read as others: before the search, or in a quotation that has a name in another form."""
    suggestions: tuple[Suggestion, ...] = ()
    """What to ask about instead, where the verdict is unclear."""
    unanswered_parts: tuple[Span, ...] = ()
    """Spans of the parts of the question that the possible quotations do not answer, where they answer another part."""
    read_with: str | None = Field(default=None, exclude_if=lambda words: words is None)
    """The earlier question that a follow-up was read together with, as it was asked."""
    explanation: Explanation

    @model_validator(mode="after")
    def _check_quotes_fit_verdict(self) -> Self:
        if bool(self.quotes) != (self.verdict is Verdict.ANSWERED):
            message = "quotes are given when, and only when, the verdict is answered"
            raise ValueError(message)
        if bool(self.possible) != (self.verdict is Verdict.MAY_ANSWER):
            message = "possible quotations are given when, and only when, the verdict is may_answer"
            raise ValueError(message)
        if self.unanswered_parts and self.verdict is not Verdict.MAY_ANSWER:
            message = "a part of the question is unanswered only where the verdict is may_answer"
            raise ValueError(message)
        return self

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The parts of the question that are not answered, as the user typed them."""
        return tuple(self.question[slice(*span)] for span in self.unanswered_parts)

    @property
    def shown_quotes(self) -> tuple[Quote, ...]:
        """The quotations shown at once: those that answer, or those that may."""
        return self.quotes or self.possible


def folder_of(file: str) -> str:
    """The folder of a file, by its path in the folder of articles."""
    return file.rpartition("/")[0]


def collapse_whitespace(text: str) -> str:
    """Replace each run of white space by one space, and trim."""
    return " ".join(text.split())
