"""Word forms that the stemmer does not map to their base: irregular ones, comparatives, superlatives."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from index.analysis.analyzer import stem, stop_words
from tools.thesaurus.wordnet import WordNet

VOWELS = re.compile(r"[aeiouy]+")
LONG_YET_COMPARED = re.compile(r"(?:y|le|ow)$|^(?:clever|quiet|tender|common|polite|severe)$")
SHORT_AND_CLOSED = re.compile(r"^[^aeiou]*[aeiou][bdgmnpt]$")
NEVER_COMPARED = re.compile(r"ed$|^(?!early|ugly|lively|lovely|lonely|friendly|deadly).*ly$")
LONGEST = 9
MOST_SYLLABLES = 2


def irregular_forms(wordnet: WordNet) -> dict[str, tuple[str, ...]]:
    """Stems of base forms, each with the stems of its irregular forms.

    A form that is more frequent as a word of its own is excluded: "ground" is not read as "grind".
    """
    forms: defaultdict[str, dict[str, None]] = defaultdict(dict)
    stop = stop_words().words
    for form, base in (*_listed(wordnet), *_degrees(wordnet)):
        if form in stop or not (form.isalpha() and base.isalpha()) or stem(form) == stem(base):
            continue
        if wordnet.uses(form) <= wordnet.uses(base):
            forms[stem(base)][stem(form)] = None
    return {base: tuple(others) for base, others in sorted(forms.items())}


def _listed(wordnet: WordNet) -> Iterator[tuple[str, str]]:
    for part, pairs in wordnet.irregular.items():
        yield from ((form, base) for form, base in pairs if (base, part) in wordnet.senses)


def _degrees(wordnet: WordNet) -> Iterator[tuple[str, str]]:
    """Comparatives and superlatives of the short adjectives and adverbs that occur in WordNet's texts."""
    for (lemma, part), senses in wordnet.senses.items():
        if part not in "ar" or not any(sense.seen for sense in senses) or not _has_degrees(lemma):
            continue
        if 3 * sum(sense.seen for sense in senses) < wordnet.uses(lemma):  # as in `key`, mostly a noun
            continue
        root = lemma.removesuffix("e")
        if re.search(r"[^aeiou]y$", lemma):
            root = lemma[:-1] + "i"
        elif SHORT_AND_CLOSED.search(lemma):
            root = lemma + lemma[-1]
        for form in (root + "er", root + "est"):
            parts = [part for part in "nvar" if (form, part) in wordnet.senses]
            if not parts or "a" in parts or "r" in parts:  # excludes "poster", which is not "more post"
                yield form, lemma


def _has_degrees(lemma: str) -> bool:
    if len(lemma) > LONGEST or not lemma.isalpha() or NEVER_COMPARED.search(lemma):
        return False
    syllables = len(VOWELS.findall(lemma.removesuffix("e")))
    return syllables < MOST_SYLLABLES or (syllables == MOST_SYLLABLES and bool(LONG_YET_COMPARED.search(lemma)))
