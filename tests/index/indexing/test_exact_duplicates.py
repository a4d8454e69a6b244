"""A file that says what another one says is refused by name; one of the two is an article."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.corpus import folder
from index.corpus.file_states import FileState, FileStates
from index.corpus.folder import Refusal
from index.engine import Engine
from index.errors import ArticleRejected
from index.indexing.parallel_reader import PARALLEL_FROM
from index.reading.config import ReadingConfig
from tests.properties import examples

STORY = "A dam for the valley\n\nThe engineer Ann Karlsson will build a “dam” in the valley of Lomma.\n"
OTHER = "A bridge for the town\n\nNobody has said yet who will build the bridge.\n"
SAME = "Its text is identical to that of the article 'first'. Keep only one of the two."


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    made = tmp_path / "seeds"
    made.mkdir()
    (made / "first.txt").write_text(STORY)
    return made


@pytest.fixture
def engine(seeds: Path, data: Path) -> Engine:
    return Engine.open(seeds, data)


def test_the_same_bytes_are_not_added_again(engine: Engine, seeds: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    again.write_text(STORY)
    with pytest.raises(ArticleRejected, match=r"again\.txt is identical to that of the article 'first'"):
        engine.add([again])
    assert [path.name for path in seeds.iterdir()] == ["first.txt"]
    assert engine.collection.ids == ("first",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_nor_is_the_same_text_in_other_bytes(engine: Engine, encoding: str) -> None:
    with pytest.raises(ArticleRejected, match="'first'"):
        engine.add_contents({"again.txt": STORY.encode(encoding)})


def test_nor_are_two_files_with_one_text(engine: Engine, seeds: Path) -> None:
    with pytest.raises(ArticleRejected, match=r"two\.txt is identical to that of the article 'one'"):
        engine.add_contents({"one.txt": OTHER.encode(), "two.txt": OTHER.encode("utf-8-sig")})
    assert [path.name for path in seeds.iterdir()] == ["first.txt"]


def test_an_article_that_was_removed_can_be_added_again_under_another_name(engine: Engine) -> None:
    engine.remove("first")
    assert engine.add_contents({"again.txt": STORY.encode()}).added == ("again",)


def test_an_article_whose_text_was_changed_leaves_its_old_text_to_others(engine: Engine, seeds: Path) -> None:
    (seeds / "first.txt").write_text(OTHER)
    engine.reindex()
    assert engine.add_contents({"again.txt": STORY.encode()}).added == ("again",)
    with pytest.raises(ArticleRejected, match="'first'"):
        engine.add_contents({"bridge.txt": OTHER.encode()})


def test_what_another_process_added_meanwhile_is_not_added_again(engine: Engine, seeds: Path, data: Path) -> None:
    Engine.open(seeds, data).add_contents({"theirs.txt": OTHER.encode()})
    with pytest.raises(ArticleRejected, match="'theirs'"):
        engine.add_contents({"mine.txt": OTHER.encode()})
    assert sorted(path.name for path in seeds.iterdir()) == ["first.txt", "theirs.txt"]
    assert engine.collection.ids == ("first", "theirs")


def test_in_the_folder_the_first_stays_and_the_other_is_refused_each_time(engine: Engine, seeds: Path) -> None:
    (seeds / "second.txt").write_text(STORY, "utf-8-sig")
    for _ in range(3):
        report = engine.reindex()
        assert report.refused == (Refusal(file="second.txt", reason=SAME),)
        assert not report.has_changes
    assert engine.collection.ids == ("first",)
    (seeds / "first.txt").unlink()
    report = engine.reindex()
    assert (report.removed, report.added, report.refused) == (("first",), ("second",), ())


def test_what_is_indexed_stays_before_what_is_new(engine: Engine, seeds: Path) -> None:
    (seeds / "a.txt").write_text(STORY)
    report = engine.reindex()
    assert [refusal.file for refusal in report.refused] == ["a.txt"]
    assert engine.collection.ids == ("first",)


def test_an_article_that_comes_to_say_what_another_says_keeps_the_version_before(engine: Engine, seeds: Path) -> None:
    (seeds / "second.txt").write_text(OTHER)
    engine.reindex()
    (seeds / "second.txt").write_text(STORY)
    report = engine.reindex()
    assert report.refused[0].reason == f"{SAME} The previously indexed version stays."
    assert engine.entry("second").article.text == OTHER
    with pytest.raises(ArticleRejected, match="'second'"):
        engine.add_contents({"third.txt": OTHER.encode()})


def test_a_file_that_is_given_another_name_is_no_duplicate_of_itself(engine: Engine, seeds: Path) -> None:
    (seeds / "first.txt").rename(seeds / "renamed.txt")
    report = engine.reindex()
    assert (report.added, report.removed, report.refused) == (("renamed",), ("first",), ())


def test_two_articles_can_change_their_texts_with_each_other(engine: Engine, seeds: Path) -> None:
    (seeds / "second.txt").write_text(OTHER)
    engine.reindex()
    (seeds / "first.txt").write_text(f"{OTHER} ")
    (seeds / "first.txt").write_text(OTHER)
    (seeds / "second.txt").write_text(STORY)
    report = engine.reindex()
    assert (report.changed, report.refused) == (("first", "second"), ())


@pytest.mark.parametrize("number", [10, 2 * PARALLEL_FROM])
def test_none_is_missed_within_a_batch_or_between_two(engine: Engine, seeds: Path, number: int) -> None:
    for one in range(number):
        (seeds / f"x{one:03}.txt").write_text(f"A dam\n\nThey build dam {one // 2} in the valley.\n")
    (seeds / "z.txt").write_text("A dam\n\nThey build dam 0 in the valley.\n")
    report = engine.reindex()
    assert report.added == tuple(f"x{one:03}" for one in range(0, number, 2))
    assert [refusal.file for refusal in report.refused] == [f"x{one:03}.txt" for one in range(1, number, 2)] + ["z.txt"]
    assert report.articles == 1 + number // 2
    assert engine.verify() == []
    assert Engine.open(seeds, engine.data).collection.ids == engine.collection.ids


def test_by_another_reader_everything_is_read_and_the_same_ones_stay(engine: Engine, seeds: Path) -> None:
    (seeds / "a.txt").write_text(STORY)
    engine.reindex()
    engine.manager.reading_config = ReadingConfig(engine.manager.reading_config.rules[1:])
    report = engine.reindex()
    assert report.unchanged == ("first",)
    assert [refusal.file for refusal in report.refused] == ["a.txt"]


def test_a_new_article_is_compared_without_reading_the_others(
    engine: Engine, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in range(20):
        (seeds / f"x{one}.txt").write_text(f"A dam\n\nThey build dam {one} in the valley.\n")
    engine.reindex()
    read: list[str] = []
    before = folder.read_file

    def noted(file: folder.SeedFile) -> tuple[bytes, bytes | None]:
        read.append(file.id)
        return before(file)

    monkeypatch.setattr(folder, "read_file", noted)
    engine.add_contents({"new.txt": OTHER.encode()})
    assert read == ["new"]


hashes = st.sampled_from([letter * 64 for letter in "abcd"])


@settings(max_examples=examples(200))
@given(
    st.lists(st.tuples(st.sampled_from(["x", "y", "y]", 'q"']), st.none() | hashes, st.none() | hashes), max_size=12),
    st.sets(hashes, min_size=1),
    st.sets(st.sampled_from(["x", "y"])),
)
def test_the_ledger_finds_who_holds_a_text_now_and_nobody_else(
    written: list[tuple[str, str | None, str | None]], wanted: set[str], other_than: set[str]
) -> None:
    file_states, now = FileStates(), dict[str, FileState]()
    for name, sha256, text in written:
        if sha256 is None:
            file_states = file_states.with_changes({}, [name])
            now.pop(name, None)
        else:
            now[name] = FileState(f"{name}.txt", (folder.Signature(1, 2), None), sha256, "a" * 64, text_sha256=text)
            file_states = file_states.with_changes({name: now[name]}, ())
    assert dict(file_states.by_id) == now
    holders = [name for name, state in now.items() if state.hashes & wanted and name not in other_than]
    assert file_states.find_by_hash(wanted, other_than) == min(holders, default=None)
