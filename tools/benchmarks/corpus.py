"""A synthetic corpus: English stems by the Zipf–Mandelbrot law, sentence lengths as in news; reproducible."""

from __future__ import annotations

import hashlib

import numpy as np

from index.analysis import thesaurus
from index.models import Article, IndexedArticle, MetadataField, Origin, Sentence, Span

VOCABULARY = 30_000
SENTENCES_AN_ARTICLE, SENTENCES_A_PARAGRAPH = 25, 3


def words() -> list[str]:
    """Words, the most frequent first: thesaurus stems in arbitrary order, then made-up ones."""
    known = sorted(thesaurus.stems(), key=lambda stem: hashlib.sha256(stem.encode()).digest())
    return [*known, *(f"w{number}" for number in range(VOCABULARY))][:VOCABULARY]


def chunks(size: int, random: np.random.Generator) -> list[list[str]]:
    """Sentences as words: ranks by Zipf–Mandelbrot, lengths around thirteen words."""
    weights = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.07
    lengths = np.maximum(3, random.normal(13, 5, size).astype(int))
    ranks = random.choice(VOCABULARY, int(lengths.sum()), p=weights / weights.sum())
    vocabulary = words()
    said = [vocabulary[rank] for rank in ranks.tolist()]
    ends = np.cumsum(lengths)
    return [said[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)]


def entries(made: list[list[str]]) -> list[IndexedArticle]:
    """The sentences as articles."""
    return [
        _entry(f"article-{start}", made[start : start + SENTENCES_AN_ARTICLE])
        for start in range(0, len(made), SENTENCES_AN_ARTICLE)
    ]


def _entry(name: str, made: list[list[str]]) -> IndexedArticle:
    text, sentences = "", []
    for place, said in enumerate(made):
        start = len(text)
        text += " ".join(said).capitalize() + ". "
        paragraph = place // SENTENCES_A_PARAGRAPH
        sentences.append(Sentence(article=name, span=Span(start, len(text) - 1), paragraph=paragraph))
    article = Article(
        id=name,
        file=f"{name}.txt",
        encoding="utf-8",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=MetadataField(value=" ".join(made[0][:6]), origin=Origin.TEXT),
    )
    return IndexedArticle(article=article, sentences=tuple(sentences))
