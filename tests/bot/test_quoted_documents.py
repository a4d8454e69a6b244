"""Whatever a document is made of: its blocks are read as they were written, and quotations are whole and in place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.i18n.messages import Message
from bot.layout import render_more
from bot.sending.deliver import read_quotations
from index.answering.proof import prove_quote
from index.answering.quoting import Extent, quote_passage
from index.collection.collection import Collection
from index.models import Block, BlockKind, IndexedArticle, Passage, Quote
from tests.bot.accounting import Known, account
from tests.bot.documents.tree import EXTREMES, Document, Piece, Write, document_of, documents, of_word, plain_text
from tests.bot.documents.write import html, markdown, text, word
from tests.index.reading.test_documents import entry_of
from tests.properties import examples

thorough = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to make a failing document smaller takes long
)


class Truth:
    """What was written in a document: its pieces by their sentences in the article, and the headings above each."""

    def __init__(self, document: Document) -> None:
        self._paths = [(path, piece) for path, piece in document.paths()]
        self.pieces = [piece for _, piece in self._paths]
        self.headings = {heading for path, _ in self._paths for heading in path}
        self._by_sentence = {sentence: piece for piece in self.pieces for sentence in sentences_of(piece)}
        self._path_of = {id(piece): path for path, piece in self._paths}

    def path(self, piece: Piece) -> tuple[str, ...]:
        return self._path_of[id(piece)]

    def quoted(self, quote: Quote, entry: IndexedArticle) -> list[Piece]:
        """The pieces of a quotation, in order; fails where it has a sentence that was not written."""
        text, found = entry.article.text, list[Piece]()
        for start, end in (sentence.span for sentence in entry.body_sentences):
            if any(first <= start and end <= last for first, last in quote.spans):
                piece = self._by_sentence[folded(text[start:end])]
                found += [piece] if not found or found[-1] is not piece else []
        return found


def folded(words: str) -> str:
    return " ".join(words.split())


def in_article(piece: Piece) -> str:
    """The words of a piece in the article's text, white space folded."""
    return folded(" ".join(piece.cells) if piece.kind is BlockKind.TABLE_ROW else piece.text)


def sentences_of(piece: Piece) -> list[str]:
    """The sentences of a paragraph, an item or a definition; a row and code are one."""
    written = in_article(piece)
    return [written] if piece.kind else [f"{one}." for one in written.removesuffix(".").split(". ")] + [written]


def read_blocks(entry: IndexedArticle) -> list[tuple[object, ...]]:
    """What the reader made of the blocks, without headings and the headers of tables."""
    headers = (block.kind is BlockKind.TABLE_ROW and block.level > 0 for block in entry.blocks)
    return [
        _as_read(block, entry.article.text)
        for block, is_header in zip(entry.blocks, headers, strict=True)
        if not is_header and block.kind is not BlockKind.HEADING
    ]


def _as_read(block: Block, text: str) -> tuple[object, ...]:
    cells, labels = (tuple(text[slice(*cell)] for cell in row) for row in (block.cells, block.labels))
    words = text[slice(*block.span)]
    shown = words if block.kind is BlockKind.CODE else folded(words)
    depth = block.level if block.kind is BlockKind.LIST_ITEM else 0
    return block.kind, shown, depth, cells, labels, block.language


def as_written(piece: Piece) -> tuple[object, ...]:
    """What a reader has to make of a block."""
    shown = piece.text.expandtabs(4) if piece.kind is BlockKind.CODE else in_article(piece)
    return piece.kind, shown, piece.depth, piece.cells, piece.labels, piece.language.partition(" ")[0]


def quotes_of(entry: IndexedArticle) -> list[Quote]:
    """The quotation of each chunk to each extent, each once."""
    collection = Collection([entry])
    passages = (
        Passage(article=entry.article, sentence=collection.sentence(chunk), chunk=chunk, score=0.0)
        for chunk in collection.chunks()
    )
    made = (quote_passage(one, collection, None, extent) for one in passages for extent in Extent)
    return list({quote.spans: quote for quote in made}.values())


def check_quotations(entry: IndexedArticle, document: Document) -> None:
    """Check each quotation that can be made of a document, and what is sent of it."""
    quotes, truth = quotes_of(entry), Truth(document)
    for quote in quotes:
        pieces = truth.quoted(quote, entry)
        path = truth.path(pieces[0])
        assert quote.headings == path, "the headings above it"
        assert all(truth.path(piece)[: len(path)] == path for piece in pieces), "nothing of another section"
        assert not any(heading in quote.text for heading in truth.headings), "no heading is quoted"
        _check_context(pieces)
        _check_lines(quote, pieces)
    check_messages(quotes, entry)


def _check_context(pieces: Sequence[Piece]) -> None:
    """Check that each piece comes with what it needs."""
    before: set[int] = set()
    for piece in pieces:
        if piece.kind in {BlockKind.LIST_ITEM, BlockKind.CODE}:
            assert piece.lead_in is None or id(piece.lead_in) in before, "never without its lead-in"
        assert piece.parent is None or id(piece.parent) in before, "never without the item that it is in"
        before.add(id(piece))
    assert not pieces[-1].text.endswith(":"), "a lead-in is never quoted alone"


def _check_lines(quote: Quote, pieces: Sequence[Piece]) -> None:
    """Check that items and rows are whole, that steps keep their numbers, and that code keeps its lines."""
    code = [passage.text for passage in quote.passages if passage.is_code]
    code += [passage.text for passage in quote.passages if "```" in passage.text and not passage.is_code]
    assert code == [piece.text.expandtabs(4) for piece in pieces if piece.kind is BlockKind.CODE]
    items = {folded(line) for line in quote.text.replace(" […] ", "\n").split("\n")}
    assert items >= {piece.text for piece in pieces if piece.kind is BlockKind.LIST_ITEM}
    rows = folded(quote.text.replace(";", ""))
    assert all(piece.text.replace(";", "") in rows for piece in pieces if piece.kind is BlockKind.TABLE_ROW)


def check_messages(quotes: Sequence[Quote], entry: IndexedArticle) -> None:
    """Check each character that is sent of some quotations, and prove each from what readers see."""
    shown, article = render_more(Message.PASSAGES, quotes), entry.article
    known = Known(
        quotations=[quote.text for quote in quotes],
        facts={article.id, *([article.title.value] if article.title else [])},
        languages={block.language for block in entry.blocks} | {""},
        headings={" › ".join(quote.headings) for quote in quotes},
    )
    account([view.to_components() for view in shown.views], known)  # type: ignore[no-untyped-call]  # untyped there
    for quote, words in zip(quotes, read_quotations(shown.views), strict=True):
        prove_quote(quote, entry, words)


def check_whole(entry: IndexedArticle, document: Document) -> None:
    """Check that everything written is read, in its order, and nothing else."""
    assert read_blocks(entry) == [as_written(piece) for piece in Truth(document).pieces if piece.kind]
    said = [folded(entry.article.text[slice(*sentence.span)]) for sentence in entry.body_sentences]
    assert " ".join(said) == " ".join(map(in_article, Truth(document).pieces))
    check_quotations(entry, document)


@thorough
@given(documents())
def test_markdown_is_quoted_as_it_was_written(document: Document) -> None:
    check_whole(entry_of("a.md", markdown(document)), document)


@pytest.mark.parametrize("nodes", EXTREMES.values(), ids=EXTREMES)
def test_what_is_long_wide_or_deep_is_split_and_never_cut(nodes: Sequence[Write]) -> None:
    document = document_of(nodes)
    check_whole(entry_of("a.md", markdown(document)), document)


@thorough
@given(documents())
def test_a_page_is_quoted_as_it_was_written(document: Document) -> None:
    entry = entry_of("a.html", html(document))
    written = iter([as_written(piece) for piece in Truth(document).pieces])
    assert all(block in written for block in read_blocks(entry)), "each as it was written, in the same order"
    check_quotations(entry, document)


@thorough
@given(documents(plain_text, levels=(7,)))
def test_a_faq_in_plain_text_is_quoted_as_it_was_written(document: Document) -> None:
    check_whole(entry_of("a.txt", text(document)), document)


@thorough
@given(documents(of_word, levels=(2, 3)))
def test_a_word_document_is_quoted_as_it_was_written(document: Document) -> None:
    check_whole(entry_of("a.docx", word(document)), document)
