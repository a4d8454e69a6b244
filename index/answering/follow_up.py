"""The answer to a follow-up: by itself, or together with the questions before it.

Nothing is made up: what is searched for are words of these questions, and for a pronoun a name from the quotation. Only
sentences about the same subject are searched, first those of the articles that were quoted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.analysis.analyzer import terms
from index.analysis.follow_up import FollowUp, FollowUpKind, parse_follow_up
from index.analysis.languages import ENGLISH
from index.analysis.question import AnswerType, parse_question
from index.answering.other_languages import languages_to_ask
from index.answering.parts import contains
from index.answering.subject import (
    Subject,
    chunks_of_articles,
    chunks_with,
    comes_after,
    person_in,
    subject_of,
    with_surroundings,
    without_topic,
)
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection
from index.models import Answer, Explanation, Preceding, Quote, SearchScope, Verdict

PAGE_SIZE = 3
"""Further passages that are shown at once."""
SURE = frozenset({AnswerType.TIME, AnswerType.NUMBER, AnswerType.REASON})
"""Types of answer that a bare question word may surely get: a quotation shows whether it has one."""
UNSURE = 0.4
"""The probability below which one quotation is shown at most, and only with a word of the follow-up; if that has none,
only what was quoted before."""
MIN_TERMS_ALONE = 2
"""Fewest terms of a question with a pronoun that is surely answered without what the pronoun stands for."""
SOURCE, MORE, NO_MORE = "source", "more", "no-more"
"""The rules by which a follow-up is answered without a search: what was quoted, what ranked next, nothing more."""
Ask = Callable[[str, ChunkFilter | None], Answer]
"""Asks a question of the chunks that may be found, or of all."""


def is_carried(answer: Answer) -> bool:
    """Whether an answer takes anything over from the one that its question follows."""
    return answer.read_with is not None or answer.explanation.rule in {SOURCE, MORE, NO_MORE}


@dataclass(frozen=True)
class _Asked:
    """A follow-up, and what it is asked of."""

    text: str
    follow_up: FollowUp
    preceding: Preceding
    subject: Subject | None
    collection: Collection
    within: ChunkFilter | None
    scope: SearchScope

    @property
    def read_with(self) -> str | None:
        """The earlier question, as it was asked."""
        return self.subject.question if self.subject else None


def answer_follow_up(  # noqa: PLR0913  # a question, what it follows, and what it is asked of
    text: str, preceding: Preceding, ask: Ask, collection: Collection, *, within: ChunkFilter | None, scope: SearchScope
) -> Answer:
    """The answer to a question that may be a follow-up: by itself first if it is understood so, else together."""
    follow_up = parse_follow_up(text)
    if follow_up is None:
        return ask(text, within)
    subject = subject_of(preceding, collection)
    asked = _Asked(text, follow_up, preceding, subject, collection, within, scope)
    if preceding.quotes and follow_up.kind is FollowUpKind.RECORD:
        return _answer_about_subject(asked, ask) or _what_was_quoted(asked)
    if (preceding.quotes or subject) and follow_up.kind is FollowUpKind.MORE:
        return _further_passages(asked)
    if subject is None or follow_up.kind in {FollowUpKind.RECORD, FollowUpKind.MORE}:
        return ask(text, within)
    if follow_up.stands_alone and (alone := _answer_alone(asked, ask)):
        return alone
    together = _answer_together(asked, subject, ask)
    alone = None if together.shown_quotes or follow_up.stands_alone else _answer_alone(asked, ask)
    return alone or together


def _answer_alone(asked: _Asked, ask: Ask) -> Answer | None:
    """The answer to a follow-up by itself; None where it has none, or is not understood so and is not sure."""
    if asked.follow_up.kind is FollowUpKind.BARE:
        return None
    alone = ask(asked.follow_up.query, asked.within)
    needs_other = asked.follow_up.kind is FollowUpKind.PRONOUN
    if not alone.shown_quotes or (needs_other and alone.verdict is not Verdict.ANSWERED):
        return None
    if needs_other and len(parse_question(asked.follow_up.query).stems) < MIN_TERMS_ALONE:
        return _showing(asked, alone, alone.shown_quotes[:1], Verdict.MAY_ANSWER)
    return alone.model_copy(update={"question": asked.text, "unanswered_parts": ()})


def _answer_together(asked: _Asked, subject: Subject, ask: Ask) -> Answer:
    query, topic = _query(asked, subject)
    is_about_another = asked.follow_up.kind is FollowUpKind.ABOUT
    about = chunks_with(topic, () if is_about_another else asked.preceding.quotes, asked.collection, asked.within)
    if not about.any():
        return _decided(asked, Verdict.NOT_FOUND, "no-passage")
    here = about & chunks_of_articles(asked.preceding.quotes, asked.collection)
    found = _cautious(asked, query, topic, _nearer(ask(query, here), lambda: ask(query, about)))
    return found.model_copy(update={"question": asked.text, "read_with": asked.read_with, "unanswered_parts": ()})


def _query(asked: _Asked, subject: Subject) -> tuple[str, str]:
    """What is searched for, and what it is about."""
    follow_up = asked.follow_up
    if follow_up.kind is FollowUpKind.ABOUT:
        return f"{without_topic(subject)} {follow_up.thing}", follow_up.thing
    person = person_in(asked.preceding.quotes, subject.words) if follow_up.is_of_person else None
    if person is not None:
        start, end = follow_up.pronouns[0]
        return follow_up.query[:start] + person + follow_up.query[end:], person
    if follow_up.kind is FollowUpKind.PRONOUN:
        return f"{follow_up.query} {subject.topic}", subject.topic
    return f"{subject.words} {_own_words(asked, subject)}", subject.topic


def _own_words(asked: _Asked, subject: Subject) -> str:
    """The follow-up in the language of the earlier question."""
    there = list(asked.collection.languages)
    is_english = there in ([], [ENGLISH]) or ENGLISH in (languages_to_ask(subject.question, there).own or {ENGLISH})
    return asked.follow_up.query if is_english else asked.follow_up.as_written


def _nearer(near: Answer, ask_all: Callable[[], Answer]) -> Answer:
    """The answer from the articles that were quoted, unless the one from all is better."""
    if near.verdict is Verdict.ANSWERED:
        return near
    whole = ask_all()
    is_likelier = near.explanation.probability >= whole.explanation.probability
    return near if near.shown_quotes and whole.verdict is not Verdict.ANSWERED and is_likelier else whole


def _cautious(asked: _Asked, query: str, topic: str, found: Answer) -> Answer:
    """The answer, if it is sure that the follow-up asks for this; else what of it may be an answer.

    It is sure only if the quotation has every term of the follow-up, or what its bare question word asks for.
    """
    if not found.shown_quotes:
        return found
    searched, own = parse_question(query), parse_question(asked.follow_up.query).stems
    held = [searched.stems & {term.term for term in terms(quote.text)} for quote in found.shown_quotes]
    is_sure = held[0] >= own if own else searched.answer_type in SURE
    kept = [quote for quote, words in zip(found.shown_quotes, held, strict=True) if words >= held[0]]
    if found.explanation.probability < UNSURE:
        is_close = bool(held[0] & own) if own else _was_quoted(asked, kept[0])
        kept = kept[:1] if is_close else []
    if found.verdict is Verdict.ANSWERED and is_sure:
        return _showing(asked, found, kept, Verdict.ANSWERED)
    if kept and not own:
        kept = [with_surroundings(kept[0], topic, asked.collection, asked.within)]
    return _showing(asked, found, kept, Verdict.MAY_ANSWER if kept else Verdict.NOT_FOUND)


def _was_quoted(asked: _Asked, quote: Quote) -> bool:
    return any(contains(one, quote) or contains(quote, one) for one in asked.preceding.quotes)


def _showing(asked: _Asked, found: Answer, quotes: Sequence[Quote], verdict: Verdict) -> Answer:
    """The answer with these quotations, only the follow-up's own words in bold; the others are among the nearest."""
    others = [one for one in (*found.shown_quotes, *found.nearest) if not any(contains(quote, one) for quote in quotes)]
    shown = tuple(_with_own_words(asked, quote) for quote in quotes)
    return found.model_copy(
        update={
            "verdict": verdict,
            "quotes": shown if verdict is Verdict.ANSWERED else (),
            "possible": shown if verdict is Verdict.MAY_ANSWER else (),
            "nearest": tuple(_with_own_words(asked, quote) for quote in others),
        }
    )


def _with_own_words(asked: _Asked, quote: Quote) -> Quote:
    own = {term.term for term in terms(asked.text)}
    matched = tuple(word for word in quote.matched if own.intersection(term.term for term in terms(word)))
    return quote.model_copy(update={"matched": matched})


def _answer_about_subject(asked: _Asked, ask: Ask) -> Answer | None:
    """The sure answer to who wrote or published what the articles are about, and when; None where they do not say."""
    subject, follow_up = asked.subject, asked.follow_up
    if subject is None or not follow_up.may_be_about_subject:
        return None
    if not follow_up.pronouns:  # it names what it asks about: the report
        alone = ask(follow_up.query, asked.within)
        return alone if alone.verdict is Verdict.ANSWERED else None
    start, end = follow_up.pronouns[0]
    found = ask(f"{follow_up.query[:start]}the {subject.topic}{follow_up.query[end:]}", asked.within)
    if found.verdict is not Verdict.ANSWERED:
        return None
    best, quoted = found.quotes[0], {quote.article.id for quote in asked.preceding.quotes}
    names_subject = parse_question(subject.topic).stems <= {term.term for term in terms(best.text)}
    if best.article.id not in quoted or not names_subject:
        return None
    return found.model_copy(update={"question": asked.text, "read_with": asked.read_with, "unanswered_parts": ()})


def _what_was_quoted(asked: _Asked) -> Answer:
    """What was quoted before, for a question about its article."""
    quotes = tuple(_with_own_words(asked, quote) for quote in asked.preceding.quotes)
    return _decided(asked, Verdict.ANSWERED, SOURCE, quotes=quotes, nearest=asked.preceding.nearest)


def _further_passages(asked: _Asked) -> Answer:
    """The passages that ranked next for the earlier question and are about its subject, a few at a time."""
    following = asked.preceding.nearest
    if asked.subject is not None:
        about = chunks_with(asked.subject.topic, (), asked.collection, asked.within)
        quotes = asked.preceding.quotes
        following = tuple(one for one in following if comes_after(one, quotes, about, asked.collection))
    if not following:
        return _decided(asked, Verdict.NOT_FOUND, NO_MORE)
    possible = tuple(_with_own_words(asked, quote) for quote in following[:PAGE_SIZE])
    return _decided(asked, Verdict.MAY_ANSWER, MORE, possible=possible, nearest=following[PAGE_SIZE:])


def _decided(asked: _Asked, verdict: Verdict, rule: str, **quotes: tuple[Quote, ...]) -> Answer:
    """An answer by a rule, without a search."""
    return Answer(
        question=asked.text,
        verdict=verdict,
        scope=asked.scope,
        explanation=Explanation(rule=rule),
        read_with=asked.read_with,
        **quotes,
    )
