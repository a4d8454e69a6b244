"""Who did what to whom, and what is whose, in a question: its verb, and the names around it.

"Who accused X?" states a receiver, "What did X say?" a doer, "Who is the chief of X?" an owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.analysis.analyzer import stem, stop_words
from index.analysis.question import AnswerType, Question
from index.analysis.thesaurus import forms, related
from index.analysis.word_classes import (
    Word,
    begins_phrase,
    ends_phrase,
    is_adverb,
    is_auxiliary,
    is_past,
    is_person,
    is_plural,
    is_saying,
    noun_phrase_end,
    skip_adverbs,
    stems_of_class,
    word_class,
    words_of,
)
from index.ranking.names import is_name

DERIVED = 0.7
"""Lowest thesaurus weight at which another word stands for a name: French for France."""
ASKS_FOR_NOBODY = {AnswerType.TIME, AnswerType.NUMBER, AnswerType.PLACE, AnswerType.REASON, AnswerType.MANNER}
"""Questions in which the roles of two names tell something, and that of one does not."""
MAX_KIND = 4
"""Most words from "which" to the verb."""


class Party(NamedTuple):
    """A name or a noun that the question has in a role."""

    stems: frozenset[str]
    alike: frozenset[str]
    """The stems, the words that stand for them, and the initials."""

    @classmethod
    def of(cls, words: Iterable[str]) -> Party | None:
        """The party of these words; None where there are none."""
        forms_in_order = list(words)
        stems = frozenset(map(stem, forms_in_order))
        if not stems:
            return None
        derived = {other for one in stems for other, weight in related(one).items() if weight >= DERIVED}
        initials = "".join(form[0] for form in forms_in_order)
        return cls(stems, stems | derived | ({initials} if len(initials) > 1 else set()))


class AskedAction(NamedTuple):
    """A verb and what stands around it; what is asked for is None."""

    verb: frozenset[str]
    """The verb's stem and its irregular forms; empty for any verb of saying."""
    doer: Party | None
    receiver: Party | None
    """What something is done to."""
    other: Party | None
    """What it is done to, from, against or for, where the doer is asked for."""
    is_past: bool
    """Whether the question says that it was done."""


class AskedOwner(NamedTuple):
    """A noun and whose it is: "the chief of X", "X's chief"."""

    noun: str
    """Its stem."""
    is_holder: bool
    """Whether it is a word for one person, whose office may stand before it: the X chief."""
    owner: Party


class AskedRoles(NamedTuple):
    """What a question states about its names."""

    action: AskedAction | None
    owner: AskedOwner | None


def asked_roles(question: Question) -> AskedRoles:
    """The roles that the question states; None for what it does not state, or not surely."""
    named = {token.start for token in question.tokens if is_name(token.term, question)}
    words = [word._replace(is_name=word.start in named) for word in words_of(question.text)]
    at = _verb_group(words)
    saying = question.answer_type is AnswerType.SAYING
    action = None if at is None else _Clause(words, at, is_saying=saying).action()
    if action is not None and question.is_negated:
        action = action._replace(is_past=False)
    if action is not None and question.answer_type in ASKS_FOR_NOBODY and None in (action.doer, action.receiver):
        action = action._replace(doer=None, receiver=None, other=None)  # When was X founded?
    return AskedRoles(action, _owner(words))


# ---- whose -----------------------------------------------------------------------------------------------------------


def _owner(words: Sequence[Word]) -> AskedOwner | None:
    """The first noun whose owner the question names."""
    for at in range(1, len(words)):
        one, other = words[at - 1], words[at]
        if other.text == "of" and _is_noun(one):
            start = at + 1
            while start < len(words) and words[start].text in word_class("determiners"):
                start += 1
            found = _owner_of(one, words[start : noun_phrase_end(words, start)])
        elif one.is_name and one.is_possessive:
            last = words[noun_phrase_end(words, at) - 1]
            found = _owner_of(last, [one._replace(is_possessive=False)]) if _is_noun(last) else None
        else:
            continue
        if found is not None:
            return found
    return None


def _is_noun(word: Word) -> bool:
    return not (word.is_mark or word.is_name or word.is_possessive or word.text in stop_words().words)


def _owner_of(noun: Word, names: Sequence[Word]) -> AskedOwner | None:
    """The noun with its owner, where this is all names."""
    owner = Party.of(name.text for name in names)
    if owner is None or any(name.is_possessive or not name.is_name for name in names):
        return None
    return AskedOwner(stem(noun.text), is_person(noun) and noun.text not in word_class("groups"), owner)


# ---- who did what ----------------------------------------------------------------------------------------------------


def _verb_group(words: Sequence[Word]) -> int | None:
    """The place of the auxiliary or verb after what asks."""
    asking = next((place for place, word in enumerate(words) if word.text in word_class("asking")), None)
    if asking is None:
        return 0 if words and is_auxiliary(words[0]) else None
    after, asks = range(asking + 1, len(words)), words[asking].text
    if asks in {"who", "whom"}:
        return next(iter(after), None)
    if asks in {"what", "which"}:
        return next((place for place in after[:MAX_KIND] if is_auxiliary(words[place]) or is_past(words[place])), None)
    return next((place for place in after if is_auxiliary(words[place])), None)


def _stems_of_verb(verb: str) -> frozenset[str]:
    """The stems of a verb, its irregular forms and, which the stemmer does not join in short ones, its regular past."""
    regular = verb + "d" if verb.endswith("e") else verb.removesuffix("d") if verb.endswith("ed") else verb
    return frozenset({stem(verb), stem(regular), *forms(stem(verb))})


class _Clause:
    """The words of a question from its first auxiliary or verb on, read from left to right."""

    def __init__(self, words: Sequence[Word], at: int, *, is_saying: bool) -> None:
        self.words, self.at, self.is_saying = words, at, is_saying
        self.helper = words[at].text if is_auxiliary(words[at]) else ""
        self.is_being = False

    def action(self) -> AskedAction | None:
        """The verb and what stands around it; None where it is not clear which word is the verb."""
        self._skip_auxiliaries()
        word, subject = self._word(), None
        if word is None:
            return None
        if self.helper in word_class("doing") or (self.helper and begins_phrase(word)):
            subject = self._subject()
            if subject is None:
                return None
        return self._around_verb(subject)

    def _word(self, ahead: int = 0) -> Word | None:
        """The word so many places ahead; None at the end, or where a mark stands."""
        place = self.at + ahead
        return self.words[place] if place < len(self.words) and not self.words[place].is_mark else None

    def _skip_auxiliaries(self) -> None:
        while (word := self._word()) is not None and (is_auxiliary(word) or is_adverb(word)):
            if is_auxiliary(word):
                self.is_being = word.text in word_class("being")
            self.at += 1

    def _subject(self) -> Party | None:
        """The subject, which is passed: names, or one noun; None where it is not clear where it ends."""
        names, nouns = list[str](), list[str]()
        while (word := self._word()) is not None:
            if is_auxiliary(word) or is_adverb(word):
                self._skip_auxiliaries()
                continue
            if word.is_possessive or (word.is_name and nouns):
                return None
            if word.is_name:
                names.append(word.text)
            elif ends_phrase(word) and not (word.text in {"of", "and"} and names):
                return None
            elif not (ends_phrase(word) or begins_phrase(word) or (names and is_person(word))):
                if names or nouns:
                    break
                nouns.append(word.text)
            self.at += 1
        return Party.of(names or nouns)

    def _around_verb(self, subject: Party | None) -> AskedAction | None:
        verb = self._word()
        if verb is None or ends_phrase(verb) or verb.is_name or (self.helper and not self._is_verb(verb)):
            return None
        stems = _stems_of_verb(verb.text)
        if not stems.isdisjoint(stems_of_class("reversible")):
            return None
        if self.is_being and not verb.text.endswith("ing"):
            by = next((place for place in range(self.at, len(self.words)) if self.words[place].text == "by"), None)
            doer, receiver = None if by is None else _party_at(self.words, by + 1), subject
        else:
            doer, receiver = subject, _party_at(self.words, self.at + 1)
        if self.is_saying and is_saying(verb):
            stems, receiver = frozenset(), None
        other = None if doer else self._beside(self.at + 1)
        of_past = self.helper in word_class("asking-of-the-past") if self.helper else is_past(verb)
        return AskedAction(stems, doer, receiver, other, of_past) if doer or receiver or other else None

    def _beside(self, at: int) -> Party | None:
        """What stands behind the first preposition of direction after the verb."""
        for place in range(at, len(self.words)):
            if self.words[place].text in word_class("directions"):
                return _party_at(self.words, place + 1)
        return None

    def _is_verb(self, verb: Word) -> bool:
        """Whether the word has the form that its auxiliary asks for, and is no noun before the verb."""
        after = self._word(1)
        ends = after is None or ends_phrase(after) or is_adverb(after)
        if self.is_being:
            return verb.text.endswith("ing") or (is_past(verb) and ends)
        if self.helper in word_class("having"):
            return is_past(verb)
        if is_plural(verb) or is_person(verb) or (verb.text.endswith("ed") and not verb.text.endswith("eed")):
            return False
        if after is None or ends or begins_phrase(after):
            return True
        further = self._word(2)
        is_object = is_plural(after) or bool(forms(stem(verb.text)))  # an irregular verb: "take action"
        return is_object and (further is None or ends_phrase(further))


def _party_at(words: Sequence[Word], at: int) -> Party | None:
    """The names of the noun phrase that begins here, or else its last word; None where one owns another."""
    start = skip_adverbs(words, at)
    phrase = words[start : noun_phrase_end(words, start)]
    if any(word.is_possessive for word in phrase):
        return None
    names = [word.text for word in phrase if word.is_name]
    return Party.of(names or [word.text for word in phrase[-1:] if _is_noun(word)])
