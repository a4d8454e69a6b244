from __future__ import annotations

from index import ranking
from index.answering import answerability
from index.collection.collection import Collection
from index.ranking.alignment import alignment_model
from tools.training.answers import FoldModels, answers_report

from .test_examples import ENTRIES, question

FOLDS = {("made", "dam"): 0, ("made", "sport"): 1}


def fold_models() -> FoldModels:
    ranker, judge = ranking.ranking_model().model, answerability.model_with(None).model
    other = judge.model_copy(update={"threshold": 1.1})
    alignment = alignment_model()
    return FoldModels.of("made", FOLDS, [alignment, alignment], [ranker, ranker], [judge, other])


def test_a_question_is_asked_with_the_models_that_never_saw_its_article() -> None:
    models, shipped = fold_models(), answerability.model_with(None)
    with models.without("dam"):
        assert answerability.model_with(None) is models.judges[0]
    with models.without("sport"):
        assert (ranking.ranking_model(), answerability.model_with(None)) == (models.rankers[1], models.judges[1])
    assert answerability.model_with(None) is shipped


def test_whole_answers_are_reported_with_and_without_their_article() -> None:
    lines = answers_report(Collection(ENTRIES), [question(number) for number in range(4)], fold_models())
    figures = {line.split(": ")[1].split(" ")[0]: float(line.split(" ")[3]) for line in lines}
    assert figures["hit@1"] == 1
    assert figures["answered_rightly"] == 0.5  # no question about sport passes its fold's threshold
    assert figures["left_out.answered_though_unanswerable"] == 0
