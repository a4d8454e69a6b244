"""Who did what to whom in a sentence: the places of the doer and the receiver around a verb, by the order of words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.analysis.sentence_features import SentenceFeatures
from index.analysis.thesaurus import base_forms
from index.analysis.word_classes import (
    Word,
    begins_phrase,
    ends_phrase,
    is_adverb,
    is_auxiliary,
    is_past,
    is_plural,
    is_saying,
    noun_phrase_end,
    skip_adverbs,
    stems_of_class,
    word_class,
)

JOINING = frozenset({",", "and", "or", "of", "for", "in", "at", "(", ")"})
"""What continues a noun phrase: "Alpha (London), the bank of Beta, and Gamma"."""


class Place(NamedTuple):
    """Where a role may stand: words [start, end); and the last word of what surely has the role."""

    start: int
    end: int
    head: int | None = None
    is_unsaid: bool = False
    """Whether the verb leaves out what has the role: "to accuse X", "accusing X"."""


class Roles(NamedTuple):
    """The places of both roles of one verb."""

    doer: Place
    receiver: Place


NOWHERE = Place(0, 0)


class SentenceRoles:
    """The words of a sentence, and the roles around its verbs."""

    def __init__(self, features: SentenceFeatures, *, saying: bool) -> None:
        """`saying`: whether the verbs are those of saying, whose doer a quotation may come before."""
        self.words, self.times, self.saying = features.word_list, frozenset(features.times), saying
        self.stems = features.word_stems

    def of_verb(self, at: int) -> Roles | None:
        """The places of both roles of the verb here; None where the word is no verb, or another one has its doer."""
        first, helper = self._verb_group(at)
        verb, before = self.words[at], self.words[first - 1] if first else None
        is_infinitive = not helper and before is not None and before.text == "to"
        if not helper and not is_infinitive:
            if verb.text == "according":
                return Roles(self._after(at + 1), NOWHERE)
            if _is_no_verb(verb, before) or (self.saying and self._is_coordinated(first)):
                return None
            if not self._is_finite(at, before):
                return Roles(Place(0, at), Place(at, len(self.words)))
        if is_infinitive or (verb.text.endswith("ing") and not helper):
            return Roles(Place(0, first, is_unsaid=True), self._after(at))
        if self._is_passive(at, helper):
            return Roles(self._agent(at), self._before(first))
        is_after_mark = self.saying and before is not None and before.is_mark
        return self._inverted(at, first) if is_after_mark else Roles(self._before(first), self._after(at))

    def is_only_planned(self, at: int) -> bool:
        """Whether the verb here says no more than that something may be done, or is intended: "vowed to take"."""
        first, _ = self._verb_group(at)
        if first > 1 and self.words[first - 1].text == "to":
            governing = self.stems[first - 2]
            return not stems_of_class("intending").isdisjoint((governing, *base_forms(governing)))
        return any(word.text in word_class("uncertain") for word in self.words[first:at])

    def _verb_group(self, at: int) -> tuple[int, str]:
        """The first word of the verb with its adverbs and auxiliaries, and the last of these."""
        helper = ""
        while at and (is_adverb(self.words[at - 1]) or is_auxiliary(self.words[at - 1])):
            at -= 1
            if is_auxiliary(self.words[at]):
                helper = helper or self.words[at].text
        return at, helper

    def _is_coordinated(self, first: int) -> bool:
        """Whether a verb of saying shares the doer of an earlier one: "X denied it and said"."""
        joined = first > 0 and self.words[first - 1].text in word_class("conjunctions")
        return joined and any(is_saying(word) and is_past(word) for word in self.words[:first])

    def _is_finite(self, at: int, before: Word | None) -> bool:
        """Whether a word without auxiliary is surely a verb here."""
        verb, after = self.words[at], self.words[at + 1] if at + 1 < len(self.words) else None
        if verb.text.endswith("ing") or is_past(verb):
            return True
        if before is not None and before.is_name and is_plural(verb) and not is_plural(before):
            return True
        if after is None or (self.saying and is_plural(verb) and after.is_mark):
            return after is not None
        return begins_phrase(after) or is_adverb(after) or after.text in {"that", '"'}

    def _is_passive(self, at: int, helper: str) -> bool:
        """Whether it is a passive, or a past form directly before "by": "was accused", "the firm accused by"."""
        if not is_past(self.words[at]):
            return False
        by_next = at + 1 < len(self.words) and self.words[at + 1].text == "by"
        return helper in word_class("being") if helper else by_next

    def _before(self, at: int) -> Place:
        """What stands before a verb; its head is the word before it, or what a relative pronoun there is about."""
        start = at
        while start and not self._begins_clause(self.words[start - 1]):
            start -= 1
        last = self._skip_time(at) - 1
        if last >= start and self.words[last].text in word_class("relative"):
            last -= 2 if self.words[last - 1].text == "," else 1
        if last < start or ends_phrase(self.words[last]) or self.words[last].text in word_class("determiners"):
            return Place(start, at)
        return Place(start, at, last)

    def _begins_clause(self, word: Word) -> bool:
        return word.text in word_class("clauses") or word.text in {";", ":"} or (self.saying and word.text == '"')

    def _skip_time(self, at: int) -> int:
        """The place before the point in time that stands directly before this one: "X on Thursday accused"."""
        end = at
        while at and (self.words[at - 1].start in self.times or self.words[at - 1].text.isdigit()):
            at -= 1
        return at - 1 if 0 < at < end and self.words[at - 1].text in {"on", "in"} else at

    def _after(self, at: int) -> Place:
        """What follows a verb, or "by"; its head is the last word of the first noun phrase."""
        start = skip_adverbs(self.words, at + 1)
        end = broad = noun_phrase_end(self.words, start)
        while broad < len(self.words) and (self.words[broad].text in JOINING or not ends_phrase(self.words[broad])):
            broad += 1
        while end > start and is_adverb(self.words[end - 1]):
            end -= 1
        return Place(start, broad, end - 1 if end > start else None)

    def _agent(self, at: int) -> Place:
        """What stands after "by" in the clause of a passive."""
        for place in range(at + 1, len(self.words)):
            if self.words[place].is_mark:
                break
            if self.words[place].text == "by":
                return self._after(place)
        return NOWHERE

    def _inverted(self, at: int, first: int) -> Roles:
        """The roles of a verb of saying after a mark: its doer follows if a quotation ends there."""
        if '"' not in {word.text for word in self.words[max(0, first - 2) : first]}:
            return Roles(Place(0, len(self.words)), NOWHERE)
        return Roles(self._after(at)._replace(end=len(self.words)), NOWHERE)


def places_of(stems: Sequence[str] | frozenset[str], features: SentenceFeatures) -> list[int]:
    """The places of these stems among the words of a sentence."""
    starts = {span.start for one in stems for span in features.spans.get(one, ())}
    return [at for at, word in enumerate(features.word_list) if word.start in starts] if starts else []


def _is_no_verb(verb: Word, before: Word | None) -> bool:
    """Whether a word without auxiliary is a noun or an adjective here: "the accused", "in reports"."""
    if before is None:
        return False
    is_headed = before.text in word_class("prepositions") and not verb.text.endswith("ing")
    return before.text in word_class("determiners") or is_headed
