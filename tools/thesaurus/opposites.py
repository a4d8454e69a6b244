"""Stems of opposite words, from WordNet's antonyms: north and south, accept and reject."""

from __future__ import annotations

from index.analysis.analyzer import stem
from tools.thesaurus.wordnet import WordNet

ANTONYM = "!"


def opposites(database: WordNet) -> dict[str, list[str]]:
    """Each stem with the stems of its opposites, both sorted."""
    found: dict[str, set[str]] = {}
    for synset in database.synsets:
        for pointer in synset.pointers:
            if pointer.symbol == ANTONYM and pointer.words is not None:
                source, target = pointer.words
                word, other = synset.words[source], database.synsets[pointer.target].words[target]
                if word.isalpha() and other.isalpha() and stem(word.lower()) != stem(other.lower()):
                    found.setdefault(stem(word.lower()), set()).add(stem(other.lower()))
    return {word: sorted(found[word]) for word in sorted(found)}
