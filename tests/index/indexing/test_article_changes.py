"""Articles in folders are added, edited and removed, and whole folders are added; nothing leads out of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import ArticleRejected, ArticleUnknown, FolderUnusable, IndexUpdateFailed, RulesInvalid

FIRST = "000_88608c0d96434d55"


def article(number: int) -> str:
    return f"A ferry\n\nThe ferry number {number} leaves the harbour of Lomma at noon, Ann Karlsson said.\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder elsewhere, with folders in it."""
    docs = tmp_path / "home" / "docs"
    (docs / "guide" / "api").mkdir(parents=True)
    for number, name in enumerate(("index.md", "guide/faq.md", "guide/api/limits.md")):
        (docs / name).write_text(article(number))
    (docs / "guide" / "faq.meta.toml").write_text('headline = "Answers"')
    return docs


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# ---- one article -----------------------------------------------------------------------------------------------------


def test_an_article_in_a_folder_is_edited_and_removed_by_its_id(engine: Engine, docs: Path) -> None:
    engine.add_folder(docs)
    engine.update_metadata("docs-guide-api-limits", {"title": "Limits"}, "ann")
    assert (engine.seeds / "docs" / "guide" / "api" / "limits.meta.toml").read_text().startswith('headline = "Limits"')
    assert engine.entry("docs-guide-api-limits").article.label == "Limits"
    report, removed = engine.remove("docs-guide-api-limits")
    assert report.removed == ("docs-guide-api-limits",)
    assert [path.name for path in removed.paths] == ["limits.md", "limits.meta.toml"]
    assert names(engine.seeds / "docs") == {"index.md", "guide/faq.md", "guide/faq.meta.toml"}
    assert not engine.reindex().has_changes


@pytest.mark.parametrize("article_id", ["docs/guide/faq", "docs/guide/faq.md", "../docs-index", "docs-guide", "docs"])
def test_a_path_is_no_id(engine: Engine, docs: Path, article_id: str) -> None:
    engine.add_folder(docs)
    before = names(engine.seeds.parent)
    with pytest.raises(ArticleUnknown):
        engine.remove(article_id)
    with pytest.raises(ArticleUnknown):
        engine.update_metadata(article_id, {"title": "Limits"}, "ann")
    assert names(engine.seeds.parent) == before


def test_a_file_is_not_added_under_the_id_of_an_article_in_a_folder(engine: Engine, docs: Path) -> None:
    engine.add_folder(docs)
    with pytest.raises(ArticleRejected, match=r"the same id 'docs-index' as docs/index\.md"):
        engine.add_contents({"docs-index.md": article(7).encode()})
    assert not (engine.seeds / "docs-index.md").exists()
    assert engine.reindex().refused == ()


# ---- several files, each by itself -----------------------------------------------------------------------------------


def test_of_several_files_each_that_is_refused_is_named_and_the_others_are_added(engine: Engine) -> None:
    before = names(engine.seeds)
    files = {
        "ferry.txt": article(1).encode(),
        "ferry.meta.toml": b'url = "https://example.com/ferry"',
        "../a ferry.md": article(2).encode(),
        "a-ferry.md": article(3).encode(),
        "again.txt": article(1).encode(),
        f"{FIRST}.html": article(4).encode(),
        f"{FIRST}.txt": article(5).encode(),
        "picture.png": b"\x89PNG",
        "rubbish.txt": b"\0\1",
        "stated.txt": article(6).encode(),
        "stated.meta.toml": b"headline = 7",
        "lone.meta.toml": b"",
    }
    report = engine.add_each(files)
    assert report.added == ("a-ferry", "ferry")
    assert report.titles == {"ferry": "A ferry"}
    reasons = {one.file: one.reason for one in report.refused}
    assert reasons.keys() == {
        "a-ferry.md", "again.txt", f"{FIRST}.html", f"{FIRST}.txt", "picture.png", "rubbish.txt", "stated.txt",
        "lone.meta.toml",
    }  # fmt: skip
    assert "identical to that of the article 'ferry'" in reasons["again.txt"]
    assert "already has a file" in reasons[f"{FIRST}.txt"]
    assert names(engine.seeds) - before == {"ferry.txt", "ferry.meta.toml", "a-ferry.md"}
    url = engine.entry("ferry").article.url
    assert url and url.value == "https://example.com/ferry"
    assert not engine.is_stale()


def test_where_every_file_is_refused_nothing_changes(engine: Engine) -> None:
    generation = engine.generation
    assert [one.file for one in engine.add_each({"picture.png": b"", "ferry.exe": b"x"}).refused] == [
        "picture.png",
        "ferry.exe",
    ]
    assert engine.add_each({}).refused == ()
    assert engine.generation == generation


def test_where_the_index_cannot_follow_several_files_it_is_still_said_which_were_refused(
    engine: Engine, data: Path
) -> None:
    (data / ".CURRENT").mkdir()  # where the name of the new snapshot is written first
    with pytest.raises(IndexUpdateFailed) as told:
        engine.add_each({"ferry.txt": article(1).encode(), "picture.png": b""})
    assert [file for file, _ in told.value.refused] == ["picture.png"]
    assert (engine.seeds / "ferry.txt").exists()


def test_a_file_that_takes_the_id_of_an_article_in_a_folder_is_refused_alone(engine: Engine, docs: Path) -> None:
    engine.add_folder(docs)
    report = engine.add_each({"docs-index.md": article(7).encode(), "ferry.txt": article(8).encode()})
    assert report.added == ("ferry",)
    assert ["the same id" in one.reason for one in report.refused] == [True]
    assert not (engine.seeds / "docs-index.md").exists()
    assert engine.reindex().refused == ()


# ---- a folder --------------------------------------------------------------------------------------------------------


def test_a_folder_is_added_under_its_name_with_the_folders_in_it(engine: Engine, docs: Path) -> None:
    report = engine.add_folder(docs)
    assert report.added == ("docs-guide-api-limits", "docs-guide-faq", "docs-index")
    assert report.refused == ()
    assert names(engine.seeds / "docs") == names(docs)
    assert engine.entry("docs-guide-faq").article.label == "Answers"
    assert not engine.is_stale()


def test_the_folder_that_one_is_in_has_its_name(engine: Engine, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(docs / "guide")
    assert engine.add_folder(Path()).added == ("guide-api-limits", "guide-faq")
    report = engine.add_folder(Path(".."))
    assert (report.added, len(report.refused)) == (("docs-index",), 2)  # the same texts


def test_each_file_that_is_refused_is_named_and_the_others_are_added(engine: Engine, docs: Path) -> None:
    (docs / "empty.md").touch()
    (docs / "guide" / "picture.png").write_bytes(b"\x89PNG")
    (docs / "guide" / "page.html").write_text("no page")
    (docs / "zz.md").write_text(article(0))
    (docs / "guide" / "FAQ.txt").write_text(article(8))
    (docs / "guide" / "large.txt").write_bytes(b"x" * (8 * 2**20 + 1))
    (docs / "guide" / "link.md").symlink_to(docs / "index.md")
    (docs / "away").symlink_to(docs.parent)
    (docs / "lone.meta.toml").touch()
    (docs / "api.txt").write_text(article(9))
    (docs / "api.meta.toml").write_text("headline = 7")
    (docs / ".git").mkdir()
    (docs / ".git" / "secret.txt").write_text(article(10))
    report = engine.add_folder(docs)
    refused = {one.file.removeprefix("docs/"): one.reason for one in report.refused}
    assert refused.keys() == {
        "empty.md", "guide/picture.png", "guide/page.html", "zz.md", "guide/FAQ.txt", "guide/faq.md",
        "guide/large.txt", "guide/link.md", "away", "lone.meta.toml", "api.txt",
    }  # fmt: skip
    assert "identical to that of the article" in refused["zz.md"]
    assert report.added == ("docs-guide-api-limits", "docs-index")
    assert names(engine.seeds / "docs") == {"index.md", "guide/api/limits.md"}
    assert not engine.is_stale()
    assert engine.reindex().refused == ()


def test_a_folder_that_is_added_again_brings_what_is_new_and_replaces_nothing(engine: Engine, docs: Path) -> None:
    engine.add_folder(docs)
    (docs / "index.md").write_text(article(11))
    (docs / "new.md").write_text(article(12))
    report = engine.add_folder(docs)
    assert report.added == ("docs-new",)
    assert len(report.refused) == 3
    assert all("There is already an article with the id" in one.reason for one in report.refused)
    assert (engine.seeds / "docs" / "index.md").read_text() == article(0)


def test_what_the_folder_of_articles_ignores_is_not_copied(engine: Engine, docs: Path) -> None:
    (engine.seeds / ".verbatimignore").write_text("api/\n/docs/index.md\n")
    report = engine.add_folder(docs)
    assert (report.added, report.ignored) == (("docs-guide-faq",), ("docs/guide/api/", "docs/index.md"))
    assert names(engine.seeds / "docs") == {"guide/faq.md", "guide/faq.meta.toml"}
    (engine.seeds / ".verbatimignore").write_text("!")
    with pytest.raises(RulesInvalid):
        engine.reindex()


def test_nothing_is_written_through_a_link_or_over_a_file(engine: Engine, docs: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (engine.seeds / "docs").mkdir()
    (engine.seeds / "docs" / "guide").symlink_to(outside)
    report = engine.add_folder(docs)
    assert report.added == ("docs-index",)
    assert {one.file for one in report.refused} >= {"docs/guide/faq.md", "docs/guide/api/limits.md"}
    assert names(outside) == set()
    (engine.seeds / "docs" / "guide").unlink()
    (engine.seeds / "docs" / "guide").write_text("A file.")
    assert engine.add_folder(docs).added == ()


def test_a_folder_and_the_folder_of_articles_are_not_in_one_another(engine: Engine, docs: Path, tmp_path: Path) -> None:
    engine.add_folder(docs)
    (tmp_path / "again").symlink_to(engine.seeds / "docs")
    before = names(engine.seeds)
    for source in (engine.seeds, engine.seeds / "docs", engine.seeds.parent, Path("/"), tmp_path / "again"):
        with pytest.raises(ArticleRejected, match="in one another"):
            engine.add_folder(source)
    assert names(engine.seeds) == before


def test_a_folder_that_cannot_be_added_at_all_is_an_error(engine: Engine, docs: Path) -> None:
    with pytest.raises(FolderUnusable, match=r"nothing' cannot be read"):
        engine.add_folder(docs / "nothing")
    docs.rename(docs.with_name("docs.md"))
    with pytest.raises(ArticleRejected, match=r"docs\.md is named like a file"):
        engine.add_folder(docs.with_name("docs.md"))
    docs.with_name("docs.md").rename(docs.with_name(".docs"))
    assert len(engine.add_folder(docs.with_name(".docs")).refused) == 3
