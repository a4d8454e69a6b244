"""The command as a person runs it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import NoReturn, Protocol

import pytest

from index.cli import main
from index.cli.console import PrintableFormatter
from tests.index import command
from tests.index.command import Ended

QUESTION = "Who is the White House science and technology chief?"
QUOTE_FIELDS = {"text", "spans", "headings", "article", "link", "score", "matched", "also", "further_sources"}
URL = "https://www.channelstv.com/2026/04/23/china-stealing-us-ai-technology-white-house-official/"
DEEPSEEK_TITLE = "US orders global warning over alleged AI theft by DeepSeek and Chinese firms"
ARTICLE = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers.\n"


class Run(Protocol):
    def __call__(self, *arguments: str, typed: bytes = b"") -> Ended: ...


@pytest.fixture
def variables(seeds: Path, data: Path) -> dict[str, str]:
    return {"VERBATIM_SEEDS": str(seeds), "VERBATIM_DATA": str(data)}


@pytest.fixture
def run(variables: dict[str, str]) -> Run:
    return partial(command.run, variables=variables)


@pytest.fixture
def run_process(variables: dict[str, str]) -> Run:
    return partial(command.run_process, variables=variables)


def out(done: Ended) -> str:
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_an_answer_shows_the_quotation_the_title_and_the_url(run: Run) -> None:
    done = run("ask", QUESTION)
    assert done.returncode == 0
    lines = out(done).splitlines()
    assert "Michael Kratsios said in a post on X." in lines[0]
    assert lines[1:] == ["China Stealing US AI Technology — White House Official", URL]


def test_what_of_a_file_could_not_be_read_is_shown_when_it_is_indexed_and_with_the_article(
    run: Run, seeds: Path
) -> None:
    (seeds / "dam.md").write_text(f"---\ntitle: {{{{ page.title }}}}\n---\n{ARTICLE}")
    told = "Some of its front matter is not valid and was left out: title."
    assert f"read in part: dam.md: {told}" in out(run("reindex"))
    assert told in out(run("article", "dam"))
    assert json.loads(out(run("article", "dam", "--json")))["warnings"][0].startswith(told)


def test_the_exit_code_says_answered_not_found_or_error(run: Run, run_process: Run, tmp_path: Path) -> None:
    assert run("ask", QUESTION).returncode == 0
    missing = run_process("ask", "What is the capital of France?")
    assert (missing.returncode, out(missing)) == (1, "I found nothing about this in the articles.\n")
    assert run("ask", "what is it?").returncode == 1
    wrong = run_process("ask", QUESTION, "--seeds", str(tmp_path / "nowhere"), "--data", str(tmp_path / "other"))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "nowhere" in wrong.stderr
    assert wrong.stderr.count("\n") == 1


def test_the_json_answer_has_the_promised_form(run: Run) -> None:
    answer = json.loads(out(run("ask", QUESTION, "--json")))
    assert list(answer) == ["question", "verdict", "quotes", "possible", "nearest", "unanswered", "reasons"]
    assert answer["verdict"] == "answered"
    quote = answer["quotes"][0]
    assert set(quote) == QUOTE_FIELDS
    assert quote["article"] == {
        "id": "000_88608c0d96434d55",
        "title": "China Stealing US AI Technology — White House Official",
        "url": URL,
        "publisher": None,
        "author": None,
        "published": None,
        "language": "en",
    }
    assert answer["nearest"]
    assert len(answer["quotes"]) + len(answer["nearest"]) <= 10


def test_the_part_of_a_question_that_is_not_answered_is_named(run: Run) -> None:
    asked = "Who is the White House science and technology chief, and when was he born?"
    caveat, part, quoted, *_ = out(run("ask", asked)).splitlines()
    assert [caveat, part] == ["This may answer it:", "I am not sure of an answer to this part: when was he born"]
    assert "Michael Kratsios" in quoted
    assert json.loads(out(run("ask", asked, "--json")))["unanswered"] == ["when was he born"]


def test_what_may_answer_is_shown_under_a_sentence_that_says_so_and_exits_with_one(run: Run) -> None:
    asked = "is deepseek banned anywhere?"
    done = run("ask", asked)
    assert done.returncode == 1
    caveat, quoted, *_ = out(done).splitlines()
    assert caveat == "This may answer it:"
    assert quoted.startswith("Many Western and some Asian governments have banned")
    answer = json.loads(out(run("ask", asked, "--json")))
    assert (answer["verdict"], answer["quotes"]) == ("may_answer", [])
    assert 1 <= len(answer["possible"]) <= 3
    assert set(answer["possible"][0]) == QUOTE_FIELDS
    shown = [quote["text"] for quote in (*answer["possible"], *answer["nearest"])]
    assert len(shown) == len(set(shown)) <= 10
    talk = out(run("chat", typed=f"{asked}\n:context\n:more\n".encode()))
    assert talk.count("Many Western and some Asian governments have banned") >= 2
    assert "may not answer" in talk


def test_not_found_says_no_more_than_what_was_searched(run: Run) -> None:
    asked = ("ask", "Was Huawei mentioned?")
    assert run(*asked).returncode == 0
    one = run(*asked, "--article", "000_88608c0d96434d55")
    assert (one.returncode, out(one)) == (1, "I found nothing about this in this article.\n")
    cited = run(*asked, "--require-source-url")
    assert (cited.returncode, out(cited)) == (1, "I found nothing about this in the articles that I can quote.\n")


def test_an_index_without_articles_says_so_and_how_to_add_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    options = ("--seeds", str(tmp_path / "none"), "--data", str(tmp_path / "empty"))
    for asked in (("ask", QUESTION), ("articles",)):
        assert out(run(*asked, *options)) == "There are no articles yet. Add one with `verbatim add FILE`.\n"


def test_lines_of_questions_get_lines_of_answers_and_keys_pass_through(run_process: Run, seeds: Path) -> None:
    questions = [
        QUESTION,
        json.dumps({"id": 7, "question": "Was a demarche sent to Beijing?"}),
        "",
        '{"question": 7}',
        "{",
    ]
    done = run_process("ask", "--jsonl", typed="\n".join(questions).encode() + b"\n\xff\xfe\n")
    answers = [json.loads(line) for line in out(done).splitlines()]
    assert done.returncode == 2
    assert [answer.get("verdict") for answer in answers] == ["answered", "answered", "unclear", None, None, "unclear"]
    assert (answers[1]["id"], answers[3]["line"]) == (7, 4)
    for answer in answers[:2]:
        for quote in [*answer["quotes"], *answer["nearest"]]:
            text = (seeds / f"{quote['article']['id']}.txt").read_bytes().decode()
            assert quote["text"] == " […] ".join(" ".join(text[start:end].split()) for start, end in quote["spans"])


def test_a_conversation_goes_line_by_line_without_decoration(run: Run) -> None:
    typed = f"{QUESTION}\n:context\n:more\nWhat is the capital of France?\n:articles\n:nonsense\n:quit\nnot read\n"
    done = run("chat", typed=typed.encode())
    shown = out(done)
    assert done.returncode == 0
    assert "\x1b" not in shown
    for words in (
        "Michael Kratsios",
        URL,
        "vowed to take action",
        "may not answer",
        "I found nothing about this in the articles.",
        "not recorded",
    ):
        assert words in shown
    assert ":quit" in shown.splitlines()[-1]


def test_a_conversation_survives_rubbish(run_process: Run) -> None:
    done = run_process("chat", typed=b"\xff\xfe\x00\x01\n\x1b[31m\n" + QUESTION.encode() + b"\n")
    assert done.returncode == 0
    assert "Michael Kratsios" in out(done)


def test_a_search_prints_ranked_passages(run: Run) -> None:
    found = json.loads(out(run("search", "DeepSeek", "V4", "--limit", "2", "--json")))
    assert len(found) == 2
    assert "called the V4" in found[0]["text"]
    assert found[0]["score"] >= found[1]["score"]
    assert run("search", "sourdough").returncode == 1
    one = json.loads(out(run("search", "DeepSeek", "--article", "000_88608c0d96434d55", "--json")))
    assert {quote["article"]["id"] for quote in one} == {"000_88608c0d96434d55"}


def test_the_articles_are_listed_and_shown_with_origins_and_what_was_left_out(run: Run) -> None:
    listed = json.loads(out(run("articles", "--json")))
    assert [(article["id"], article["sentences"]) for article in listed] == [
        ("000_88608c0d96434d55", 8),
        ("003_10f24738130fbaea", 21),
    ]
    shown = json.loads(out(run("article", "003_10f24738130fbaea", "--json")))
    assert shown["facts"]["author"] == {"value": "Carbonmedia", "origin": "text"}
    assert shown["facts"]["url"] is None
    assert {"ad-continues", "read-also-line"} <= {piece["rule"] for piece in shown["left_out"]}
    assert "not recorded" in out(run("article", "003_10f24738130fbaea"))
    unknown = run("article", "nothing")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)


def test_reindex_tells_what_is_new_and_a_question_before_it_says_that_something_is(run: Run, seeds: Path) -> None:
    first = json.loads(out(run("reindex", "--json")))
    assert len(first["added"]) == 2
    (seeds / "dam.txt").write_text(ARTICLE)
    asked = run("ask", "Who finished the dam at Oberstein?")
    assert asked.returncode == 1
    assert "verbatim reindex" in asked.stderr
    assert asked.stderr.count("\n") == 1
    would = json.loads(out(run("reindex", "--dry-run", "--json")))
    assert (would["added"], would["dry_run"]) == (["dam"], True)
    assert "added: dam" in out(run("reindex"))
    assert run("ask", "Who finished the dam at Oberstein?").returncode == 0


def test_articles_are_added_removed_and_verified(run: Run, tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "dam.txt").write_text(ARTICLE)
    assert json.loads(out(run("add", str(tmp_path / "dam.txt"), "--json")))["added"] == ["dam"]
    assert run("verify").returncode == 0
    with (seeds / "dam.txt").open("a") as file:
        file.write("x")
    failed = run("verify")
    assert (failed.returncode, "dam" in out(failed)) == (1, True)
    assert json.loads(out(run("remove", "dam", "--json")))["removed"] == ["dam"]
    again = run("remove", "dam")
    assert again.returncode == 2
    assert "dam" in again.stderr
    [kept] = json.loads(out(run("restore", "--json")))
    assert (kept["file"], kept["title"]) == ("dam.txt", "A dam for the valley")
    listed = out(run("restore")).splitlines()
    assert listed[0] == "A dam for the valley"
    assert listed[1].startswith(f"{kept['name']} · dam · ")
    assert "added: dam\n" in out(run("restore", "dam"))
    assert out(run("restore")) == "The bin holds no articles.\n"
    again = run("restore", kept["name"])
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "restored already" in again.stderr


def test_a_folder_is_added_and_its_articles_are_listed_under_its_name(run: Run, tmp_path: Path, seeds: Path) -> None:
    (tmp_path / "docs" / "guide").mkdir(parents=True)
    (tmp_path / "docs" / "index.txt").write_text(ARTICLE)
    (tmp_path / "docs" / "guide" / "faq.txt").write_text(ARTICLE.replace("1987", "1988"))
    (tmp_path / "docs" / "guide" / "map.png").touch()
    done = run("add", f"{tmp_path}/docs/")
    assert done.returncode == 0
    told = out(done).splitlines()
    assert told[:2] == ["added: docs-guide-faq", "added: docs-index"]
    assert told[2].startswith("refused: docs/guide/map.png: docs/guide/map.png has an unsupported file type.")
    (seeds / ".verbatimignore").write_text("*.png\n")
    assert "left out by .verbatimignore" not in out(run("reindex"))
    (seeds / "docs" / "map.png").touch()
    assert "left out by .verbatimignore: 1 files and folders" in out(run("reindex")).splitlines()
    assert json.loads(out(run("reindex", "--json")))["ignored"] == ["docs/map.png"]
    listed = out(run("articles")).splitlines()
    assert [line for line in listed if line.startswith("In the folder")] == [
        "In the folder docs:",
        "In the folder docs/guide:",
    ]
    assert listed.index("In the folder docs:") == 6
    incomplete = out(run("articles", "--incomplete"))
    assert 'docs/guide/faq.meta.toml: add the line   url = "https://…"' in incomplete
    assert run("article", "docs-guide-faq", "--edit", "url=https://example.com/faq").returncode == 0
    assert (seeds / "docs" / "guide" / "faq.meta.toml").exists()
    both = run("add", str(tmp_path / "docs"), str(tmp_path / "docs" / "index.txt"))
    assert (both.returncode, "Give either files, one folder or one URL." in both.stderr) == (2, True)


def test_a_change_that_the_index_cannot_follow_is_told_as_one_that_was_made(
    run: Run, tmp_path: Path, seeds: Path, data: Path
) -> None:
    assert run("reindex").returncode == 0
    (data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    (tmp_path / "dam.txt").write_text(ARTICLE)
    for arguments in (
        ["add", str(tmp_path / "dam.txt")],
        ["article", "000_88608c0d96434d55", "--edit", "title=Another"],
        ["remove", "000_88608c0d96434d55"],
    ):
        done = run(*arguments)
        told = done.stderr.splitlines()[-1]
        assert (done.returncode, out(done)) == (2, "")
        assert told.startswith("The folder of articles was changed, but the index was not fully updated. Run `verbat")
        assert "later to update it. The reason: The index cannot be written to" in told
    assert (seeds / "dam.txt").exists()
    (data / ".CURRENT").rmdir()
    report = json.loads(out(run("reindex", "--json")))
    assert (report["added"], report["removed"]) == (["dam"], ["000_88608c0d96434d55"])


def test_a_sentence_of_two_articles_is_printed_once_with_both_sources(run: Run, seeds: Path) -> None:
    said = "The dam at Oberstein was finished in 1987 by the Karlsson brothers."
    (seeds / "dam.txt").write_text(ARTICLE)
    (seeds / "dyke.txt").write_text(f"A dyke\n\n{said} Nobody came.\n")
    (seeds / "dyke.meta.toml").write_text('url = "https://example.com/dyke"\npublisher = "The Example"\n')
    assert run("reindex").returncode == 0
    question = "Who finished the dam at Oberstein?"
    assert out(run("ask", question)).splitlines() == [
        said,
        "A dam for the valley",
        "source URL not recorded",
        "The same words are also in:",
        "A dyke",
        "The Example",
        "https://example.com/dyke",
    ]
    [quote] = json.loads(out(run("ask", question, "--json")))["quotes"]
    assert (quote["article"]["id"], quote["further_sources"]) == ("dam", 0)
    [other] = quote["also"]
    assert set(other) == {"article", "link", "spans"}
    assert (other["article"]["id"], other["article"]["url"]) == ("dyke", "https://example.com/dyke")
    assert [(seeds / "dyke.txt").read_text()[start:end] for start, end in other["spans"]] == [said]
    [found] = json.loads(out(run("search", "Oberstein", "--json")))
    assert [source["article"]["id"] for source in found["also"]] == ["dyke"]
    typed = f"{question}\n:context\n".encode()
    assert out(run("chat", typed=typed)).count("The same words are also in:") == 1


def test_the_link_of_a_quotation_opens_its_section(run: Run, seeds: Path) -> None:
    (seeds / "docs").mkdir()
    (seeds / "docs" / "lamps.md").write_text("# Lamps\n\n## How do I trim the wick?\n\nTrim the wick with scissors.\n")
    (seeds / "sources.toml").write_text('[site."docs"]\nurl = "https://example.com/{path}/"\nanchors = "mkdocs"\n')
    assert run("reindex").returncode == 0
    section = "https://example.com/lamps/#how-do-i-trim-the-wick"
    assert out(run("search", "trim wick")).splitlines()[-1] == section
    [found] = json.loads(out(run("search", "trim wick", "--json")))
    assert (found["link"], found["article"]["url"]) == (section, "https://example.com/lamps/")


def test_a_duplicate_is_refused_and_a_near_duplicate_told_of(run: Run, seeds: Path, tmp_path: Path) -> None:
    story = [f"On day {day} the council of Lomma met and spoke of dam {day} at length." for day in range(9)]
    (seeds / "story.txt").write_text("A story\n\n" + "\n\n".join(story))
    assert run("reindex").returncode == 0
    (tmp_path / "again.txt").write_bytes((seeds / "story.txt").read_bytes())
    refused = run("add", str(tmp_path / "again.txt"))
    assert refused.returncode == 2
    assert refused.stderr == (
        "The text of again.txt is identical to that of the article 'story'. It does not need to be added again; to "
        "replace that article, remove it first.\n"
    )
    (tmp_path / "near.txt").write_text("Another headline\n\n" + "\n\n".join(story[1:]))
    told = out(run("add", str(tmp_path / "near.txt"))).splitlines()
    assert told[0] == "added: near"
    assert re.fullmatch(
        r"near is very similar to story: about \d\d % of their five-word sequences are the same\.", told[1]
    )
    (seeds / "near.txt").write_text("A third headline\n\n" + "\n\n".join(story[2:]))
    [similar] = json.loads(out(run("reindex", "--json")))["similar"]
    assert (similar["article"], similar["other"]) == ("near", "story")
    assert 0.5 <= similar["share"] <= 1


def test_an_article_cannot_steer_the_terminal(run: Run, seeds: Path) -> None:
    story = (
        "The dam at Oberstein \x1b[2J was finished in 1987 by brothers. " + "Nobody else was there on that day. " * 20
    )
    (seeds / "evil.txt").write_text(f"Title \x1b]0;owned\x07 of the day\n\n{story}\n")
    done = run("ask", "Who finished the dam at Oberstein?")
    assert done.returncode == 0
    assert "\x1b" not in out(done)
    assert "␛[2J" in out(done)
    (seeds / "evil.txt").rename(seeds / "ev\x1b[2Jil.txt")
    for arguments in (("reindex",), ("articles",), ("article", "ev\x1b[2Jil"), ("verify",)):
        done = run(*arguments)
        assert "\x1b" not in done.stdout + done.stderr, arguments


def test_a_log_line_cannot_steer_the_terminal_nor_look_like_two(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PrintableFormatter("%(message)s"))
    log = logging.Logger("of this test")  # noqa: LOG001  # known to nobody else
    log.addHandler(handler)
    log.error("Reading %s failed", "a\x1b[2J\r\nReading b failed", exc_info=ValueError("\x1b]0;owned\x07"))
    assert capsys.readouterr().err.split("\n") == [
        "Reading a␛[2J␍␊Reading b failed failed",
        "ValueError: ␛]0;owned␇",
        "",
    ]


def test_an_output_that_is_closed_early_is_no_fault(variables: dict[str, str]) -> None:
    piped = f"{sys.executable} -m index article 003_10f24738130fbaea | head -1"
    environment = os.environ | variables
    done = subprocess.run(["/bin/sh", "-c", piped], env=environment, capture_output=True, check=False, timeout=60)  # noqa: S603  # our own command
    assert b"Traceback" not in done.stderr
    assert b"wrong" not in done.stderr


def test_a_fault_of_the_program_is_a_sentence_and_the_exit_code_of_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(main, "app", broken)
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told == "Something went wrong in Verbatim (RuntimeError). Set VERBATIM_LOG_LEVEL=DEBUG for details.\n"


def test_a_command_that_cannot_be_loaded_keeps_no_other_from_running(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = metadata.EntryPoint("broken", "nowhere:command", main.COMMANDS)
    monkeypatch.setattr(metadata, "entry_points", lambda **_: [broken])
    main._add_commands.cache_clear()
    assert run("articles").returncode == 0
    assert caplog.messages == [
        "The command broken cannot be loaded (No module named 'nowhere'). Install the program again."
    ]


def test_an_explanation_names_the_rule_the_terms_and_the_signals(run: Run) -> None:
    told = out(run("ask", "Who is the White House science and technology chief?", "--explain"))
    assert "answered, by the rule " in told
    assert "probability" in told
    assert re.search(r"^chief +chief +\d\.\d\d +1\.00", told, re.MULTILINE)
    assert re.search(r"^lead +-?\d+\.\d\d +[+-]\d\.\d\d", told, re.MULTILINE)


def test_a_search_corrects_the_spelling_and_says_so(run: Run) -> None:
    lines = out(run("search", "huwaei", "chip", "--limit", "1")).splitlines()
    assert lines[0] == "Searched for Huawei instead of huwaei."
    assert "adapted for Huawei chip technology" in lines[1]
    as_json = run("search", "huwaei", "--json")
    assert "Huawei" in json.loads(as_json.stdout)[0]["text"]
    assert as_json.stderr == "Searched for Huawei instead of huwaei.\n"


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("which articles do you have?", ["China Stealing US AI Technology — White House Official"]),
        ("how many articles are there?", ["Articles: 2"]),
        ("who wrote the article about DeepSeek?", [DEEPSEEK_TITLE, "author: Carbonmedia, from the text"]),
        ("what is new?", ["None of the articles has a recorded date, so it is not known which one is the latest."]),
        ("who wrote this article?", ["Which article do you mean?"]),
        ("who wrote the article about Huwaei?", ["Searched for Huawei instead of Huwaei.", DEEPSEEK_TITLE]),
        ("help", ["Ask a question"]),
    ],
)
def test_a_question_about_the_collection_is_answered_from_the_record(run: Run, question: str, lines: list[str]) -> None:
    done = run("ask", question)
    assert done.returncode == 0
    for line, told in zip(out(done).splitlines(), lines, strict=False):
        assert line.startswith(told)
    assert out(run("chat", typed=f"{question}\n".encode())) == out(done)


def test_the_latest_articles_are_told_by_their_recorded_dates(run: Run) -> None:
    run("article", "000_88608c0d96434d55", "--edit", "published=2026-04-23")
    lines = out(run("ask", "what is the latest article?")).splitlines()
    assert lines[0] == "The latest articles by their recorded dates, newest first:"
    assert lines[2] == "published: 2026-04-23, from the sidecar"
    assert lines[-1] == "Articles without a recorded date, left out here: 1."
    record = json.loads(out(run("ask", "what is the latest article?", "--json")))["record"]
    assert [article["published"] for article in record["articles"]] == ["2026-04-23"]
    assert (record["kind"], record["count"], record["undated"]) == ("latest", 2, 1)
    [line] = out(run("ask", "--jsonl", typed=b"how many articles do you have?\n")).splitlines()
    assert json.loads(line)["record"]["count"] == 2
    assert "record" not in json.loads(out(run("ask", QUESTION, "--json")))


def test_what_was_read_differently_is_said_before_the_answer(run: Run) -> None:
    lines = out(run("ask", "What did Huwaei chips do for deapseek?")).splitlines()
    assert lines[:2] == ["Searched for Huawei instead of Huwaei.", "Searched for DeepSeek instead of deapseek."]
    record = json.loads(out(run("ask", "What did Huwaei chips do for deapseek?", "--json")))
    assert record["reasons"]["readings"][0] == {"written": "Huwaei", "read_as": "Huawei"}


@pytest.mark.parametrize(
    ("question", "rule", "words"),
    [
        ("hello there!", "small-talk", "I only quote articles"),
        ("what is it", "nothing-to-search-for", "I don't see what to search for"),
        ("deepseek", "too-broad", "Several sentences mention this"),
        ("Qui est le chef de la Maison Blanche?", "unreadable", "I know too few of these words"),
    ],
)
def test_an_unclear_question_is_told_what_to_add(run: Run, question: str, rule: str, words: str) -> None:
    record = json.loads(out(run("ask", question, "--json")))
    assert (record["verdict"], record["reasons"]["rule"]) == ("unclear", rule)
    assert words in out(run("ask", question))


def test_who_edits_is_told_by_number_where_the_user_has_no_name(
    seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(number: int) -> NoReturn:
        message = f"getpwuid(): uid not found: {number}"
        raise KeyError(message)

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    main.article("003_10f24738130fbaea", ["publisher=The Example"], edit=True, seeds=seeds, data=data)
    assert f'editor = "{os.getuid()}"' in (seeds / "003_10f24738130fbaea.meta.toml").read_text()


def test_what_lacks_a_source_url_is_listed_with_the_line_that_states_one(run: Run) -> None:
    listed = out(run("articles", "--incomplete"))
    assert '003_10f24738130fbaea.meta.toml: add the line   url = "https://…"' in listed
    assert "000_88608c0d96434d55" not in listed
    shown = out(run("article", "003_10f24738130fbaea", "--edit", "url=https://example.com/a", "published=2026-04-25"))
    assert "https://example.com/a" in shown
    assert out(run("articles", "--incomplete")) == "Every article has a source URL.\n"
    assert '"language": {"value": "en", "origin": "text"}' in out(run("article", "003_10f24738130fbaea", "--json"))
    run("article", "003_10f24738130fbaea", "--edit", "url=", "language=de-AT")
    assert '"language": {"value": "de", "origin": "sidecar"}' in out(run("article", "003_10f24738130fbaea", "--json"))
    assert "003_10f24738130fbaea" in out(run("articles", "--incomplete"))


@pytest.mark.parametrize("change", ["url=ftp://a", "published=yesterday", "language=German", "colour=red", "url"])
def test_what_cannot_be_stated_is_refused_and_changes_nothing(run: Run, change: str) -> None:
    before = out(run("article", "003_10f24738130fbaea", "--json"))
    done = run("article", "003_10f24738130fbaea", "--edit", change)
    assert done.returncode == 2
    assert out(done) == ""
    assert out(run("article", "003_10f24738130fbaea", "--json")) == before


def test_no_line_of_an_article_is_cut_off_where_the_output_is_no_terminal(run: Run) -> None:
    shown = out(run("article", "000_88608c0d96434d55"))
    sentences = json.loads(out(run("article", "000_88608c0d96434d55", "--json")))["sentences"]
    assert all(f"\n  {one['text']}\n" in shown for one in sentences if one["kind"] == "body")
