import os
import threading
import time
from pathlib import Path

import pytest

from index.analysis.question import parse_question
from index.engine import Engine
from index.errors import ArticleRejected, ArticleUnknown, FolderUnusable
from index.models import Verdict

KNOWN = "Who is the White House science and technology chief?"
ARTICLE = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"
QUESTION = "Who finished the dam at Oberstein?"
FIRST, SECOND = "000_88608c0d96434d55", "003_10f24738130fbaea"


def test_a_new_file_answers_the_next_question_after_a_reindexing(engine: Engine, seeds: Path) -> None:
    assert engine.ask(QUESTION).verdict is Verdict.NOT_FOUND
    assert not engine.is_stale()
    (seeds / "dam.txt").write_text(ARTICLE)
    assert engine.is_stale()
    report = engine.reindex()
    assert (report.added, report.changed, report.removed) == (("dam",), (), ())
    assert report.unchanged == (FIRST, SECOND)
    assert not engine.is_stale()
    assert "Karlsson" in engine.ask(QUESTION).quotes[0].text


def test_a_dry_run_says_what_would_change_and_changes_nothing(engine: Engine, seeds: Path, data: Path) -> None:
    (seeds / "dam.txt").write_text(ARTICLE)
    before = engine.generation, sorted(data.rglob("*"))
    report = engine.reindex(dry_run=True)
    assert (report.added, report.dry_run, report.articles) == (("dam",), True, 3)
    assert (engine.generation, sorted(data.rglob("*"))) == before


def test_changed_and_removed_files_are_told_and_followed(engine: Engine, seeds: Path) -> None:
    (seeds / f"{FIRST}.txt").unlink()
    with (seeds / f"{SECOND}.txt").open("a") as file:
        file.write("\nThe dam at Oberstein stands.\n")
    report = engine.reindex()
    assert (report.changed, report.removed, report.added) == ((SECOND,), (FIRST,), ())
    assert engine.ask("Who is Kratsios?").verdict is Verdict.NOT_FOUND


def test_a_file_that_was_only_touched_is_unchanged(engine: Engine, seeds: Path) -> None:
    os.utime(seeds / f"{FIRST}.txt", ns=(1, 1))
    assert not engine.is_stale()
    assert engine.reindex().unchanged == (FIRST, SECOND)
    (seeds / f"{FIRST}.txt").write_bytes((seeds / f"{FIRST}.txt").read_bytes() + b"\n")
    assert engine.is_stale()


def test_a_sidecar_that_appears_changes_its_article(engine: Engine, seeds: Path) -> None:
    (seeds / f"{SECOND}.meta.toml").write_text('url = "https://example.com/cable"')
    assert engine.reindex().changed == (SECOND,)
    url = engine.entry(SECOND).article.url
    assert url and url.value == "https://example.com/cable"


def test_bad_files_are_refused_by_name_and_nothing_indexed_is_lost(engine: Engine, seeds: Path) -> None:
    (seeds / "zero.txt").write_bytes(b"\0" * 100)
    (seeds / "empty.txt").write_text("")
    (seeds / "page.html").write_text("<p>page</p>")
    (seeds / "folder.txt").mkdir()
    (seeds / "link.txt").symlink_to(seeds / f"{FIRST}.txt")
    os.mkfifo(seeds / "pipe.txt")
    (seeds / "lonely.meta.toml").write_text("")
    (seeds / ("n" * 150 + ".txt")).write_text(ARTICLE)
    (seeds / ".hidden").write_text("")
    (seeds / f"{FIRST}.meta.toml").write_text("url = 7")
    report = engine.reindex()
    refused = {refusal.file[:20]: refusal.reason for refusal in report.refused}
    names = {"zero.txt", "empty.txt", "page.html", "folder.txt", "link.txt", "pipe.txt", "lonely.meta.toml", "n" * 20}
    assert set(refused) == names | {f"{FIRST}.txt"[:20]}
    assert "stays" in refused[f"{FIRST}.txt"[:20]]
    assert all(reason.endswith(".") for reason in refused.values())
    assert engine.ask(KNOWN).verdict is Verdict.ANSWERED
    assert not engine.is_stale()


def test_an_empty_seeds_folder_is_a_valid_one(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    engine = Engine.open(tmp_path / "seeds", tmp_path / "data")
    assert engine.ask(QUESTION).verdict is Verdict.NOT_FOUND
    assert engine.search(QUESTION) == ()
    assert engine.verify() == []
    assert Engine.open(tmp_path / "seeds", tmp_path / "data").entries()[:] == ()


def test_a_missing_seeds_folder_is_a_clear_error_and_the_index_goes_on(engine: Engine, seeds: Path) -> None:
    seeds.rename(seeds.with_name("gone"))
    with pytest.raises(FolderUnusable, match="--seeds"):
        engine.reindex()
    assert engine.ask(KNOWN).verdict is Verdict.ANSWERED


def test_articles_are_added_and_removed_and_the_removed_one_is_kept(
    engine: Engine, seeds: Path, data: Path, tmp_path: Path
) -> None:
    new = tmp_path / "dam.txt"
    new.write_text(ARTICLE)
    new.with_name("dam.meta.toml").write_text('url = "https://example.com/dam"')
    assert engine.add([new, new.with_name("dam.meta.toml")]).added == ("dam",)
    url = engine.ask(QUESTION).quotes[0].article.url
    assert url and url.value == "https://example.com/dam"
    report, removed = engine.remove("dam")
    assert report.removed == ("dam",)
    assert [path.name for path in removed.paths] == ["dam.txt", "dam.meta.toml"]
    assert all(path.is_relative_to(data / "bin") for path in removed.paths)
    assert not list(seeds.glob("dam*"))
    assert engine.ask(QUESTION).verdict is Verdict.NOT_FOUND


def test_of_several_files_none_is_added_where_one_is_refused(engine: Engine, seeds: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "dam.txt", tmp_path / "bad.txt"
    good.write_text(ARTICLE)
    bad.write_bytes(b"\0")
    before = sorted(seeds.iterdir())
    for files in (
        [good, bad],
        [good, tmp_path / "missing.txt"],
        [good, tmp_path / "lonely.meta.toml"],
        [tmp_path / "page.html"],
    ):
        for path in files:
            if not path.exists() and path.suffix != ".txt":
                path.write_text("")
        with pytest.raises(ArticleRejected):
            engine.add(files)
    assert sorted(seeds.iterdir()) == before


def test_adding_never_overwrites_an_article(engine: Engine, seeds: Path, tmp_path: Path) -> None:
    new = tmp_path / f"{FIRST}.txt"
    new.write_text(ARTICLE)
    before = (seeds / new.name).read_bytes()
    with pytest.raises(ArticleRejected, match="already"):
        engine.add([new])
    assert (seeds / new.name).read_bytes() == before


@pytest.mark.parametrize("article", ["nothing", "../000_88608c0d96434d55", "", "/etc/passwd"])
def test_what_is_no_article_cannot_be_asked_shown_or_removed(engine: Engine, article: str) -> None:
    for call in (
        engine.entry,
        engine.remove,
        lambda name: engine.ask("DeepSeek", name),
        lambda name: engine.search("V4", 1, name),
    ):
        with pytest.raises(ArticleUnknown):
            call(article)


def test_a_question_to_one_article_is_answered_from_it_alone(engine: Engine) -> None:
    for article in (FIRST, SECOND):
        answer = engine.ask("What is distillation?", article)
        assert {quote.article.id for quote in (*answer.quotes, *answer.nearest)} == {article}


def test_articles_without_a_url_stay_out_of_answers_where_one_is_required(seeds: Path, data: Path) -> None:
    engine = Engine.open(seeds, data, require_source_url=True)
    question = "What was the purpose of the State Department cable?"
    without = engine.ask(question)
    assert without.verdict is not Verdict.ANSWERED
    assert all(quote.article.url for quote in (*without.shown_quotes, *without.nearest, *engine.search("DeepSeek")))
    assert Engine.open(seeds, data).ask(question).verdict is Verdict.ANSWERED


def test_the_context_of_a_quotation_never_hides_what_was_left_out(engine: Engine) -> None:
    quoted = engine.search("It also mentioned Moonshot AI and MiniMax", 1)[0]
    around = engine.context(quoted)
    assert " […] It also mentioned" in around.text
    assert "Neither company" in around.text
    assert "Also Read" not in around.text


def test_verify_names_what_is_not_as_it_was_indexed(engine: Engine, seeds: Path) -> None:
    assert engine.verify() == []
    (seeds / f"{FIRST}.txt").unlink()
    with (seeds / f"{SECOND}.txt").open("a") as file:
        file.write(" ")
    failures = engine.verify()
    assert len(failures) == 2
    assert FIRST in failures[0]
    assert SECOND in failures[1]


def test_a_sidecar_that_another_article_left_behind_says_nothing_about_a_new_one(engine: Engine, seeds: Path) -> None:
    (seeds / "dam.meta.toml").write_text('url = "https://example.com/ferry"\n')
    with pytest.raises(ArticleRejected, match=r"already has a file dam\.meta\.toml"):
        engine.add_contents({"dam.txt": ARTICLE.encode()})
    assert not (seeds / "dam.txt").exists()


def test_verify_follows_no_link_and_waits_for_no_pipe(engine: Engine, seeds: Path) -> None:
    for name in (FIRST, SECOND):
        (seeds / f"{name}.txt").unlink()
    (seeds / f"{FIRST}.txt").symlink_to("/dev/zero")
    os.mkfifo(seeds / f"{SECOND}.txt")
    failures = engine.verify()
    assert len(failures) == 2
    assert all(f"{name}.txt" in failure for name, failure in zip((FIRST, SECOND), failures, strict=True))


def test_reindexings_go_one_at_a_time_while_questions_are_answered(engine: Engine, seeds: Path) -> None:
    for number in range(30):
        (seeds / f"n{number}.txt").write_text(
            f"Headline of day {number}\n\nThe talks began on day {number} of the month.\n"
        )
    stop, failures = threading.Event(), list[str]()

    def ask() -> None:
        while not stop.is_set():
            if engine.ask(KNOWN).verdict is not Verdict.ANSWERED:
                failures.append("not answered")

    asking = threading.Thread(target=ask)
    writers = [threading.Thread(target=engine.reindex) for _ in range(3)]
    asking.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    asking.join()
    assert failures == []
    assert len(engine.entries()) == 32


@pytest.mark.parametrize("question", ["What is Deapseek?", "White House", "What did they say?", KNOWN])
def test_a_question_asked_again_has_the_same_answer_to_the_last_word(engine: Engine, question: str) -> None:
    first = engine.ask(question)
    assert engine.is_cached(question)
    assert engine.ask(question) == first
    assert engine.ask(question) is engine.ask(question)
    assert parse_question.cache_info().currsize
    engine.clear_cache()
    assert not engine.is_cached(question)
    assert not parse_question.cache_info().currsize
    assert engine.ask(question) == first


def test_an_answer_whose_articles_are_too_long_is_not_held(
    seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.answering.cache.MAX_BYTES", 5_000)
    engine = Engine.open(seeds, data)
    first = engine.ask(KNOWN)
    assert not engine.is_cached(KNOWN)
    assert engine.ask(KNOWN) == first


def test_an_answer_is_forgotten_after_a_while(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.answering.cache.TTL_SECONDS", 0.05)
    engine.clear_cache()
    engine.ask(KNOWN)
    engine.clear_cache(expired_only=True)
    time.sleep(0.1)
    assert not engine.is_cached(KNOWN)
    engine.clear_cache(expired_only=True)
    assert engine.ask(KNOWN).quotes


def test_these_questions_have_all_that_an_answer_can_have(engine: Engine) -> None:
    assert engine.ask("What is Deapseek?").corrections
    assert engine.ask("What did they say?").suggestions
