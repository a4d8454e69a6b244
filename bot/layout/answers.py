"""Answers, found passages, and fixed sentences, as messages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.layout.links import link_to_quote
from bot.layout.pages import Block, Shown, limited
from bot.layout.pieces import Asked, Fixed, Inline, Line, Quoted, Recorded, SourceUrl
from bot.neutral import user_words
from bot.wording import Say
from index.article import Answer, Article, Fact, Quote, Reading, Verdict

LABELLED_AT_MOST = 200
"""Characters of a fact up to which it shares a line with what it is."""
ECHO_AT_MOST = 300
"""Characters of a question that are echoed."""
LISTING_AT_MOST = 5
"""Messages that a list of passages may take."""
UNCLEAR = {
    "nothing-to-search-for": Say.NOTHING_TO_LOOK_FOR,
    "small-talk": Say.SMALL_TALK,
    "too-broad": Say.TOO_BROAD,
    "unreadable": Say.UNREADABLE,
}
"""What is said of a question that is unclear, by the rule that found it so."""
LABELLED = (("publisher", Say.BY_PUBLISHER), ("author", Say.BY_AUTHOR), ("published", Say.PUBLISHED_ON))


def said(sentence: Say, **values: Inline) -> Shown:
    """A message with one fixed sentence."""
    return Shown.of([Block((Fixed.of(sentence, **values),), framed=False)])


def answer_shown(answer: Answer, *, apart: bool) -> Shown:
    """An answer, or the sentence that says that there is none; with the question where it stands apart from it.

    KeyError where an unclear question is so by a rule that has no sentence.
    """
    asked = _echo(answer.question, Say.ASKED, Say.ASKED_AT_LENGTH) if apart else []
    asked += [Block((_read(reading),), framed=False) for reading in answer.readings if user_words(reading.written)]
    if answer.verdict is not Verdict.ANSWERED:
        sentence = UNCLEAR[answer.reasons.rule] if answer.verdict is Verdict.UNCLEAR else Say.NOT_FOUND
        return Shown.of([*asked, Block((Fixed.of(sentence),), framed=False)])
    return Shown.of([*asked, *map(quote_block, answer.quotes)], answer.quotes)


def passages_shown(terms: str, quotes: Sequence[Quote]) -> Shown:
    """What a search found, best first; passages for which there is no room are counted."""
    asked = _echo(terms, Say.SEARCHED, Say.SEARCHED_AT_LENGTH)
    if not quotes:
        return Shown.of([*asked, Block((Fixed.of(Say.NOTHING_FOUND),), framed=False)])
    head = [*asked, Block((Fixed.of(Say.PASSAGES),), framed=False)]
    blocks, shown = limited(head, [quote_block(quote) for quote in quotes], LISTING_AT_MOST, Say.MORE_PASSAGES)
    return Shown.of(blocks, quotes[:shown])


def quote_block(quote: Quote) -> Block:
    """A quotation, whose it is, and the button that opens it."""
    return Block((Quoted(quote.text), *source_lines(quote.article)), link_to_quote(quote))


def source_lines(article: Article) -> list[Line]:
    """Title; publisher, author and date, each where recorded; the source URL, or that it is not recorded."""
    title: Line = recorded(article.title, bold=True) or Fixed.of(Say.UNTITLED, id=Recorded.of(article.id))
    others = (_labelled(sentence, getattr(article, name)) for name, sentence in LABELLED)
    url: Line = SourceUrl.of(article.url.value) if article.url else Fixed.of(Say.NO_URL)
    return [title, *filter(None, others), url]


def recorded(fact: Fact | None, *, bold: bool = False) -> Recorded | None:
    """The fact on one line; None where it is not recorded, or blank."""
    piece = Recorded.of(fact.value, bold=bold) if fact else None
    return piece if piece and piece.value else None


def _labelled(sentence: Say, fact: Fact | None) -> Line | None:
    """The fact behind what it is; one that is very long on its own, since it may have to go on in the next message."""
    piece = recorded(fact)
    if piece is None or len(piece.value) > LABELLED_AT_MOST:
        return piece
    return Fixed.of(sentence, fact=piece)


def _echo(text: str, whole: Say, in_part: Say) -> list[Block]:
    words = user_words(text)
    if not words:
        return []
    sentence = whole if len(words) <= ECHO_AT_MOST else in_part
    return [Block((Fixed.of(sentence, question=Asked.of(words[:ECHO_AT_MOST])),), framed=False)]


def _read(reading: Reading) -> Fixed:
    """What was read differently from how it was written: the user's word, and the article's."""
    return Fixed.of(Say.READ_AS, written=Asked.of(reading.written), read=Recorded.of(reading.read_as))


def help_shown() -> Shown:
    """What the bot does, how to ask, and what it never does."""
    lines = (Say.HELP_WHAT, Say.HELP_ASK, Say.HELP_COMMANDS, Say.HELP_NEVER)
    return Shown.of([Block((Fixed.of(line),), framed=False) for line in lines])
