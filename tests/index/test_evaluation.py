from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from index.article import Entry
from index.cli import app
from index.collection import Collection
from index.errors import EvaluationInvalid
from index.evaluation.articles import entries_of
from index.evaluation.figures import TOP, Outcomes, auroc, calibration_error, measured, risk_at
from index.evaluation.questions import GivenQuestion, Gold, read_questions
from index.evaluation.report import write_report
from index.evaluation.running import ask_all, ask_left_out, outcomes_of

ARTICLES = [
    {
        "id": "a.b/c",
        "title": "A dam for the valley",
        "url": "https://example.com/dam",
        "text": "The council of Upper Lanby approved the dam on Monday. The dam will cost 40 million crowns.",
    },
    {"id": "other", "text": "Swimmers from Norrland won four medals. Their coach thanked the crowd <b>warmly</b>."},
]
QUESTIONS = [
    {
        "id": "1",
        "question": "How much will the dam cost?",
        "answerable": True,
        "gold": [{"article": "a.b/c", "contains": "will cost\n40 million"}],
        "wording": "article",
    },
    {
        "id": "2",
        "question": "How many medals did the swimmers win?",
        "answerable": True,
        "gold": [{"article": "other", "contains": "won four medals"}],
        "wording": "article",
    },
    {"id": "3", "question": "Who designed the bridge?", "answerable": False, "gold": [], "wording": "none"},
]


def silent(done: int, total: int) -> None:
    assert done <= total


def lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return lines(tmp_path / "a.jsonl", ARTICLES)  # type: ignore[arg-type]  # a list of literals


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return lines(tmp_path / "q.jsonl", QUESTIONS)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0]), st.booleans()), max_size=30))
def test_auroc_is_the_chance_that_a_positive_scores_above_a_negative(made: list[tuple[float, bool]]) -> None:
    scores, positive = np.array([score for score, _ in made]), np.array([label for _, label in made], np.bool_)
    pairs = [(good, bad) for good in scores[positive] for bad in scores[~positive]]
    if not pairs:
        assert auroc(scores, positive) is None
    else:
        wins = sum((good > bad) + (good == bad) / 2 for good, bad in pairs)
        assert auroc(scores, positive) == pytest.approx(wins / len(pairs))


FOUR = Outcomes(
    answerable=np.array([True, True, True, False]),
    answered=np.array([True, False, True, True]),
    place=np.array([0, 2, TOP, TOP]),
    probability=np.array([0.9, 0.2, 0.6, 0.7]),
)


def test_figures_of_four_questions_are_those_worked_out_by_hand() -> None:
    figures = {name: figure.value for name, figure in measured(FOUR).items()}
    assert figures["hit@1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["hit@3"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["mrr@10"] == pytest.approx((1 + 1 / 3) / 3, abs=1e-4)
    assert figures["decision_accuracy"] == 0.5
    assert figures["precision_of_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["recall_of_answered"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["right_when_answered"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["answered_though_unanswerable"] == 1
    assert figures["auroc"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["brier"] == pytest.approx((0.01 + 0.04 + 0.36 + 0.49) / 4)
    assert risk_at(FOUR, 50) == 0.5
    assert calibration_error(FOUR) == pytest.approx((0.1 + 0.2 + 0.6 + 0.7) / 4)


def test_an_interval_holds_its_figure_and_is_the_same_at_every_run() -> None:
    figures = measured(FOUR)
    assert figures == measured(FOUR)
    for figure in figures.values():
        assert figure.value is None or (figure.low or 0) <= figure.value <= (figure.high or 0)


def test_a_figure_that_is_not_defined_is_not_invented() -> None:
    none_unanswerable = FOUR.take(FOUR.answerable)
    assert measured(none_unanswerable)["auroc"] == (None, None, None)
    assert measured(none_unanswerable)["answered_though_unanswerable"].value is None


def test_articles_keep_their_ids_and_their_facts_and_are_cut_into_slices(articles: Path) -> None:
    dam, other = entries_of(articles)
    assert (dam.article.id, dam.article.label) == ("a.b/c", "A dam for the valley")
    assert dam.article.url is not None
    assert other.article.url is None
    assert [sentence.article for sentence in dam.body] == ["a.b/c", "a.b/c"]
    assert dam.article.text[slice(*dam.body[1].span)] == "The dam will cost 40 million crowns."


def test_a_quotation_is_right_when_it_holds_the_gold_words_of_the_same_article(articles: Path) -> None:
    collection = Collection(entries_of(articles))
    first = ask_all(collection, read_questions_of(QUESTIONS), silent)[0]
    assert first.is_right_first
    elsewhere = GivenQuestion(
        id="x", question="?", answerable=True, gold=(Gold(article="other", contains="will cost 40 million"),)
    )
    assert not elsewhere.is_right(first.answer.quotes[0])


def read_questions_of(records: list[dict[str, object]]) -> tuple[GivenQuestion, ...]:
    return tuple(GivenQuestion.model_validate(record) for record in records)


def test_without_its_article_a_question_finds_nothing_of_it(articles: Path) -> None:
    collection = Collection(entries_of(articles))
    results = ask_left_out(collection, read_questions_of(QUESTIONS), silent)
    assert [result.asked.id for result in results] == ["1", "2"]
    assert all(result.place is None and not result.answer.quotes for result in results)
    assert collection.without(frozenset({"other"})).bm25.row_of("swimmer") is None


@given(st.sets(st.sampled_from(["a", "b", "c", "d"])))
def test_a_collection_without_articles_is_as_if_they_had_never_been_in_it(gone: set[str]) -> None:
    texts = {"a": "Red apples fall. Green pears fall.", "b": "Red pears.", "c": "Nothing falls here.", "d": "Apples."}
    entries = entries_of_texts(texts)
    left = Collection(entries).without(frozenset(gone))
    anew = Collection(entry for entry in entries if entry.article.id not in gone)
    assert left.bm25.postings.vocabulary == anew.bm25.postings.vocabulary
    for one, other in zip(left.bm25.postings[1:], anew.bm25.postings[1:], strict=True):
        np.testing.assert_array_equal(one, other)


def entries_of_texts(texts: dict[str, str]) -> tuple[Entry, ...]:
    with TemporaryDirectory() as folder:
        return entries_of(lines(Path(folder) / "a.jsonl", [{"id": name, "text": text} for name, text in texts.items()]))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1: this is not JSON"),
        ("[1]", "line 1: this is no JSON object"),
        ('\n{"id": "1", "question": "?"}', "line 2: answerable"),
        ('{"id": "1", "question": "?", "answerable": true, "gold": [{"article": "a"}]}', "line 1: gold.0.contains"),
        ("", "holds no question"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(EvaluationInvalid, match=told):
        read_questions(path)


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "a"}',
        '{"text": "A."}',
        '{"id": "a", "text": "A b."}\n{"id": "a", "text": "B c."}',
        "",
        '{"id": "a", "text": ""}',
    ],
)
def test_a_line_that_is_no_article_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(EvaluationInvalid):
        entries_of(path)


def test_a_file_that_is_not_there_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(EvaluationInvalid, match="nowhere"):
        read_questions(tmp_path / "nowhere.jsonl")


Run = Callable[..., object]


def test_the_command_prints_figures_with_intervals_left_out_and_apart(articles: Path, questions: Path) -> None:
    options = [str(questions), "--articles", str(articles), "--left-out", "--by", "wording", "--json"]
    done = CliRunner().invoke(app, ["eval", *options])
    record = json.loads(done.stdout)
    assert (record["questions"], record["answerable"], record["unanswerable"]) == (3, 2, 1)
    assert record["figures"]["hit@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert record["left_out"]["answered_though_unanswerable"]["value"] == 0
    assert set(record["by"]) == {"article", "none"}
    assert record["by"]["article"]["auroc"]["value"] is None
    plain = CliRunner().invoke(app, ["eval", *options[:-1]])
    assert "decision_accuracy" in plain.stdout
    assert "3 questions in" in plain.stdout


def test_a_report_has_the_figures_both_plots_and_what_went_wrong(
    articles: Path, questions: Path, tmp_path: Path
) -> None:
    done = CliRunner().invoke(
        app, ["eval", str(questions), "--articles", str(articles), "--report", str(tmp_path / "r"), "--json"]
    )
    assert done.exit_code == 0
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "hit@1" in page
    for plot in ("risk-coverage.svg", "reliability.svg"):
        assert plot in page
        assert "<svg" in (tmp_path / "r" / plot).read_text("utf-8")
    results = [json.loads(line) for line in (tmp_path / "r" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [result["id"] for result in results] == ["1", "2", "3"]
    assert results[0]["right_place"] == 0


def test_the_words_of_articles_and_askers_cannot_act_in_a_report(articles: Path, tmp_path: Path) -> None:
    asked = {"id": "<i>", "question": "<script>Who thanked the crowd warmly?", "answerable": False}
    collection = Collection(entries_of(articles))
    results = ask_all(collection, read_questions_of([asked]), silent)
    page = write_report(tmp_path / "r", "<title>", results, measured(outcomes_of(results))).read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_report_that_cannot_be_written_is_an_error_with_a_name(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    results = ask_all(Collection(entries_of(articles)), read_questions_of(QUESTIONS), silent)
    with pytest.raises(EvaluationInvalid, match="file"):
        write_report(tmp_path / "file", "title", results, measured(outcomes_of(results)))
