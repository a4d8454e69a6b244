"""Rendering of answers, search results and single sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.i18n.messages import Say
from bot.layout.buttons import Button, Press
from bot.layout.links import link_to_quote
from bot.layout.markdown import user_words
from bot.layout.pages import Block, Shown, limited
from bot.layout.parts import Asked, Figure, Fixed, Inline, Line, Person, Quoted, Recorded, SourceUrl
from index.models import Answer, Article, Fact, Quote, Reading, SearchScope, Verdict

LABELLED_AT_MOST = 200
"""Characters of a metadata value up to which it shares a line with its label."""
ECHO_AT_MOST = 300
"""Characters of a question that are repeated in the answer."""
LISTING_AT_MOST = 5
"""Messages that a list of passages may take."""
SOURCES_AT_MOST = 5
"""Sources listed under a quotation with their metadata; a message has room for two at the maximum length."""
ROW = 5
WITHOUT_QUOTES = {
    "no-articles": Say.NO_ARTICLES,
    "nothing-quotable": Say.NOTHING_QUOTABLE,
    "nothing-to-search-for": Say.NOTHING_TO_LOOK_FOR,
    "small-talk": Say.SMALL_TALK,
    "too-broad": Say.TOO_BROAD,
    "unreadable": Say.UNREADABLE,
}
"""The sentence for an answer without quotations, by the rule that decided it; `Say.NOT_FOUND` for all others."""
NOT_FOUND = {
    SearchScope.ALL: Say.NOT_FOUND,
    SearchScope.ARTICLE: Say.NOT_FOUND_IN_ARTICLE,
    SearchScope.WITH_URL: Say.NOT_FOUND_WITH_URL,
}
LABELLED = (("publisher", Say.BY_PUBLISHER), ("author", Say.BY_AUTHOR), ("published", Say.PUBLISHED_ON))


def said(sentence: Say, **values: Inline) -> Shown:
    """Render one fixed sentence."""
    return Shown.of([_sentence(sentence, **values)])


def _sentence(sentence: Say, **values: Inline) -> Block:
    return Block((Fixed.of(sentence, **values),), framed=False)


@dataclass(frozen=True)
class Asker:
    """The asker, for an answer that appears away from the question; a private one is seen only by them."""

    user: int
    private: bool = False


def answer_shown(answer: Answer, asker: Asker | None = None, given: str | None = None) -> Shown:
    """Render an answer: its quotations, the possible ones under a caveat, or the sentence that says why there are none.

    Args:
        answer: the answer.
        asker: the asker, if the answer appears away from the question and has to repeat it.
        given: the answer's id for its buttons; None for no buttons.
    """
    asked = _asked(answer.question, asker) if asker else []
    asked += _readings(answer.readings)
    rows = _rows(answer, given, deletable=not (asker and asker.private)) if given else ()
    if answer.shown:
        caveat = [_sentence(Say.MAY_ANSWER)] if answer.possible else []
        return Shown.of([*asked, *caveat, *map(quote_block, answer.shown)], answer.shown, rows)
    sentences = [WITHOUT_QUOTES.get(answer.reasons.rule, NOT_FOUND[answer.scope])]
    if given and _labels(answer):
        sentences.append(Say.SUGGESTIONS)
    return Shown.of([*asked, Block(tuple(map(Fixed.of, sentences)), framed=False)], (), rows)


def _rows(answer: Answer, given: str, *, deletable: bool) -> list[list[Button]]:
    rows = []
    labels = _labels(answer)
    if labels:
        rows.append([Button(Press.SUGGESTION, given, number, label) for number, label in labels])
    presses = []
    if answer.shown:
        presses = [Press.CONTEXT, *([Press.MORE] if answer.nearest else []), Press.GOOD, Press.BAD]
    elif answer.verdict is Verdict.NOT_FOUND:
        presses = [*([Press.NEAREST] if answer.nearest else []), Press.BAD]
    presses += [Press.DELETE] if deletable else []
    return [*rows, [Button.of(press, given) for press in presses]] if presses else rows


def _labels(answer: Answer) -> list[tuple[int, str]]:
    """Return the suggestions' numbers and labels, without invisible labels."""
    labels = ((number, suggestion.label) for number, suggestion in enumerate(answer.suggestions))
    return [(number, label) for number, label in labels if user_words(label)][:ROW]


def context_shown(around: Sequence[tuple[Quote | None, Quote, Quote | None]]) -> Shown:
    """Render each quotation between the sentences before and after it."""
    blocks, quotes = [Block((Fixed.of(Say.CONTEXT_OF),), framed=False)], []
    for before, quoted, after in around:
        lines: list[Line] = []
        for heading, piece in ((Say.BEFORE, before), (Say.ITSELF, quoted), (Say.AFTER, after)):
            if piece is not None:
                lines += [Fixed.of(heading), Quoted(piece.text, piece.matched)]
                quotes.append(piece)
        if before is None and after is None:
            lines.append(Fixed.of(Say.NOTHING_AROUND))
        blocks.append(_with_sources(lines, quoted))
    return Shown.of(blocks, quotes)


def more_shown(
    heading: Say, quotes: Sequence[Quote], following: Button | None = None, readings: Sequence[Reading] = ()
) -> Shown:
    """Render further passages under a heading.

    Args:
        heading: the sentence above them.
        quotes: the passages.
        following: the button for the next page.
        readings: spelling corrections not shown yet.
    """
    head = [*_readings(readings), Block((Fixed.of(heading if quotes else Say.NO_MORE),), framed=False)]
    return Shown.of([*head, *map(quote_block, quotes)], quotes, [[following]] if following else ())


def passages_shown(terms: str, quotes: Sequence[Quote]) -> Shown:
    """Render search results, best first; those that do not fit are counted."""
    asked = _echo(terms, Say.SEARCHED, Say.SEARCHED_AT_LENGTH)
    if not quotes:
        return Shown.of([*asked, Block((Fixed.of(Say.NOTHING_FOUND),), framed=False)])
    head = [*asked, Block((Fixed.of(Say.PASSAGES),), framed=False)]
    blocks, shown = limited(head, [quote_block(quote) for quote in quotes], LISTING_AT_MOST, Say.MORE_PASSAGES)
    return Shown.of(blocks, quotes[:shown])


def quote_block(quote: Quote) -> Block:
    """Render a quotation with its source and link button, then the other articles that contain it."""
    said = [Fixed.of(Say.PRINTED_HYPHENS)] if quote.keeps_hyphens else []
    return _with_sources([Quoted(quote.text, quote.matched), *said], quote)


def _with_sources(lines: Sequence[Line], quote: Quote) -> Block:
    """Return the lines and the sources below them, each with its link button; sources over the limit are counted."""
    listed = quote.also[: SOURCES_AT_MOST - 1]
    below = [Block((Fixed.of(Say.ALSO_IN), *source_lines(source.article)), link_to_quote(source)) for source in listed]
    further = len(quote.also) - len(listed) + quote.further_sources
    if further:
        below.append(Block((Fixed.of(Say.FURTHER_SOURCES, count=Figure(further)),)))
    return Block((*lines, *source_lines(quote.article)), link_to_quote(quote), below=tuple(below))


def source_lines(article: Article) -> list[Line]:
    """Return title, publisher, author and date where recorded, and the source URL or that none is recorded."""
    title: Line = recorded(article.title, bold=True) or Fixed.of(Say.UNTITLED, id=Recorded.of(article.id))
    others = (_labelled(sentence, getattr(article, name)) for name, sentence in LABELLED)
    url: Line = SourceUrl.of(article.url.value) if article.url else Fixed.of(Say.NO_URL)
    return [title, *filter(None, others), url]


def recorded(fact: Fact | None, *, bold: bool = False) -> Recorded | None:
    """Return a metadata value on one line; None if it is missing or blank."""
    piece = Recorded.of(fact.value, bold=bold) if fact else None
    return piece if piece and piece.value else None


def _labelled(sentence: Say, fact: Fact | None) -> Line | None:
    """Return a metadata value after its label; a long one alone, since it may have to be split over messages."""
    piece = recorded(fact)
    if piece is None or len(piece.value) > LABELLED_AT_MOST:
        return piece
    return Fixed.of(sentence, fact=piece)


def _asked(question: str, asker: Asker) -> list[Block]:
    if asker.private:
        return _echo(question, Say.ASKED, Say.ASKED_AT_LENGTH)
    return _echo(question, Say.ASKED_BY, Say.ASKED_BY_AT_LENGTH, asker=Person(asker.user))


def _echo(text: str, whole: Say, in_part: Say, **values: Inline) -> list[Block]:
    words = user_words(text)
    if not words:
        return []
    sentence = whole if len(words) <= ECHO_AT_MOST else in_part
    return [Block((Fixed.of(sentence, question=Asked.of(words[:ECHO_AT_MOST]), **values),), framed=False)]


def _readings(readings: Iterable[Reading]) -> list[Block]:
    return [
        Block((Fixed.of(Say.READ_AS, written=Asked.of(one.written), read=Recorded.of(one.read_as)),), framed=False)
        for one in readings
        if user_words(one.written)
    ]


def help_shown() -> Shown:
    """Render the help text."""
    lines = (Say.HELP_WHAT, Say.HELP_ASK, Say.HELP_COMMANDS, Say.HELP_BOLD, Say.HELP_NEVER)
    return Shown.of([Block((Fixed.of(line),), framed=False) for line in lines])


def privacy_shown(*, keeps_questions: bool) -> Shown:
    """Render what is stored about a member."""
    lines = (Say.PRIVACY if keeps_questions else Say.PRIVACY_NO_QUESTIONS, Say.PRIVACY_MORE)
    return Shown.of([Block((Fixed.of(line),), framed=False) for line in lines])
