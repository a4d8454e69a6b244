"""Rank sentences in a language other than English: by BM25 in context, and by how much of the question is there.

No rule of English and nothing that was learned from English speaks here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.analysis.languages import BIGRAM_RUN, SEPARATOR, language
from index.analysis.other_languages import has_answer_of_type
from index.analysis.question import Question
from index.bm25.candidate_source import ChunkFilter
from index.collection.collection import Collection
from index.ranking import SCORE_DIGITS, Ranked, best_distinct
from index.ranking.candidates import Evidence, collect_candidates, gather_evidence
from index.ranking.features import Column, RankingInput, shortlist_scores
from index.ranking.query_expansion import expand_query

KIND = 0.3
"""What is added for a sentence that holds the time, figure or reason that is asked for, as a share of the idf."""
UNSEEN_BIGRAM = 0.4
"""The share of its idf that a pair of letters has which no sentence has: it may cross the border of two words."""
ASKS = 0.7
"""The share of its score that a sentence keeps which is a question itself."""
Mask = npt.NDArray[np.bool_]


def rank_by_coverage(
    collection: Collection, question: Question, code: str, within: ChunkFilter | None
) -> Ranked | None:
    """The best candidates in this language, best first; None where no sentence has any of the question's terms."""
    matches = expand_query(question, collection.bm25, collection.headings)
    seen = np.array([match.is_in_collection for match in matches])
    chunks = collect_candidates(collection, matches, within)
    if not len(chunks):
        return None
    evidence = gather_evidence(collection, matches, chunks)
    if language(code).has_bigrams:
        evidence = _weigh_unseen_less(evidence, question, seen)
    texts = [collection.text(chunk) for chunk in chunks.tolist()]
    held = [has_answer_of_type(text, question.answer_type, code) or False for text in texts]
    scores = shortlist_scores(question, evidence) + KIND * evidence.idf.sum() * np.array(held)
    scores = scores * np.where([is_question(text) for text in texts], ASKS, 1.0)
    order = best_distinct(collection, chunks, np.round(scores, SCORE_DIGITS))
    inputs = RankingInput(question, evidence.take(order), collection, seen)
    return Ranked(inputs, tuple(chunks[order].tolist()), scores[order], _heading_features(inputs.evidence))


def is_question(text: str) -> bool:
    """Whether a sentence ends with a question mark."""
    return text.rstrip("»”\"'」』) ").endswith(("?", "？", "؟"))


def _weigh_unseen_less(evidence: Evidence, question: Question, seen: Mask) -> Evidence:
    is_bigram = np.array([BIGRAM_RUN.fullmatch(term.partition(SEPARATOR)[2]) is not None for term in question.terms])
    return evidence.with_idf(np.where(is_bigram & ~seen, UNSEEN_BIGRAM * evidence.idf, evidence.idf))


def _heading_features(evidence: Evidence) -> dict[str, Column]:
    """What decides how much of a section is quoted; see `index.answering.quoting.extents`."""
    above: Column = (evidence.idf[:, None] * (evidence.heading > 0)).sum(axis=0) / evidence.idf.sum()
    return {"heading-alike": above, "heading-like": above, "entry": np.zeros(len(evidence.chunks))}
