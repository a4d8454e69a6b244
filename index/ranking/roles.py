"""Whether a sentence gives the names of a question other roles than the question does, or only plans what it asks of.

Plain rules over the order of words around a verb or a noun. Where they are not sure, there is no conflict.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.analysis.analyzer import stop_words
from index.analysis.question import AnswerType
from index.analysis.sentence_features import SentenceFeatures
from index.analysis.word_classes import Word, ends_phrase, is_past, is_saying, word_class
from index.ranking.asked_roles import AskedAction, AskedOwner, AskedRoles, Party
from index.ranking.sentence_roles import JOINING, Place, Roles, SentenceRoles, places_of


def has_other_roles(asked: AskedRoles, features: SentenceFeatures) -> bool:
    """Whether a name of the question has another role in the sentence: "X accused Y" for "who accused X"."""
    return (asked.action is not None and _is_done_otherwise(asked.action, features)) or (
        asked.owner is not None and _is_of_another(asked.owner, features)
    )


def is_only_planned(asked: AskedRoles, features: SentenceFeatures) -> bool:
    """Whether the question asks for what was done, and the sentence says that it may be done, or was intended."""
    action = asked.action
    if action is None or not action.is_past or not action.verb:
        return False
    verbs = places_of(action.verb, features)
    sentence = SentenceRoles(features, saying=False) if verbs else None
    return sentence is not None and all(map(sentence.is_only_planned, verbs))


# ---- around a verb ---------------------------------------------------------------------------------------------------


def _is_done_otherwise(asked: AskedAction, features: SentenceFeatures) -> bool:
    verbs = _verbs(asked, features)
    if not verbs:
        return False
    sentence = SentenceRoles(features, saying=not asked.verb)
    found = [roles for at in verbs if (roles := sentence.of_verb(at)) is not None]
    return (
        _has_another(sentence, asked.doer, found)
        or _has_another(sentence, asked.receiver, [Roles(receiver, doer) for doer, receiver in found])
        or _is_doer_alone(sentence, asked.other, found)
    )


def _verbs(asked: AskedAction, features: SentenceFeatures) -> list[int]:
    """The places of the verb among the words of a sentence."""
    if asked.verb:
        return places_of(asked.verb, features)
    if not features.has_answer_of_type(AnswerType.SAYING):
        return []
    return [at for at, word in enumerate(features.word_list) if is_saying(word)]


def _has_another(sentence: SentenceRoles, asked: Party | None, places: Sequence[tuple[Place, Place]]) -> bool:
    """Whether what is asked about stands in the sentence, but surely not in its place, the first of each pair.

    It has the other role there, or another one has its place.
    """
    if asked is None or asked.alike.isdisjoint(sentence.stems):
        return False
    if any(not asked.alike.isdisjoint(sentence.stems[own.start : own.end]) for own, _ in places):
        return False
    heads = [own.head for own, _ in places if own.head is not None]
    if any(sentence.stems[head] in asked.alike for head in heads):
        return False
    if any(_is_party(sentence, other.head, asked) for own, other in places if own.head is not None or own.is_unsaid):
        return True
    is_whole = asked.stems.issubset(sentence.stems) or len(asked.stems) == 1
    return is_whole and any(_is_someone(sentence, head) for head in heads)


def _is_doer_alone(sentence: SentenceRoles, asked: Party | None, found: Sequence[Roles]) -> bool:
    """Whether what something is done to, from or for stands in the sentence once, and that as its doer."""
    if asked is None:
        return False
    standing = [at for at, one in enumerate(sentence.stems) if one in asked.alike]
    heads = {doer.head for doer, _ in found if _is_party(sentence, doer.head, asked)}
    return len(standing) == len(asked.stems) and standing[-1] in heads


def _is_party(sentence: SentenceRoles, head: int | None, asked: Party) -> bool:
    return head is not None and sentence.stems[head] in asked.stems and not sentence.words[head].is_possessive


def _is_someone(sentence: SentenceRoles, head: int) -> bool:
    """Whether the phrase that ends here is a name, has one in apposition, or says something and is not known yet."""
    words = sentence.words
    word, after = words[head], words[head + 1 : head + 3]
    if word.is_name:
        return word.start not in sentence.times
    if len(after) > 1 and after[0].text == "," and after[1].is_name:
        return True
    known = word_class("definite") | stop_words().words - word_class("determiners")
    return sentence.saying and not any(one.text in known for one in words[_phrase_start(words, head) : head + 1])


# ---- whose -----------------------------------------------------------------------------------------------------------


def _is_of_another(asked: AskedOwner, features: SentenceFeatures) -> bool:
    """Whether the noun is another one's wherever it stands, and the owner asked about stands elsewhere."""
    places = places_of((asked.noun,), features)
    if not places:
        return False
    stems = features.word_stems
    return not asked.owner.stems.isdisjoint(stems) and all(
        asked.owner.alike.isdisjoint(stems[slice(*_around_noun(features.word_list, at))])
        and _has_owner(asked, features, at)
        for at in places
    )


def _around_noun(words: Sequence[Word], at: int) -> tuple[int, int]:
    """All that may name the owner of a noun: what is before it in its phrase, and what is joined to it."""
    start, end = at, at + 1
    while start and (words[start - 1].text == "and" or not ends_phrase(words[start - 1])):
        start -= 1
    while end < len(words) and (words[end].text in JOINING or not _ends_owner(words[end])):
        end += 1
    return start, end


def _phrase_start(words: Sequence[Word], at: int) -> int:
    while at and not ends_phrase(words[at - 1]):
        at -= 1
    return at


def _ends_owner(word: Word) -> bool:
    if word.text in word_class("determiners"):
        return False
    return ends_phrase(word) or is_past(word) or (is_saying(word) and not word.is_name)


def _has_owner(asked: AskedOwner, features: SentenceFeatures, at: int) -> bool:
    """Whether a name is the noun's owner here: "Y's chief", "the chief of Y", of a person "the Y chief", too."""
    words, (start, _) = features.word_list, _around_noun(features.word_list, at)
    names = [place for place in range(start, at) if words[place].is_name and words[place].start not in features.times]
    if any(words[place].is_possessive or (asked.is_holder and place) for place in names):
        return True
    after = [word for word in words[at + 1 : at + 4] if word.text not in word_class("determiners")]
    return len(after) > 1 and after[0].text == "of" and after[1].is_name and after[1].start not in features.times
