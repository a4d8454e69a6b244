"""Quotations over their sources: those of the same article in one frame, over what is recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.i18n.messages import Message
from bot.layout.links import Link, link_to_quote
from bot.layout.pages import Block, QuotationGroup
from bot.layout.parts import (
    FixedSentence,
    HeadingPath,
    Line,
    MetadataText,
    Number,
    QuotedCode,
    QuotedText,
    SourceUrl,
)
from index.models import Article, MetadataField, Quote, Source

MAX_LABELLED_LENGTH = 200
"""Characters of a metadata value up to which it shares a line with its label."""
MAX_PATH_LENGTH = 1000
"""Characters of the headings above a quotation; longer ones are no headings to a reader, and are not shown."""
MAX_SOURCES = 5
"""Sources listed under a quotation with their metadata; a message has room for two at the maximum length."""
LABELLED = (("publisher", Message.BY_PUBLISHER), ("author", Message.BY_AUTHOR), ("published", Message.PUBLISHED_ON))


@dataclass(frozen=True)
class Quotation:
    """A quotation as it is shown; finding the links takes longest, so each is found once."""

    quote: Quote
    lines: tuple[Line, ...]
    quotes: tuple[Quote, ...]
    """What its lines quote, in order: the quotation, and what is around it."""

    @classmethod
    def of(cls, quote: Quote) -> Quotation:
        """Return a quotation under its headings."""
        said = [FixedSentence.of(Message.PRINTED_HYPHENS)] if quote.has_printed_hyphens else []
        above = [HeadingPath(quote.headings)] if 0 < sum(map(len, quote.headings)) <= MAX_PATH_LENGTH else []
        return cls(quote, (*above, *quoted_lines(quote), *said), (quote,))

    @cached_property
    def link(self) -> Link | None:
        """The link that opens it."""
        return link_to_quote(self.quote)

    @cached_property
    def others(self) -> dict[str, Block]:
        """Other articles that hold it, by their ids, each with its link; no more than are listed."""
        return {source.article.id: _also_in(source) for source in self.quote.other_sources[: MAX_SOURCES - 1]}

    def counted(self, listed: int) -> list[Block]:
        """Return the sentence that says how many articles with the same words are not listed; nothing if all are."""
        further = len(self.quote.other_sources) - listed + self.quote.further_sources
        return [Block((FixedSentence.of(Message.FURTHER_SOURCES, count=Number(further)),))] if further else []

    @cached_property
    def alone(self) -> Block:
        """The quotation over its source and link button, then the other articles that hold it."""
        below = (*self.others.values(), *self.counted(len(self.others)))
        return Block((*self.lines, *source_lines(self.quote.article)), self.link, below=below)

    def above_source(self, shared: Sequence[str]) -> Block:
        """The quotation without its source, over other articles that hold it besides these."""
        own = [block for article, block in self.others.items() if article not in shared]
        own = own[: MAX_SOURCES - 1 - len(shared)]
        return Block(self.lines, self.link, below=(*own, *self.counted(len(own) + len(shared))))


def _group_by_article(quotations: Iterable[Quotation]) -> list[list[Quotation]]:
    """Group quotations by article, in order; the groups in the order of their first."""
    groups: dict[Article, list[Quotation]] = {}
    for one in quotations:
        groups.setdefault(one.quote.article, []).append(one)
    return list(groups.values())


def quotation_blocks(quotations: Iterable[Quotation]) -> list[Block | QuotationGroup]:
    """Render quotations; those of an article stand together over its metadata, at the place of the first."""
    return [_group_block(together) for together in _group_by_article(quotations)]


def quotes_in(quotations: Iterable[Quotation]) -> list[Quote]:
    """Return what is quoted in the order of `quotation_blocks`."""
    return [quote for together in _group_by_article(quotations) for one in together for quote in one.quotes]


def _group_block(quotations: Sequence[Quotation]) -> Block | QuotationGroup:
    first = quotations[0]
    if len(quotations) == 1:
        return first.alone
    everywhere = set.intersection(*({source.article.id for source in one.quote.other_sources} for one in quotations))
    shared = [article for article in first.others if article in everywhere]
    blocks = tuple(one.above_source(shared) for one in quotations)
    foot = (Block(tuple(source_lines(first.quote.article))), *(first.others[article] for article in shared))
    return QuotationGroup(blocks, foot, tuple(one.alone for one in quotations))


def quote_block(quote: Quote) -> Block:
    """Render a quotation with its source and link button, then the other articles that contain it."""
    return Quotation.of(quote).alone


def quoted_lines(quote: Quote) -> list[Line]:
    """Return the words of a quotation: prose as a block quote, code in a fence."""
    return [
        QuotedCode.of(passage.text, passage.language) if passage.is_code else QuotedText(passage.text, quote.matched)
        for passage in quote.passages
    ]


def _also_in(source: Source) -> Block:
    return Block((FixedSentence.of(Message.ALSO_IN), *source_lines(source.article)), link_to_quote(source))


def source_lines(article: Article) -> list[Line]:
    """Return title, publisher, author and date where recorded, and the source URL or that none is recorded."""
    title: Line = metadata_text(article.title, bold=True) or FixedSentence.of(
        Message.UNTITLED, id=MetadataText.of(article.id)
    )
    others = (_labelled(sentence, getattr(article, name)) for name, sentence in LABELLED)
    url: Line = SourceUrl.of(article.url.value) if article.url else FixedSentence.of(Message.NO_URL)
    return [title, *filter(None, others), url]


def metadata_text(fact: MetadataField | None, *, bold: bool = False) -> MetadataText | None:
    """Return a metadata value on one line; None if it is missing or blank."""
    piece = MetadataText.of(fact.value, bold=bold) if fact else None
    return piece if piece and piece.value else None


def _labelled(sentence: Message, fact: MetadataField | None) -> Line | None:
    """Return a metadata value after its label; a long one alone, since it may have to be split over messages."""
    piece = metadata_text(fact)
    if piece is None or len(piece.value) > MAX_LABELLED_LENGTH:
        return piece
    return FixedSentence.of(sentence, fact=piece)
