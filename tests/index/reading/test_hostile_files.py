"""Hostile and odd files: each is an article or one clear refusal, and nothing else changes by it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import socket
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import regex

from index.corpus.folder import Refusal, check_name, read_file, scan
from index.engine import Engine
from index.errors import ArticleRejected
from index.indexing import parallel_reader
from index.indexing.parallel_reader import read_files
from index.indexing.reindex import Report
from index.models import Article, IndexedArticle, Verdict
from index.reading import read_article
from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from tests.index.hostile import BODY, CASES, MORE, PAGE, PDFS, TEXTS, Case, page

pytestmark = pytest.mark.timeout(400)
GOOD = "A dam for the valley\n\nThe dam at Oberstein was finished in 1987 by the Karlsson brothers. It was dear.\n"
QUESTION = "Who finished the dam at Oberstein?"
MAX_REFUSAL = 600
LARGE = {
    "a hundred thousand sentences",
    "a line of 50 MB",
    "a sentence of 1 MB",
    "five thousand paragraphs",
    "front matter within itself",
    "large JSON-LD",
    "lists a thousand deep",
    "nothing but abbreviations",
    "nothing but initials",
    "runs of backticks",
    "ten thousand attributes",
    "ten thousand brackets",
    "ten thousand halves of links",
    "ten thousand lines of a word",
    "ten thousand marks of emphasis",
    "thousands of headings",
    "zeros deflated",
}
"""Those that take most of the time."""
SMALL = {name: case for name, case in CASES.items() if name not in LARGE}


def digest(folder: Path) -> dict[str, str]:
    """What the files of a folder hold; links are not followed, and nothing that is no file is read."""
    found = {}
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        held = path.read_bytes() if stat.S_ISREG(mode) else str(stat.S_IFMT(mode)).encode()
        found[path.name] = hashlib.sha256(held).hexdigest()
    return found


def check_refusal(reason: str, *names: str) -> None:
    """One line that can be printed, of a size that is read, which names the file and says what to do."""
    assert reason.isprintable(), reason
    assert len(reason) <= MAX_REFUSAL, reason
    assert any(name in reason for name in names), reason
    assert "Traceback" not in reason
    assert ". " in reason and reason.endswith("."), reason


class Taken(NamedTuple):
    """A folder of cases after one reindexing."""

    cases: dict[str, Case]
    engine: Engine
    report: Report
    before: dict[str, str]
    good: IndexedArticle

    def refusal(self, case: Case) -> str | None:
        return next((refusal.reason for refusal in self.report.refused if refusal.file == case.file), None)


@pytest.fixture(scope="module", params=["small", pytest.param("all", marks=pytest.mark.slow)])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Taken:
    """Taken in once, by whichever process of a run comes first: all cases take a minute."""
    cases = {"small": SMALL, "all": CASES}[request.param]
    home = tmp_path_factory.getbasetemp().parent / f"hostile-{request.param}-{testrun_uid}"
    seeds, kept = home / "seeds", home / "report.json"
    seeds.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_text(take_in_all(cases, seeds, home / "data").model_dump_json())
    report = Report.model_validate_json(kept.read_text())
    engine = Engine.open(seeds, home / "data", build=False)
    good = read_article("good.txt", GOOD.encode(), None, *engine.manager.reading_config)
    return Taken(cases, engine, report, digest(seeds), good)


def take_in_all(cases: dict[str, Case], seeds: Path, data: Path) -> Report:
    """The report of a reindexing that meets these cases; no file changes by it."""
    (seeds / "good.txt").write_text(GOOD)
    engine = Engine.open(seeds, data)
    for case in cases.values():
        (seeds / case.file).write_bytes(case.make())
        if case.sidecar:
            (seeds / (Path(case.file).stem + SIDECAR)).write_bytes(case.sidecar())
    before = digest(seeds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel_reader, "_cores", lambda: 1)
        report = engine.reindex()
    assert digest(seeds) == before
    return report


def shown(entry: IndexedArticle) -> list[str]:
    """All that can be shown of an article: its sentences and its facts."""
    article = entry.article
    facts = [getattr(article, name) for name in ("title", "url", "publisher", "author", "published")]
    return [*(article.text[slice(*one.span)] for one in entry.sentences), *(fact.value for fact in facts if fact)]


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        *(("small", name) for name in sorted(SMALL)),
        *(pytest.param("all", name, marks=pytest.mark.slow) for name in sorted(CASES)),
    ],
    indirect=["taken"],
)
def test_each_file_is_an_article_or_one_clear_refusal(taken: Taken, name: str) -> None:
    case = CASES[name]
    reason = taken.refusal(case)
    if reason is not None:
        assert case.refused is not None, reason
        assert re.search(case.refused, reason), reason
        check_refusal(reason, case.file, Path(case.file).stem + SIDECAR)
        assert not taken.engine.contains(Path(case.file).stem)
        return
    assert not case.refused, "it is an article, and should be refused"
    entry = taken.engine.entry(Path(case.file).stem)
    body = [" ".join(entry.article.text[slice(*one.span)].split()) for one in entry.body_sentences]
    assert set(case.says) <= set(body)
    assert [(each, words) for words in case.never for each in shown(entry) if words in each] == []
    for fact, value in case.facts:
        found = getattr(entry.article, fact)
        assert (found.value if found else None) == value
    check_facts(entry.article)


def check_facts(article: Article) -> None:
    """Facts of record are single lines without controls, and URLs are ones that can be cited."""
    for fact in (article.title, article.publisher, article.author, article.published, article.url):
        if fact is not None:
            assert "\n" not in fact.value
            assert not {unicodedata.category(sign) for sign in fact.value} & {"Cc", "Cs", "Zl", "Zp"}
            assert len(fact.value) <= 500
    if article.url is not None:
        assert article.url.value.startswith(("http://", "https://"))


def test_nothing_else_changes_by_any_of_them(taken: Taken) -> None:
    assert digest(taken.engine.seeds) == taken.before
    assert taken.engine.entry("good") == taken.good
    answer = taken.engine.ask(QUESTION)
    assert answer.verdict is Verdict.ANSWERED
    assert "Karlsson brothers" in answer.quotes[0].text
    ids = {Path(case.file).stem for case in taken.cases.values()}
    refused = {Path(refusal.file).stem for refusal in taken.report.refused}
    assert set(taken.engine.collection.ids) == (ids - refused) | {"good"}
    assert len(refused) == len(taken.report.refused)
    assert taken.engine.verify() == []


def test_at_least_eighty_kinds_are_tried_and_many_of_each_outcome(taken: Taken) -> None:
    assert len(taken.cases) >= 80
    assert len(taken.report.refused) >= 40
    assert len(taken.engine.entries()) >= 40


def test_the_next_reindexing_finds_nothing_new(taken: Taken) -> None:
    before = taken.engine.manifest
    report = taken.engine.reindex()
    assert not report.has_changes
    assert {one.file for one in report.refused} == {one.file for one in taken.report.refused}
    assert taken.engine.manifest == before


@pytest.mark.slow
@pytest.mark.parametrize("taken", ["small"], indirect=True)
def test_several_processes_say_of_them_what_one_does(taken: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 2)
    files = scan(taken.engine.seeds).files
    assert len(files) >= parallel_reader.PARALLEL_FROM
    shared = read_files(files, taken.engine.manager.reading_config, {}, lambda _: None)
    told = {outcome.file.path.name: outcome.refusal for outcome in shared.outcomes if outcome.refusal}
    assert told == {one.file: one.reason for one in taken.report.refused}
    there = taken.engine.collection.by_id
    for segment in shared.segments:
        for number in range(segment.article_count):
            entry = segment.entry(number)
            assert entry == there[entry.article.id]


# ---- the other way in ------------------------------------------------------------------------------------------------


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "good.txt").write_text(GOOD)
    return Engine.open(tmp_path / "seeds", tmp_path / "data")


def sent(case: Case) -> dict[str, bytes]:
    """The files of a case as somebody sends them."""
    files = {case.file: case.make()}
    return files | {Path(case.file).stem + SIDECAR: case.sidecar()} if case.sidecar else files


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
def test_what_is_sent_and_refused_changes_nothing_at_all(engine: Engine, step: int) -> None:
    before = digest(engine.seeds), engine.manifest, sorted(engine.data.rglob("*"))
    refused = [case for case in SMALL.values() if case.refused][::step]
    for case in refused:
        with pytest.raises(ArticleRejected) as told:
            engine.add_contents(sent(case))
        assert re.search(case.refused or "", str(told.value)), str(told.value)
        check_refusal(str(told.value), case.file, Path(case.file).stem + SIDECAR)
        assert digest(engine.seeds) == before[0]
    assert (digest(engine.seeds), engine.manifest, sorted(engine.data.rglob("*"))) == before
    assert engine.ask(QUESTION).verdict is Verdict.ANSWERED


@pytest.mark.parametrize(
    "name", ["Windows-1252", "hidden text", "an empty password", "a YAML bomb", "a picture from elsewhere"]
)
def test_what_is_sent_and_good_is_an_article(engine: Engine, name: str) -> None:
    case = CASES[name]
    good = engine.entry("good")
    assert engine.add_contents(sent(case)).added == (Path(case.file).stem,)
    assert engine.entry("good") == good
    assert engine.verify() == []


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "../../evil.md",
        "/evil.txt",
        "..\\evil.txt",
        "a/b.txt",
        "a\nb.txt",
        "a\0b.txt",
        "a\u202etxt.txt",
        "\udcff.txt",
        "n" * 300 + ".txt",
        ".hidden.txt",
        " lead.txt",
        "trail .txt",
        "a\u2028b.txt",
        "a`b.txt",
        "CON.txt",
        "nul.txt",
        "-rf.txt",
        "a.txt/../../b.txt",
        "~/a.txt",
        "$(id).txt",
    ],
)
def test_nothing_is_written_outside_the_folder_whatever_a_file_calls_itself(engine: Engine, name: str) -> None:
    outside = sorted(path for path in engine.seeds.parent.rglob("*") if not path.is_relative_to(engine.data))
    added = engine.add_contents({name: BODY.encode()}).added
    path = engine.seeds / (added[0] + Path(name).suffix)
    now = sorted(path for path in engine.seeds.parent.rglob("*") if not path.is_relative_to(engine.data))
    assert [each for each in now if each not in outside] == [path]
    assert regex.fullmatch(r"[\p{L}\p{M}\p{N}_-]{1,100}", added[0])
    assert added[0].casefold() not in {"con", "nul"}
    assert engine.verify() == []


@pytest.mark.parametrize(
    "name", ["evil.exe", "evil", "", ".", "..", "a.meta.toml", "sources.toml", "a.txt\0.exe", ".txt", "../a.meta.toml"]
)
def test_what_is_called_like_no_article_is_refused_in_one_line(engine: Engine, name: str) -> None:
    before = sorted(engine.seeds.parent.rglob("*"))
    with pytest.raises(ArticleRejected) as told:
        engine.add_contents({name: BODY.encode()})
    assert str(told.value).isprintable()
    assert len(str(told.value)) <= MAX_REFUSAL
    assert sorted(engine.seeds.parent.rglob("*")) == before


def test_two_files_that_would_have_one_name_are_both_refused(engine: Engine) -> None:
    with pytest.raises(ArticleRejected, match="the same name"):
        engine.add_contents({"a dam.txt": BODY.encode(), "a-dam.txt": MORE.encode()})


def test_a_folder_is_never_left_by_a_name_whoever_asks_for_it() -> None:
    names = ("../evil.txt", "/evil.txt", "a\\b.txt", " a.txt", "a .txt", "a\nb.txt", ".a.txt", "a/../../evil.txt")
    for name in (*names, "a//evil.txt", "a/.evil.txt", "a/./evil.txt", "a/.git/evil.txt", "a/b\\evil.txt", "a/b"):
        with pytest.raises(ArticleRejected):
            check_name(name)


# ---- what else may lie in a folder -----------------------------------------------------------------------------------


def a_link(seeds: Path, path: Path) -> None:
    path.symlink_to(seeds / "good.txt")


def a_link_outside(seeds: Path, path: Path) -> None:
    outside = seeds.parent / "outside.txt"
    outside.write_text(BODY)
    path.symlink_to(outside)


def a_link_to_itself(_: Path, path: Path) -> None:
    path.symlink_to(path)


def a_link_to_nothing(seeds: Path, path: Path) -> None:
    path.symlink_to(seeds / "nothing.txt")


def a_pipe(_: Path, path: Path) -> None:
    os.mkfifo(path)


def a_socket(_: Path, path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def a_folder(_: Path, path: Path) -> None:
    path.mkdir()


def a_link_to_a_device(_: Path, path: Path) -> None:
    path.symlink_to("/dev/zero")


ODD: list[Callable[[Path, Path], None]] = [
    a_link,
    a_link_outside,
    a_link_to_itself,
    a_link_to_nothing,
    a_pipe,
    a_socket,
    a_folder,
    a_link_to_a_device,
]


@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize("ending", [".txt", ".html"])
def test_what_is_no_ordinary_file_is_reported_and_not_followed(
    engine: Engine, make: Callable[[Path, Path], None], ending: str
) -> None:
    make(engine.seeds, engine.seeds / f"odd{ending}")
    refused = engine.reindex().refused
    assert [one.file for one in refused] == [f"odd{ending}"]
    check_refusal(refused[0].reason, f"odd{ending}")
    assert "regular file" in refused[0].reason
    assert len(engine.entries()) == 1


@pytest.mark.parametrize("make", ODD)
def test_a_sidecar_that_is_no_ordinary_file_is_reported_and_not_followed(
    engine: Engine, make: Callable[[Path, Path], None]
) -> None:
    make(engine.seeds, engine.seeds / "odd.meta.toml")
    (engine.seeds / "odd.txt").write_text(BODY)
    refused = engine.reindex().refused
    assert [one.file for one in refused] == ["odd.txt"]
    check_refusal(refused[0].reason, "odd.meta.toml")
    assert len(engine.entries()) == 1


def test_a_device_is_not_read(engine: Engine) -> None:
    path = engine.seeds / "device.txt"
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:  # only root makes devices, and not in every container
        path.symlink_to("/dev/zero")
    assert [one.file for one in engine.reindex().refused] == ["device.txt"]


@pytest.mark.parametrize("name", ["alien.txt", "good.meta.toml"])
def test_a_file_of_another_owner_is_refused_and_one_of_the_folders_owner_is_not(engine: Engine, name: str) -> None:
    path = engine.seeds / name
    path.write_text(BODY if name.endswith(".txt") else 'headline = "A dam"')
    somebody = 4242
    if os.geteuid() == 0:
        os.chown(path, somebody, -1)
        refused = engine.reindex().refused
        assert [one.file for one in refused] == ["good.txt" if "meta" in name else name]
        check_refusal(refused[0].reason, name)
        assert "belongs to a user (id 4242)" in refused[0].reason
        os.chown(engine.seeds, somebody, -1)
    assert engine.reindex().refused == ()


def test_a_file_that_cannot_be_opened_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    (engine.seeds / "closed.txt").write_text(BODY)
    (engine.seeds / "closed.txt").chmod(0)
    opened = os.open

    def refusing(path: str | Path, *rest: int) -> int:  # for root, whom no mode keeps out
        if Path(path).name == "closed.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", refusing)
    refused = engine.reindex().refused
    assert [(one.file, "Permission denied" in one.reason) for one in refused] == [("closed.txt", True)]
    check_refusal(refused[0].reason, "closed.txt")


def test_a_hard_link_is_a_file_as_any_other(engine: Engine) -> None:
    (engine.seeds.parent / "outside.txt").write_text(BODY)
    os.link(engine.seeds.parent / "outside.txt", engine.seeds / "hard.txt")
    assert engine.reindex().added == ("hard",)


# ---- names -----------------------------------------------------------------------------------------------------------

TAKEN_NAMES = [
    "CON.txt",
    "NUL.txt",
    "aux.txt",
    "-dash.txt",
    "dots...txt",
    "emoji😀.txt",
    "UPPER.TXT",
    "Mixed.Md",
    "水坝.txt",
    "A.txt",
    "a.txt",
]
REFUSED_NAMES = [
    "line\nbreak.txt",
    "turned\u202etxt.txt",
    "zero\u200bwidth.txt",
    os.fsdecode(b"bytes\xff\xfe.txt"),
    " lead.txt",
    "trail .txt",
    "back\\slash.txt",
    "tick`.txt",
    "n" * 200 + ".txt",
    os.fsdecode(b"\xff" * 240) + ".txt",
    "no-ending",
    "sidecar\n\u202e.meta.toml",
    "\u202e.exe",
]


def test_names_are_ids_or_refused_in_one_line(engine: Engine) -> None:
    for number, name in enumerate([*TAKEN_NAMES, *REFUSED_NAMES]):
        (engine.seeds / name).write_text(f"{BODY} It is number {number}.")
    report = engine.reindex()
    assert set(report.added) == {Path(name).stem for name in TAKEN_NAMES}
    assert len(report.refused) == len(REFUSED_NAMES)
    for refusal in report.refused:
        assert refusal.file.isprintable() and len(refusal.file) <= 255
        assert refusal.reason.isprintable() and len(refusal.reason) <= MAX_REFUSAL
    assert engine.verify() == []


def test_of_two_files_that_would_be_one_article_one_is_refused(engine: Engine) -> None:
    (engine.seeds / "two.txt").write_text(BODY)
    (engine.seeds / "two.html").write_bytes(page())
    (engine.seeds / "two.md").write_text(BODY)
    report = engine.reindex()
    assert report.added == ("two",)
    assert {one.file for one in report.refused} == {"two.html", "two.md"}
    assert all("already has the id 'two'" in one.reason for one in report.refused)


# ---- files that change while they are read ---------------------------------------------------------------------------


def test_a_file_that_vanishes_between_being_seen_and_read_is_refused(engine: Engine) -> None:
    path = engine.seeds / "gone.txt"
    path.write_text(BODY)
    file = next(file for file in scan(engine.seeds).files if file.id == "gone")
    path.unlink()
    with pytest.raises(ArticleRejected, match=r"gone\.txt disappeared") as told:
        read_file(file)
    check_refusal(str(told.value), "gone.txt")


def test_a_file_that_becomes_a_link_or_a_pipe_in_between_is_not_followed(engine: Engine) -> None:
    path = engine.seeds / "turns.txt"
    for make in (a_link_outside, a_pipe, a_folder):
        path.write_text(BODY)
        file = next(file for file in scan(engine.seeds).files if file.id == "turns")
        path.unlink()
        make(engine.seeds, path)
        with pytest.raises(ArticleRejected, match=r"turns\.txt"):
            read_file(file)
        (path.rmdir if path.is_dir() and not path.is_symlink() else path.unlink)()


def test_a_file_that_grows_without_end_is_read_up_to_a_size(engine: Engine) -> None:
    path = engine.seeds / "grows.txt"
    path.write_text(BODY)
    file = next(file for file in scan(engine.seeds).files if file.id == "grows")
    with path.open("ab") as grows:
        grows.truncate(2**33)  # no room is taken: a hole
    data, _ = read_file(file)
    assert len(data) == 8 * 2**20 + 1
    assert [one.file for one in engine.reindex().refused] == ["grows.txt"]


def test_a_file_that_changed_after_it_was_read_is_read_at_the_next_reindexing(engine: Engine) -> None:
    path = engine.seeds / "later.txt"
    path.write_text(BODY)
    engine.reindex()
    path.write_text(f"{BODY} It leaks.")
    assert any("later" in failure for failure in engine.verify())
    assert engine.reindex().changed == ("later",)
    assert engine.verify() == []


def test_refusals_of_one_file_do_not_keep_others_out(engine: Engine) -> None:
    for case in (*list(TEXTS.values())[:4], *list(PDFS.values())[:4], *list(PAGE.values())[:2]):
        (engine.seeds / case.file).write_bytes(case.make())
    (engine.seeds / "zz.html").write_bytes(page())
    report = engine.reindex()
    assert "zz" in report.added
    assert all(isinstance(one, Refusal) for one in report.refused)
