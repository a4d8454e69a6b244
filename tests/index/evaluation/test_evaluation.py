from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from index.analysis.analyzer import terms
from index.answering.search import search
from index.cli.main import app
from index.collection.collection import Collection
from index.engine import Engine
from index.errors import EvaluationInvalid
from index.evaluation.articles import read_article_file
from index.evaluation.html_report import answered_without, missed_answers, wrong_answers
from index.evaluation.metrics import measure
from index.evaluation.questions import EvaluationQuestion, Gold, gold_not_in_texts, read_questions
from index.evaluation.report import prepare_report, write_report
from index.evaluation.runner import ask_all, ask_left_out, ask_removed, outcomes_of
from index.models import IndexedArticle

ARTICLES: list[dict[str, object]] = [
    {
        "id": "a.b/c",
        "title": "A dam for the valley",
        "url": "https://example.com/dam",
        "text": "The council of Upper Lanby approved the dam on Monday. The dam will cost 40 million crowns.",
    },
    {"id": "other", "text": "Swimmers from Norrland won four medals. Their coach thanked the crowd <b>warmly</b>."},
]
QUESTIONS: list[dict[str, object]] = [
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


BAD_TITLE = '{"id": "a", "text": "A b.", "title": ["A"]}'


def silent(done: int, total: int) -> None:
    assert done <= total


def lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return lines(tmp_path / "a.jsonl", ARTICLES)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return lines(tmp_path / "q.jsonl", QUESTIONS)


def test_articles_keep_their_ids_and_their_facts_and_are_cut_into_slices(articles: Path) -> None:
    dam, other = read_article_file(articles)
    assert (dam.article.id, dam.article.label) == ("a.b/c", "A dam for the valley")
    assert dam.article.url is not None
    assert other.article.url is None
    assert [sentence.article for sentence in dam.body_sentences] == ["a.b/c", "a.b/c"]
    assert dam.article.text[slice(*dam.body_sentences[1].span)] == "The dam will cost 40 million crowns."


def test_a_quotation_is_right_when_it_holds_the_gold_words_of_the_same_article(articles: Path) -> None:
    collection = Collection(read_article_file(articles))
    first = ask_all(collection, read_questions_of(QUESTIONS), silent)[0]
    assert first.is_right_first
    elsewhere = EvaluationQuestion(
        id="x", question="?", answerable=True, gold=(Gold(article="other", contains="will cost 40 million"),)
    )
    assert not elsewhere.is_right(first.answer.quotes[0])


def test_nothing_is_right_where_the_articles_do_not_say_whatever_gold_is_given(articles: Path) -> None:
    near = QUESTIONS[0] | {"answerable": False}
    results = ask_all(Collection(read_article_file(articles)), read_questions_of([near]), silent)
    assert results[0].answer.quotes
    assert not results[0].is_right_first
    assert wrong_answers(results) == results


def test_gold_words_that_no_article_holds_are_found(articles: Path) -> None:
    texts = {entry.article.id: entry.article.text for entry in read_article_file(articles)}
    elsewhere = QUESTIONS[1] | {"gold": [{"article": "gone", "contains": "won four medals"}]}
    altered = QUESTIONS[0] | {"id": "4", "gold": [{"article": "a.b/c", "contains": "will cost 41 million"}]}
    asked = read_questions_of([QUESTIONS[0], elsewhere, QUESTIONS[2], altered])
    assert gold_not_in_texts(asked, texts) == ["2", "4"]


def read_questions_of(records: list[dict[str, object]]) -> tuple[EvaluationQuestion, ...]:
    return tuple(EvaluationQuestion.model_validate(record) for record in records)


def test_without_its_article_a_question_finds_nothing_of_it(articles: Path) -> None:
    collection = Collection(read_article_file(articles))
    results = ask_left_out(collection, read_questions_of(QUESTIONS), silent)
    assert [result.asked.id for result in results] == ["1", "2"]
    assert all(result.place is None and not result.answer.quotes for result in results)
    assert collection.without(frozenset({"other"})).bm25.rows_of("swimmer") == ()


def test_without_its_answering_sentences_a_question_finds_the_rest_of_the_article(articles: Path) -> None:
    collection = Collection(read_article_file(articles))
    asked = read_questions_of(QUESTIONS)
    results = ask_removed(collection, asked, silent)
    assert [result.asked.id for result in results] == ["1", "2"]
    for result in results:
        found = (*result.answer.shown_quotes, *result.answer.nearest)
        assert not any(result.asked.is_right(quote) for quote in found)
    rest = (*results[0].answer.shown_quotes, *results[0].answer.nearest)
    assert rest[0].text == "The council of Upper Lanby approved the dam on Monday."
    assert [result.place for result in ask_all(collection, asked[:2], silent)] == [0, 0]


@given(st.sets(st.sampled_from(["a", "b", "c", "d"])))
def test_a_collection_without_articles_is_as_if_they_had_never_been_in_it(gone: set[str]) -> None:
    texts = {"a": "Red apples fall. Green pears fall.", "b": "Red pears.", "c": "Nothing falls here.", "d": "Apples."}
    entries = entries_of_texts(texts)
    left = Collection(entries).without(frozenset(gone))
    anew = Collection(entry for entry in entries if entry.article.id not in gone)
    assert left.ids == anew.ids
    assert dict(left.postings.idf) == dict(anew.postings.idf)
    for question in ("red apples", "what falls here", "pears"):
        one, other = (search(some, terms(question), 10, None) for some in (left, anew))
        assert one == other


def entries_of_texts(texts: dict[str, str]) -> tuple[IndexedArticle, ...]:
    with TemporaryDirectory() as folder:
        return read_article_file(
            lines(Path(folder) / "a.jsonl", [{"id": name, "text": text} for name, text in texts.items()])
        )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1: this is not valid JSON"),
        ("[1]", "line 1: this is not a JSON object"),
        ('\n{"id": "1", "question": "?"}', "line 2: answerable"),
        ('{"id": "1", "question": "?", "answerable": true, "gold": [{"article": "a"}]}', "line 1: gold.0.contains"),
        ('{"id": "1", "question": "?", "answerable": true}', "line 1: the question: an answerable question needs gold"),
        (
            '{"id": "1", "question": "?", "answerable": true, "gold": [{"article": "a", "contains": " "}]}',
            "line 1: gold.0.contains",
        ),
        ('{"id": "1", "question": "\\ud83d?", "answerable": false}', "line 1: this contains half of a surrogate pair"),
        ('{"id": "1", "question": "?", "answerable": false}\n' * 2, "line 2: the id '1' is already used"),
        ("", "contains no questions"),
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
        BAD_TITLE,
        '{"id": "a", "text": "A b.", "url": "ftp://a"}',
    ],
)
def test_a_line_that_is_no_article_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(EvaluationInvalid):
        read_article_file(path)


def test_a_line_ends_at_a_line_feed_only_and_a_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('\ufeff{"id": "1", "question": "A\u2028b\x85c?", "answerable": false}\r\n', "utf-8")
    assert [asked.question for asked in read_questions(path)] == ["A\u2028b\x85c?"]


def test_a_title_is_any_line_of_text_and_what_is_wrong_with_one_is_told_by_its_name(tmp_path: Path) -> None:
    title = 'A "dam" 🌊 \\ for'
    (entry,) = read_article_file(lines(tmp_path / "a.jsonl", [ARTICLES[0] | {"title": title}]))
    assert entry.article.label == title
    (tmp_path / "b.jsonl").write_text(BAD_TITLE, "utf-8")
    with pytest.raises(EvaluationInvalid, match="line 1: title: Input should be a valid string"):
        read_article_file(tmp_path / "b.jsonl")


def test_a_file_that_is_not_there_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(EvaluationInvalid, match="nowhere"):
        read_questions(tmp_path / "nowhere.jsonl")


def test_the_command_prints_figures_with_intervals_left_out_and_apart(articles: Path, questions: Path) -> None:
    options = [str(questions), "--articles", str(articles), "--left-out", "--removed", "--by", "wording", "--json"]
    done = CliRunner().invoke(app, ["eval", *options])
    record = json.loads(done.stdout)
    assert (record["questions"], record["answerable"], record["unanswerable"]) == (3, 2, 1)
    assert record["figures"]["hit@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert record["figures"]["shown_rightly"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    for variant in ("left_out", "removed"):
        assert set(record[variant]) == {"auroc", "answered_though_unanswerable", "shown"}
        assert record[variant]["answered_though_unanswerable"]["value"] == 0
    assert set(record["by"]) == {"article", "none"}
    assert record["by"]["article"]["auroc"]["value"] is None
    plain = CliRunner().invoke(app, ["eval", *options[:-1]])
    assert "decision_accuracy" in plain.stdout
    titles = ("All questions", "Articles left out", "Answering sentences removed", "wording: none")
    for words in (*titles, "3 questions in"):
        assert words in plain.stdout


def test_a_key_that_no_question_has_is_refused_and_gold_that_no_article_holds_is_told(
    articles: Path, questions: Path, tmp_path: Path
) -> None:
    unknown = CliRunner().invoke(app, ["eval", str(questions), "--articles", str(articles), "--by", "wordng"])
    assert isinstance(unknown.exception, EvaluationInvalid)
    assert "The additional keys are: wording." in str(unknown.exception)
    stray = lines(tmp_path / "s.jsonl", [QUESTIONS[0] | {"gold": [{"article": "gone", "contains": "x"}]}])
    told = CliRunner().invoke(app, ["eval", str(stray), "--articles", str(articles), "--json"])
    assert "No article contains the gold words of these questions" in told.stderr
    assert json.loads(told.stdout)["figures"]["hit@1"]["value"] == 0


def test_the_folder_of_articles_is_asked_and_told_of_when_its_index_is_old(
    seeds: Path, data: Path, tmp_path: Path
) -> None:
    Engine.open(seeds, data)
    (seeds / "dam.txt").write_text("A dam for the valley\n\nThe dam was finished in 1987 by the Karlsson brothers.\n")
    asked = lines(tmp_path / "q.jsonl", [{"id": "1", "question": "Who finished the dam?", "answerable": False}])
    done = CliRunner().invoke(app, ["eval", str(asked), "--seeds", str(seeds), "--data", str(data), "--json"])
    assert "verbatim reindex" in done.stderr
    assert json.loads(done.stdout)["figures"]["decision_accuracy"]["value"] == 1


def test_a_report_has_the_figures_both_plots_and_what_went_wrong(
    articles: Path, questions: Path, tmp_path: Path
) -> None:
    asked = lines(questions, [*QUESTIONS, QUESTIONS[0] | {"id": "4", "answerable": False}])  # as if it were not said
    options = [str(asked), "--articles", str(articles), "--left-out", "--by", "wording", "--json"]
    done = CliRunner().invoke(app, ["eval", *options, "--report", str(tmp_path / "r")])
    assert done.exit_code == 0
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    for words in ("hit@1", "Articles left out", "wording: none", "Quoted, and not right: 1", "Not answerable."):
        assert words in page
    assert (
        'The dam will cost 40 million crowns.<br><small>A dam for the valley · <a href="https://example.com/dam">'
        in page
    )
    for plot in ("risk-coverage.svg", "reliability.svg"):
        assert plot in page
        assert "<svg" in (tmp_path / "r" / plot).read_text("utf-8")
    results = [json.loads(line) for line in (tmp_path / "r" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [result["id"] for result in results] == ["1", "2", "3", "4"]
    assert [result["right_place"] for result in results] == [0, 0, None, None]
    left_out = [json.loads(line) for line in (tmp_path / "r" / "left_out.jsonl").read_text("utf-8").splitlines()]
    assert [result["id"] for result in left_out] == ["1", "2"]


def test_the_worst_come_first(articles: Path) -> None:
    asked = read_questions_of(QUESTIONS)
    right, other, unanswered = ask_all(Collection(read_article_file(articles)), asked, silent)
    sure, unsure = (
        result._replace(
            place=1,
            answer=result.answer.model_copy(
                update={"explanation": result.answer.explanation.model_copy(update={"probability": probability})}
            ),
        )
        for result, probability in ((right, 0.9), (other, 0.8))
    )
    assert wrong_answers([unsure, right, unanswered, sure]) == [sure, unsure]
    assert answered_without([unsure, unanswered, sure]) == [sure, unsure]
    silent_though_first = unanswered._replace(asked=asked[0], place=0)
    silent_and_lost = unanswered._replace(asked=asked[1], place=None)
    assert missed_answers([right, silent_and_lost, silent_though_first]) == [silent_though_first, silent_and_lost]


def test_a_report_without_matplotlib_is_refused_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    done = CliRunner().invoke(app, ["eval", str(tmp_path / "nowhere.jsonl"), "--report", str(tmp_path / "r")])
    assert isinstance(done.exception, EvaluationInvalid)
    assert "pip install -e '.[report]'" in str(done.exception)
    assert not (tmp_path / "r").exists()


def test_the_words_of_articles_and_askers_cannot_act_in_a_report(articles: Path, tmp_path: Path) -> None:
    asked = {
        "id": "<i>",
        "question": "<script>When did the council of Upper Lanby approve the dam?",
        "answerable": False,
    }
    collection = Collection(read_article_file(articles))
    results = ask_all(collection, read_questions_of([asked]), silent)
    figures = measure(outcomes_of(results))
    page = write_report(tmp_path, "<title>", results, {"left_out": results}, {"<b>": figures}).read_text("utf-8")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_report_that_cannot_be_written_is_an_error_with_a_name(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(EvaluationInvalid, match="file"):
        prepare_report(tmp_path / "file")
    results = ask_all(Collection(read_article_file(articles)), read_questions_of(QUESTIONS), silent)
    with pytest.raises(EvaluationInvalid, match="file"):
        write_report(tmp_path / "file", "title", results, {}, {})
