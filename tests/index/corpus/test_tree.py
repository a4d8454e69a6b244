"""Folders in the folder of articles: what is in them is read under an id made of its path, and nothing else is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.corpus import tree
from index.corpus.folder import scan
from index.corpus.tree import MAX_DEPTH, read_tree
from index.engine import Engine
from index.errors import FolderUnusable, RulesInvalid
from index.indexing.reindex import Report

FIRST = "000_88608c0d96434d55"
NOT_ROOT = 4242


def article(number: int) -> str:
    return f"A ferry\n\nThe ferry number {number} leaves the harbour of Lomma at noon, Ann Karlsson said.\n"


def write(seeds: Path, *names: str) -> None:
    """Write an article of its own to each of these paths."""
    for name in names:
        path = seeds / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(sum(map(ord, name))))


def reasons(report: Report) -> dict[str, str]:
    return {refusal.file: refusal.reason for refusal in report.refused}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    (tmp_path / "bare").mkdir()
    return tmp_path / "bare"


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of folders that cannot be listed, not even by root, whom no mode keeps out."""
    names, listed = set[str](), os.scandir

    def refusing(path: os.PathLike[str]) -> Iterator[os.DirEntry[str]]:
        if Path(path).name in names:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refusing)
    return names


# ---- what is read ----------------------------------------------------------------------------------------------------


def test_files_in_folders_are_articles_and_those_at_the_top_keep_their_ids(engine: Engine) -> None:
    write(engine.seeds, "Guide.txt", "guide/faq.txt", "guide/First Steps/02 Install.txt", "Größe/Maß & Ziel.txt")
    report = engine.reindex()
    assert report.added == ("Guide", "größe-maß-ziel", "guide-faq", "guide-first-steps-02-install")
    assert report.refused == ()
    assert engine.contains(FIRST)
    found = engine.entry("guide-first-steps-02-install").article
    assert (found.file, found.folder) == ("guide/First Steps/02 Install.txt", "guide/First Steps")
    [quote, *_] = engine.search("ferry harbour Lomma", article="guide-faq")
    assert quote.article.file == "guide/faq.txt"
    assert engine.verify() == []


def test_an_unchanged_tree_is_not_read_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write(engine.seeds, "guide/faq.txt", "guide/deep/er/rules.txt")
    engine.reindex()
    monkeypatch.setattr("index.corpus.folder.read_file", None)
    assert not engine.reindex().has_changes
    assert not engine.is_stale()
    assert not Engine.open(engine.seeds, engine.data).is_stale()


def test_a_folder_that_goes_takes_its_articles_with_it(engine: Engine) -> None:
    write(engine.seeds, "guide/faq.txt", "guide/deep/rules.txt", "guide.txt")
    engine.reindex()
    shutil.rmtree(engine.seeds / "guide")
    assert engine.is_stale()
    assert engine.reindex().removed == ("guide-deep-rules", "guide-faq")
    assert engine.contains("guide")


def test_a_file_that_moves_has_the_id_and_the_place_of_where_it_is(engine: Engine) -> None:
    write(engine.seeds, "guide/faq.txt")
    engine.reindex()
    (engine.seeds / "guide" / "faq.txt").rename(engine.seeds / "guide-faq.txt")
    assert engine.is_stale()
    assert engine.reindex().changed == ("guide-faq",)
    assert engine.entry("guide-faq").article.file == "guide-faq.txt"
    assert engine.verify() == []
    (engine.seeds / "guide-faq.txt").rename(engine.seeds / "guide" / "answers.txt")
    report = engine.reindex()
    assert (report.added, report.removed) == (("guide-answers",), ("guide-faq",))


def test_articles_are_listed_from_the_top_down_folder_by_folder(engine: Engine) -> None:
    write(engine.seeds, "a/z.txt", "a/b/c.txt", "a-b/a.txt", "z.txt", "B/a.txt")
    engine.reindex()
    files = [entry.article.file for entry in engine.entries()]
    assert files[2:] == ["z.txt", "B/a.txt", "a/z.txt", "a/b/c.txt", "a-b/a.txt"]
    assert [entry.article.file for entry in engine.entries()[3:5]] == files[3:5]
    assert {(one.id, one.folder) for one in engine.labels()} >= {("z", ""), ("b-a", "B"), ("a-z", "a")}


def test_sidecars_apply_in_folders_and_only_to_the_file_beside_them(engine: Engine) -> None:
    write(engine.seeds, "guide/faq.txt", "rules/faq.txt")
    (engine.seeds / "guide" / "faq.meta.toml").write_text('headline = "Answers"')
    (engine.seeds / "rules" / "other.meta.toml").write_text('headline = "Nobody\'s"')
    (engine.seeds / "rules" / "faq.meta.toml").write_text("headline = 7")
    report = engine.reindex()
    assert report.added == ("guide-faq",)
    title = engine.entry("guide-faq").article.title
    assert title and title.value == "Answers"
    told = reasons(report)
    assert told.keys() == {"rules/faq.txt", "rules/other.meta.toml"}
    assert told["rules/faq.txt"].startswith("rules/faq.meta.toml cannot be used: headline")


# ---- ids -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("guide/faq.txt", "guide-faq.txt"),
        ("guide/FAQ.txt", "guide/faq.txt"),
        ("Guide/faq.txt", "guide/faq.txt"),
        ("guide/f a q.txt", "guide/f-a-q.txt", "guide/f/a/q.txt"),
        ("guide/faq.txt", "guide/faq.md"),
        ("caf\u00e9/a.txt", "cafe\u0301/a.txt"),
    ],
)
def test_where_paths_give_one_id_all_are_refused_by_name(bare: Path, tmp_path: Path, names: tuple[str, ...]) -> None:
    write(bare, *names, "other.txt")
    engine = Engine.open(bare, tmp_path / "data")
    report = engine.reindex()
    told = reasons(report)
    assert told.keys() == set(names)
    assert all(other in told[name] for name in names for other in names if other != name)
    assert (report.articles, engine.contains("other")) == (1, True)
    assert not engine.is_stale()
    for name in names[1:]:
        (bare / name).unlink()
    assert len(engine.reindex().added) == 1


@pytest.mark.parametrize("names", [("guide/faq.txt", "guide-faq.txt"), ("guide-faq.txt", "guide/faq.txt")])
def test_an_article_stays_as_it_is_while_another_file_has_its_id(engine: Engine, names: tuple[str, str]) -> None:
    write(engine.seeds, names[0])
    engine.reindex()
    entry = engine.entry("guide-faq")
    write(engine.seeds, names[1])
    for report in (engine.reindex(), engine.reindex(), Engine.open(engine.seeds, engine.data).reindex()):
        told = reasons(report)
        assert told.keys() == set(names)
        assert told[names[0]].endswith("The previously indexed version stays.")
        assert "stays" not in told[names[1]]
        assert not report.has_changes
    assert engine.entry("guide-faq") == entry
    assert not engine.is_stale()
    (engine.seeds / names[1]).unlink()
    report = engine.reindex()
    assert (report.refused, engine.entry("guide-faq")) == ((), entry)


# ---- what is hostile -------------------------------------------------------------------------------------------------


def test_links_devices_and_hidden_folders_are_not_entered(engine: Engine) -> None:
    write(engine.seeds, "guide/faq.txt", ".git/secret.txt", "guide/.obsidian/secret.txt", "guide/.hidden.txt")
    outside = engine.seeds.parent / "outside"
    write(outside, "secret.txt")
    for link, target in (
        ("loop", ".."),
        ("self", "self"),
        ("away", str(outside)),
        ("a.txt", str(outside / "secret.txt")),
    ):
        (engine.seeds / "guide" / link).symlink_to(target)
    os.mkfifo(engine.seeds / "guide" / "pipe.md")
    report = engine.reindex()
    assert report.added == ("guide-faq",)
    told = reasons(report)
    assert told.keys() == {f"guide/{name}" for name in ("loop", "self", "away", "a.txt", "pipe.md")}
    assert all("is not a regular file" in reason for reason in told.values())


def test_a_folder_named_like_a_file_is_refused_with_what_is_in_it(engine: Engine) -> None:
    write(engine.seeds, "x.md/faq.txt", "guide/y.txt/faq.txt", "guide/z.meta.toml/faq.txt", "v1.2/faq.txt")
    report = engine.reindex()
    assert report.added == ("v1-2-faq",)
    assert reasons(report).keys() == {"x.md", "guide/y.txt", "guide/z.meta.toml"}


def test_names_of_every_kind_are_ids_or_refused_in_one_line(engine: Engine) -> None:
    taken = [
        "правила/вход.txt",
        "規則/入口.txt",
        "नियम/प्रवेश.txt",
        "قواعد/دخول.txt",
        "emoji/🎟️.txt",
        "emoji/👩‍💻.txt",
        "🎉/🎉.txt",
        "with  spaces / and more .txt",
        "a.b.c/d.e.txt",
        "--/-.txt",
        "n" * 200 + "/" + "m" * 200 + ".txt",
        "~/con.txt",
        "tick`/[x](y).txt",
        "#/@everyone.txt",
    ]
    strange = ["bidi\u202e/a.txt", "a/line\nbreak.txt", "back\\slash/a.txt", os.fsdecode(b"byte\xff/a.txt")]
    refused = [*strange, "a/b", "a/c.png"]
    write(engine.seeds, *taken, *refused)
    report = engine.reindex()
    assert len(report.added) == len(taken)
    assert all(0 < len(name) <= 100 and name.isprintable() and "/" not in name for name in report.added)
    assert len(report.refused) == len(refused)
    assert all(one.file.isprintable() and one.reason.isprintable() for one in report.refused)
    assert engine.verify() == []


def test_a_folder_that_cannot_be_read_is_named_and_its_articles_stay(engine: Engine, unreadable: set[str]) -> None:
    write(engine.seeds, "guide/faq.txt", "guide/deep/rules.txt", "rules/entry.txt")
    engine.reindex()
    write(engine.seeds, "rules/new.txt", "guide/new.txt")
    unreadable |= {"guide"}
    report = engine.reindex()
    assert report.added == ("rules-new",)
    assert report.removed == ()
    [(name, reason)] = reasons(report).items()
    assert name == "guide"
    assert reason.startswith("guide cannot be read (Permission denied). Make it readable")
    assert reason.endswith("The previously indexed version stays.")
    assert engine.contains("guide-deep-rules")
    assert not engine.is_stale()
    unreadable.clear()
    assert engine.reindex().added == ("guide-new",)


def test_a_folder_of_another_user_is_refused(engine: Engine) -> None:
    write(engine.seeds, "guide/faq.txt", "rules/entry.txt")
    os.chown(engine.seeds / "guide", NOT_ROOT, -1)
    os.chown(engine.seeds / "guide" / "faq.txt", NOT_ROOT, -1)
    report = engine.reindex()
    assert report.added == ("rules-entry",)
    assert f"belongs to a user (id {NOT_ROOT})" in reasons(report)["guide"]


def test_depth_and_number_have_a_limit(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [f"d{number}" for number in range(MAX_DEPTH + 2)]
    write(bare, "/".join([*folders[:MAX_DEPTH], "in.txt"]), "/".join([*folders[: MAX_DEPTH + 1], "out.txt"]))
    engine = Engine.open(bare, tmp_path / "data")
    report = engine.reindex()
    assert report.articles == 1
    [(name, reason)] = reasons(report).items()
    assert name == "/".join(folders[: MAX_DEPTH + 1])
    assert f"is within {MAX_DEPTH} other folders" in reason
    monkeypatch.setattr(tree, "MAX_ENTRIES", MAX_DEPTH)
    with pytest.raises(FolderUnusable, match="holds more than 20 files and folders"):
        engine.reindex()
    assert engine.articles == 1


# ---- .verbatimignore -------------------------------------------------------------------------------------------------


def test_what_is_ignored_is_left_out_and_counted(engine: Engine) -> None:
    write(engine.seeds, "drafts/a.txt", "guide/drafts/b.txt", "guide/faq.txt", "guide/note.txt", "note.txt", "c.png")
    (engine.seeds / "guide" / "note.meta.toml").touch()
    write(engine.seeds, os.fsdecode(b"byte\xff.txt"))
    engine.reindex()
    (engine.seeds / ".verbatimignore").write_text("# not ready\ndrafts/\n*.png\n\n/*/note.txt\n")
    assert engine.is_stale()
    report = engine.reindex()
    assert report.removed == ("drafts-a", "guide-drafts-b", "guide-note")
    assert report.ignored == ("c.png", "drafts/", "guide/drafts/", "guide/note.txt")
    assert len(report.refused) == 1
    assert engine.contains("note")
    (engine.seeds / ".verbatimignore").unlink()
    assert len(engine.reindex().added) == 3


def test_what_is_ignored_in_general_can_be_included_again(engine: Engine) -> None:
    write(engine.seeds, "internal/a.txt", "internal/rules.txt", "internal/deep/b.txt", "faq.txt")
    (engine.seeds / ".verbatimignore").write_text("/internal/**\n!/internal/rules.txt\n")
    report = engine.reindex()
    assert report.added == ("faq", "internal-rules")
    assert report.ignored == ("internal/a.txt", "internal/deep/b.txt")


@pytest.mark.parametrize("content", [b"[z-a]\n", b"!\n", b"\xff\xfe", b"x" * 100_000])
def test_patterns_that_cannot_be_used_change_nothing(engine: Engine, content: bytes) -> None:
    (engine.seeds / ".verbatimignore").write_bytes(content)
    with pytest.raises(RulesInvalid, match=r"^\.verbatimignore"):
        engine.reindex()
    again = Engine.open(engine.seeds, engine.data)
    assert again.is_stale()
    assert again.contains(FIRST)


def test_patterns_are_not_read_from_a_link(engine: Engine) -> None:
    (engine.seeds.parent / "patterns").write_text("*.txt\n")
    (engine.seeds / ".verbatimignore").symlink_to(engine.seeds.parent / "patterns")
    with pytest.raises(RulesInvalid, match="is not a regular file"):
        engine.reindex()


# ---- many ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thousands_of_files_in_hundreds_of_folders_are_read_once(bare: Path, tmp_path: Path) -> None:
    for folder in range(200):
        write(bare, *(f"part {folder % 10}/chapter {folder}/page {number}.txt" for number in range(25)))
    for number, path in enumerate(sorted(bare.rglob("*.txt"))):
        path.write_text(article(number))
    engine = Engine.open(bare, tmp_path / "data")
    assert (engine.articles, len(read_tree(bare).folders)) == (5000, 210)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.corpus.folder.read_file", None)
        assert len(engine.reindex().unchanged) == 5000
        assert len(scan(bare).files) == 5000
    shutil.rmtree(bare / "part 3")
    assert len(engine.reindex().removed) == 500
