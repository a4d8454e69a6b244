"""Words for places and for people from WordNet, by the first sense of each."""

from __future__ import annotations

from collections.abc import Iterator

from index.analysis.analyzer import stem
from tools.thesaurus.wordnet import Synset, WordNet

ARTIFACT, BODY, LOCATION, OBJECT, PERSON = 6, 8, 15, 17, 18
"""Lexicographer files."""
PEOPLE_TOGETHER = "social_group"


def places(database: WordNet) -> list[str]:
    """Names as written, capitalised and with spaces, and stems of what something can be in, at or on; sorted."""
    nouns = {stem(word) for word, sense in _nouns_in_use(database) if sense.file in {ARTIFACT, BODY, LOCATION, OBJECT}}
    names = {word for word, sense in _words(database) if word[0].isupper() and sense.file in {LOCATION, OBJECT}}
    return sorted(names | nouns, key=str.encode)


def people(database: WordNet) -> list[str]:
    """Stems of nouns for people and groups of people; sorted."""
    return sorted(
        {
            stem(word)
            for word, sense in _nouns_in_use(database)
            if sense.file == PERSON or PEOPLE_TOGETHER in _kinds_of(database, sense)
        }
    )


def _kinds_of(database: WordNet, sense: Synset) -> Iterator[str]:
    """The words of a meaning and of all its hypernyms."""
    yield from sense.words
    for pointer in sense.pointers:
        if pointer.symbol == "@":
            yield from _kinds_of(database, database.synsets[pointer.target])


def _nouns_in_use(database: WordNet) -> Iterator[tuple[str, Synset]]:
    """Single words in lower case whose meaning occurs in WordNet's texts, by this word or another: harbour, harbor."""
    seen = {sense.synset for senses in database.senses.values() for sense in senses if sense.seen}
    for word, sense in _words(database):
        if word.isalpha() and word.islower() and database.senses[word, "n"][0].synset in seen:
            yield word, sense


def _words(database: WordNet) -> Iterator[tuple[str, Synset]]:
    """Each noun as it is written in its first sense, with spaces, and this sense."""
    for (lemma, part), senses in database.senses.items():
        if part == "n":
            first = database.synsets[senses[0].synset]
            yield next(word for word in first.words if word.lower() == lemma).replace("_", " "), first
