"""Rendering of answers, search results and single sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.i18n.messages import LanguageName, Message
from bot.layout.buttons import Button, ButtonAction
from bot.layout.limits import BUTTONS
from bot.layout.markdown import single_line
from bot.layout.pages import Block, QuotationGroup, RenderedMessages, truncate
from bot.layout.parts import FixedSentence, Inline, Line, MetadataText, NameOfLanguage, UserMention, UserText
from bot.layout.quotations import Quotation, quotation_blocks, quoted_lines, quotes_in
from index.analysis.conversation import SmallTalk
from index.models import Answer, Quote, SearchScope, SpellingCorrection, Verdict

MAX_ECHO_LENGTH = 300
"""Characters of a question that are repeated in the answer."""
MAX_ARTICLES_LISTED = 5
"""Messages that a list of passages may take."""
WITHOUT_QUOTES = {
    "no-articles": Message.NO_ARTICLES,
    "no-more": Message.NO_MORE,
    "nothing-quotable": Message.NOTHING_QUOTABLE,
    "nothing-to-search-for": Message.NOTHING_TO_LOOK_FOR,
    SmallTalk.CHAT: Message.SMALL_TALK,
    SmallTalk.STRAY: Message.TOO_SHORT,
    SmallTalk.THANKS: Message.YOU_ARE_WELCOME,
    SmallTalk.WORDLESS: Message.NOTHING_TO_LOOK_FOR,
    "too-broad": Message.TOO_BROAD,
    "unreadable": Message.UNREADABLE,
}
"""The sentence for an answer without quotations, by the rule that decided it; `Message.NOT_FOUND` for all others."""
CAVEATS = {"more": Message.MORE_OF}
"""The sentence above possible quotations, by the rule that decided it; `Message.MAY_ANSWER` for all others."""
NOT_FOUND = {
    SearchScope.ALL: Message.NOT_FOUND,
    SearchScope.ARTICLE: Message.NOT_FOUND_IN_ARTICLE,
    SearchScope.WITH_URL: Message.NOT_FOUND_WITH_URL,
}


def render_message(sentence: Message, **values: Inline) -> RenderedMessages:
    """Render one fixed sentence."""
    return RenderedMessages.of([_sentence(sentence, **values)])


def _sentence(sentence: Message, **values: Inline) -> Block:
    return Block((FixedSentence.of(sentence, **values),), framed=False)


@dataclass(frozen=True)
class Asker:
    """The asker, for an answer that appears away from the question; a private one is seen only by them."""

    user: int
    private: bool = False


def render_answer(answer: Answer, asker: Asker | None = None, answer_id: str | None = None) -> RenderedMessages:
    """Render an answer: its quotations, the possible ones under a caveat, or the sentence that says why there are none.

    Args:
        answer: the answer.
        asker: the asker, if the answer appears away from the question and has to repeat it.
        answer_id: the answer's id for its buttons; None for no buttons.
    """
    asked = question_blocks(answer.question, asker) if asker else []
    asked += [*read_with_blocks(answer), *correction_blocks(answer.corrections)]
    row = _row(answer, answer_id) if answer_id else ()
    if answer.shown_quotes:
        caveat = [_sentence(CAVEATS.get(answer.explanation.rule, Message.MAY_ANSWER))] if answer.possible else []
        caveat += _language_blocks(answer)
        caveat += _unanswered_blocks(answer.unanswered)
        quotations = [*map(Quotation.of, answer.shown_quotes)]
        return RenderedMessages.of([*asked, *caveat, *quotation_blocks(quotations)], quotes_in(quotations), row)
    sentences = [WITHOUT_QUOTES.get(answer.explanation.rule, NOT_FOUND[answer.scope])]
    if answer_id and _labels(answer):
        sentences.append(Message.SUGGESTIONS)
    return RenderedMessages.of([*asked, Block(tuple(map(FixedSentence.of, sentences)), framed=False)], (), row)


def _language_blocks(answer: Answer) -> list[Block]:
    """Return the sentence that names the languages of the quotations, if they are in others than the question."""
    codes = dict.fromkeys(quote.article.language_code for quote in answer.shown_quotes)
    others = [code for code in codes if answer.language and code and code != answer.language]
    return [_sentence(Message.OTHER_LANGUAGE, language=language_name(code)) for code in others]


def language_name(code: str) -> NameOfLanguage | MetadataText:
    """Return the name of a language; its code if the bot has no name for it."""
    name = LanguageName.__members__.get(code.upper())
    return MetadataText.of(code) if name is None else NameOfLanguage(name)


def _row(answer: Answer, answer_id: str) -> list[Button]:
    """Return the buttons under an answer: the suggestions, or what can be done with it."""
    labels = _labels(answer)
    if labels:
        return [Button(ButtonAction.SUGGESTION, answer_id, number, label) for number, label in labels]
    actions: list[ButtonAction] = []
    if answer.shown_quotes:
        further = [ButtonAction.MORE] if answer.nearest else []
        actions = [ButtonAction.CONTEXT, *further, ButtonAction.GOOD, ButtonAction.BAD]
    elif answer.verdict is Verdict.NOT_FOUND:
        actions = [*([ButtonAction.NEAREST] if answer.nearest else []), ButtonAction.BAD]
    return [Button.of(action, answer_id) for action in actions]


def _labels(answer: Answer) -> list[tuple[int, str]]:
    """Return the suggestions' numbers and labels, without invisible labels."""
    labels = ((number, suggestion.label) for number, suggestion in enumerate(answer.suggestions))
    return [(number, label) for number, label in labels if single_line(label)][:BUTTONS]


def render_context(around: Sequence[tuple[Quote | None, Quote, Quote | None]]) -> RenderedMessages:
    """Render each quotation between the sentences before and after it, those of an article together."""
    quotations = []
    for before, quoted, after in around:
        lines: list[Line] = []
        pieces = []
        for heading, piece in ((Message.BEFORE, before), (Message.ITSELF, quoted), (Message.AFTER, after)):
            if piece is not None:
                lines += [FixedSentence.of(heading), *quoted_lines(piece)]
                pieces.append(piece)
        if before is None and after is None:
            lines.append(FixedSentence.of(Message.NOTHING_AROUND))
        quotations.append(Quotation(quoted, tuple(lines), tuple(pieces)))
    blocks = [_sentence(Message.CONTEXT_OF), *quotation_blocks(quotations)]
    return RenderedMessages.of(blocks, quotes_in(quotations))


def render_more(
    heading: Message,
    quotes: Sequence[Quote],
    following: Button | None = None,
    corrections: Sequence[SpellingCorrection] = (),
) -> RenderedMessages:
    """Render further passages under a heading.

    Args:
        heading: the sentence above them.
        quotes: the passages.
        following: the button for the next page.
        corrections: spelling corrections not shown yet.
    """
    head = [
        *correction_blocks(corrections),
        Block((FixedSentence.of(heading if quotes else Message.NO_MORE),), framed=False),
    ]
    quotations = [*map(Quotation.of, quotes)]
    row = [following] if following else ()
    return RenderedMessages.of([*head, *quotation_blocks(quotations)], quotes_in(quotations), row)


def render_passages(
    terms: str, quotes: Sequence[Quote], corrections: Sequence[SpellingCorrection] = ()
) -> RenderedMessages:
    """Render search results, best first, below the corrections to the words; those that do not fit are counted."""
    asked = [*_echo(terms, Message.SEARCHED, Message.SEARCHED_AT_LENGTH), *correction_blocks(corrections)]
    if not quotes:
        return RenderedMessages.of([*asked, Block((FixedSentence.of(Message.NOTHING_FOUND),), framed=False)])
    head = [*asked, _sentence(Message.PASSAGES)]
    quotations = [*map(Quotation.of, quotes)]

    def first(count: int) -> list[Block | QuotationGroup]:
        return [*head, *quotation_blocks(quotations[:count])]

    blocks, shown = truncate(first, MAX_ARTICLES_LISTED, Message.MORE_PASSAGES, len(quotes))
    return RenderedMessages.of(blocks, quotes_in(quotations[:shown]))


def question_blocks(question: str, asker: Asker) -> list[Block]:
    """Repeat the question, and who asked it, above an answer that appears away from it."""
    if asker.private:
        return _echo(question, Message.ASKED, Message.ASKED_AT_LENGTH)
    return _echo(question, Message.ASKED_BY, Message.ASKED_BY_AT_LENGTH, asker=UserMention(asker.user))


def read_with_blocks(answer: Answer) -> list[Block]:
    """Repeat the earlier question that a follow-up was read together with."""
    return _echo(answer.read_with or "", Message.READ_WITH, Message.READ_WITH_AT_LENGTH)


def _unanswered_blocks(parts: Iterable[str]) -> list[Block]:
    return [
        _sentence(Message.UNANSWERED_PART, part=UserText.of(words[:MAX_ECHO_LENGTH]))
        for words in map(single_line, parts)
        if words
    ]


def _echo(text: str, whole: Message, in_part: Message, **values: Inline) -> list[Block]:
    words = single_line(text)
    if not words:
        return []
    sentence = whole if len(words) <= MAX_ECHO_LENGTH else in_part
    return [Block((FixedSentence.of(sentence, question=UserText.of(words[:MAX_ECHO_LENGTH]), **values),), framed=False)]


def correction_blocks(corrections: Iterable[SpellingCorrection]) -> list[Block]:
    """Say which words were read as others."""
    return [
        Block(
            (FixedSentence.of(Message.READ_AS, written=UserText.of(one.written), read=MetadataText.of(one.corrected)),),
            framed=False,
        )
        for one in corrections
        if single_line(one.written)
    ]


def render_help() -> RenderedMessages:
    """Render the help text."""
    return RenderedMessages.of(help_blocks())


def help_blocks() -> list[Block]:
    """Return the help text."""
    lines = [Message.HELP_WHAT, Message.HELP_ASK, Message.HELP_COMMANDS, Message.HELP_BOLD]
    lines += [Message.HELP_DELETE, Message.HELP_NEVER]
    return [Block((FixedSentence.of(line),), framed=False) for line in lines]


def render_privacy(*, keeps_questions: bool) -> RenderedMessages:
    """Render what is stored about a member."""
    stored = Message.PRIVACY if keeps_questions else Message.PRIVACY_NO_QUESTIONS
    lines = (stored, Message.PRIVACY_MORE, Message.PRIVACY_REFUSED)
    return RenderedMessages.of([Block((FixedSentence.of(line),), framed=False) for line in lines])
