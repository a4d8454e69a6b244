"""From a question to its answer, over a collection in memory: rank, decide, and choose what is quoted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.analysis import terms
from index.article import Answer
from index.collection import Collection, quote
from index.support import decide

TOP = 10
"""Quotes and nearest passages of an answer together."""
QUESTION_AT_MOST = 4000
"""Characters of a question that are read."""


def answer_from(collection: Collection, question: str, within: npt.NDArray[np.bool_] | None = None) -> Answer:
    """The answer that the collection gives to a question; not proved yet.

    Args:
        collection: the articles.
        question: as it was asked.
        within: True for each chunk that may be found; all, where it is None.
    """
    asked = terms(question[:QUESTION_AT_MOST])
    ranked = collection.search(asked, TOP, within)
    decision = decide(question, asked, ranked, collection)
    chosen = {passage.chunk for passage in decision.supporting}
    return Answer(
        question=question,
        verdict=decision.verdict,
        quotes=tuple(quote(passage) for passage in decision.supporting),
        nearest=tuple(quote(passage) for passage in ranked if passage.chunk not in chosen),
        reasons=decision.reasons,
    )
