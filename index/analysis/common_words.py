"""How much a question's word that no article has tells, by how common it is in English.

People ask with words of speech (anyway, guys, stuff) that articles rarely have. A small collection lacks most of them,
and would give them the highest idf.
"""

from __future__ import annotations

from functools import cache

from index.analysis.analyzer import stem
from index.analysis.question import patterns
from index.analysis.thesaurus import base_forms, data_file

COMMONEST, RARE = 2.5, 4.5
"""Shares of all words, as negative decimal logarithms: of the commonest, and of those that keep their weight."""
LEAST = 0.4
"""Weight of the commonest words. It grows with the logarithm, as does the share of such words of questions that stand
in an answering sentence: from 0.15 to 0.50 on nq, 0.29 to 0.57 on tydi, 0.40 to 0.68 on squad2."""
FILLER = 0.1
"""Weight of a word of talk that says nothing about what is asked."""


def telling_share(term: str) -> float:
    """The share of its idf that a question's term keeps, in (0, 1]; 1 for rare words and those of other languages."""
    if term in _fillers():
        return FILLER
    rarity = min(_rarities().get(form, RARE) for form in (term, *base_forms(term)))
    return LEAST + (1 - LEAST) * (rarity - COMMONEST) / (RARE - COMMONEST)


@cache
def _fillers() -> frozenset[str]:
    return frozenset(map(stem, patterns()["fillers"]["words"]))


@cache
def _rarities() -> dict[str, float]:
    """The stems of common.txt, each with the negative decimal logarithm of its share of all words."""
    lines = (line.split() for line in data_file("common.txt").decode().splitlines())
    return {word: max(COMMONEST, float(rarity)) for rarity, *words in lines for word in words}
