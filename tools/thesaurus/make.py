"""`python -m tools.thesaurus.make /usr/share/wordnet`: build the data of the thesaurus; takes some minutes.

Writes `thesaurus.txt`, `irregular.txt`, `opposites.txt`, `common.txt`, `places.txt.gz` and `people.txt.gz` of
`index/analysis/thesaurus`; reproducible.
"""

from __future__ import annotations

import gzip
import itertools
import math
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from index.analysis.analyzer import stem, stop_words, terms
from index.analysis.common_words import RARE
from tools.thesaurus import wordnet
from tools.thesaurus.irregular_forms import irregular_forms
from tools.thesaurus.kinds import people, places
from tools.thesaurus.opposites import opposites
from tools.thesaurus.random_walk import Weights, cosines, definition_stems, graph, walks

FOLDER = Path(__file__).parent
DATA = Path(__file__).parents[2] / "index" / "analysis" / "thesaurus"
RELATED = 40
"""Maximum number of related words for each word."""
FEWEST_USES = 2
"""Minimum number of uses of a word, in WordNet's texts and definitions together."""
CURVE = 0.3
"""Weight = cosine ** CURVE: over SQuAD, the log of how much likelier than chance a related word is in the answering
sentence grows about like this with the cosine."""
FLOOR = 0.3
SAME, SAME_BACK, ANSWERS = 0.65, 0.5, 0.6
"""Weights of paraphrases.txt: of a word that says the same as the headword, of the headword for that word, and of one
that stands in answers. Over nq, squad2 and tydi such a word is 2.9, 2.1 and 2.4 times as likely as chance in an
answering sentence that lacks the question's word."""
UNCONFIRMED = 0.8
"""What is left of WordNet's weight where paraphrases.txt has the headword without this word: over the same questions
such a word is 1.3 times as likely at 0.3 to 0.45, 1.5 up to 0.6, 2.1 up to 0.75."""
CERTAIN = 0.75
"""From this weight on, WordNet needs no confirmation: 6.3 times as likely."""


def main(folder: Path) -> None:
    """Write the files from WordNet's folder."""
    database = wordnet.read(folder)
    for name, words in (("places", places(database)), ("people", people(database))):
        _write_compressed(f"{name}.txt.gz", "".join(f"{word}\n" for word in words))
    forms = irregular_forms(database)
    for name, table in (("irregular", forms), ("opposites", opposites(database))):
        lines = (f"{word} {' '.join(others)}\n" for word, others in table.items())
        (DATA / f"{name}.txt").write_text("".join(lines), "utf-8")
    (DATA / "common.txt").write_text("".join(_common_words(database)), "utf-8")
    near = related_words(database, forms)
    pairs = paraphrases()
    for word in {head for head, _, _ in _paraphrase_lines()} & near.keys():
        near[word] = dict(_doubted(near[word], pairs.get(word, {})))
    for word, others in (*pairs.items(), *everyday()):
        for other, weight in others.items():
            _join(near, word, other, weight)
    text = "".join(
        word + "\t" + " ".join(f"{other}:{weight:.2f}" for other, weight in _by_weight(near[word])) + "\n"
        for word in sorted(near, key=str.encode)
        if near[word]
    )
    made = DATA / "thesaurus.txt.new"
    made.write_text(text, "utf-8", newline="\n")
    made.replace(DATA / "thesaurus.txt")  # a bot that runs has the old one mapped


def _common_words(database: wordnet.WordNet) -> Iterator[str]:
    """Lines of stems, each after the negative decimal logarithm of their share of all uses in WordNet's texts."""
    uses: Counter[str] = Counter()
    for lemma in {lemma for lemma, _ in database.senses if lemma.isalpha()}:
        uses[stem(lemma)] += database.uses(lemma)
    whole, tiers = uses.total(), defaultdict(list)
    for word in sorted(uses.keys() - stop_words().words):
        if uses[word] * 10**RARE > whole:
            tiers[round(-math.log10(uses[word] / whole), 1)].append(word)
    for tier, words in sorted(tiers.items()):
        yield from (f"{tier:.1f} {line}\n" for line in textwrap.wrap(" ".join(words), 114))


def _write_compressed(name: str, text: str) -> None:
    (DATA / name).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def related_words(database: wordnet.WordNet, forms: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, float]]:
    """Stems, each with its related stems and their weights."""
    words = _words(database, forms)
    definitions = definition_stems(database, {form: base for base, others in forms.items() for form in others})
    uses = Counter(word for definition in definitions for word in set(definition))
    for word, lemmas in words.items():
        uses[word] += sum(sense.seen for lemma in lemmas for sense in database.senses[lemma])
    kept = [place for place, word in enumerate(words) if uses[word] >= FEWEST_USES]
    names = [word for word in words if uses[word] >= FEWEST_USES]
    steps = graph(database, words, definitions)
    vectors = walks(steps, [len(database.synsets) + place for place in kept])
    stop = stop_words().words - stop_words().acronyms
    # A rare word rarely occurs in a sentence: of two equally near words, the more frequent one is kept.
    useful = np.array([0.0 if name in stop else math.sqrt(math.log2(2 + uses[name])) for name in names])
    width = len(steps.starts) - 1
    return {
        name: _nearest(found**CURVE, useful, names) for name, found in zip(names, cosines(vectors, width), strict=True)
    }


def _join(near: dict[str, dict[str, float]], word: str, other: str, weight: float) -> None:
    """Relate `other` to a word; where it is already, the higher weight counts."""
    others = near.setdefault(word, {})
    others[other] = max(others.get(other, 0.0), weight)


def paraphrases() -> dict[str, dict[str, float]]:
    """The stems of paraphrases.txt, each with the stems of what a text may have instead, and their weights."""
    near: dict[str, dict[str, float]] = {}
    stop = stop_words().words - stop_words().acronyms

    def add(word: str, other: str, weight: float) -> None:
        if word != other and not {word, other} & stop:
            _join(near, word, other, weight)

    for head, same, answers in _paraphrase_lines():
        for other in map(stem, same):
            add(head, other, SAME)
            add(other, head, SAME_BACK)
        for other in map(stem, answers):
            add(head, other, ANSWERS)
    return near


def _doubted(near: Mapping[str, float], confirmed: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """WordNet's words for a headword of paraphrases.txt, with the weights that they keep."""
    for other, weight in near.items():
        kept = weight if weight >= CERTAIN or other in confirmed else UNCONFIRMED * weight
        if kept >= FLOOR:
            yield other, kept


def _paraphrase_lines() -> Iterator[tuple[str, list[str], list[str]]]:
    """The stem of each headword, with the words before the bar and behind it."""
    for line in _lines("paraphrases.txt"):
        head, _, others = line.partition(":")
        same, _, answers = others.partition("|")
        yield stem(head), same.split(), answers.split()


def everyday() -> Iterator[tuple[str, dict[str, float]]]:
    """The words of everyday.txt, each with the words of its line and their weight."""
    for line in _lines("everyday.txt"):
        weight, *words = line.split()
        for word, other in itertools.permutations(dict.fromkeys(map(stem, words)), 2):
            yield word, {other: float(weight)}


def _lines(name: str) -> list[str]:
    """The lines of a list beside this file, without empty ones and comments."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _words(database: wordnet.WordNet, forms: Mapping[str, tuple[str, ...]]) -> dict[str, list[tuple[str, str]]]:
    """Stems, each with its one-word lemmas. An irregular form that is also a word has the senses of both."""
    written = {word.lower(): word for synset in database.synsets for word in synset.words}
    words: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for lemma, part in database.senses:
        found = terms(written.get(lemma, lemma)) or terms(lemma)
        if len(found) == 1 and found[0].term.isalpha() and (found[0].start, found[0].end) == (0, len(lemma)):
            words[found[0].term].append((lemma, part))
    own = {word: list(lemmas) for word, lemmas in words.items()}
    for base, others in forms.items():
        for form in others:
            if form in own:
                words[form] += own.get(base, [])
    return dict(words)


def _nearest(weights: Weights, useful: Weights, names: list[str]) -> dict[str, float]:
    worth = np.where(weights >= FLOOR, weights * useful, 0.0)
    best = np.argsort(-worth, kind="stable")[:RELATED]
    return {names[place]: round(float(weights[place]), 2) for place in best if worth[place] > 0}


def _by_weight(others: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
