"""A deployment's own rules: read over the built-in ones, run in linear time, taken in at a reindexing."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning import Rule, RuleScope, active_rules, built_in_rules, find_exclusions, fingerprint, parse_rules
from index.cleaning.patterns import PatternRefused, compile_pattern
from index.corpus.folder import scan
from index.engine import Engine
from index.errors import ArticleRejected, RulesInvalid
from index.indexing import parallel_reader
from index.models import Span
from index.reading import read_article
from index.reading.config import ReadingConfig

NAME_IN_SEEDS = "Kratsios"


def rule(name: str, pattern: str, where: str = "line", **more: str) -> str:
    given = {"name": name, "kind": "boilerplate", "where": where, "pattern": pattern, "reason": "A test."} | more
    return "[[rule]]\n" + "".join(f"{field} = '{value}'\n" for field, value in given.items())


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.d").mkdir()
    return tmp_path / "rules.d"


def names(found: tuple[Rule, ...]) -> list[str]:
    return [one.name for one in found]


def linear(pattern: str, where: str = "inline", **more: str) -> Rule:
    return parse_rules(rule("mine", pattern, where, **more), "mine.toml", linear=True).rule[0]


# ---- which rules are in force ----------------------------------------------------------------------------------------


def test_a_missing_folder_leaves_the_built_in_rules(tmp_path: Path) -> None:
    assert active_rules(tmp_path / "nowhere") == active_rules(None) == built_in_rules()


def test_own_rules_go_first_and_one_of_a_built_in_name_takes_its_place(rules: Path) -> None:
    (rules / "b.toml").write_text(rule("second", "b") + rule("ad-label", "Reklame"))
    (rules / "a.toml").write_text('without = ["rights-line"]\n' + rule("first", "a"))
    (rules / "notes.txt").write_text("not read")
    (rules / ".hidden.toml").write_text("not read either")
    found = active_rules(rules)
    built_in = names(built_in_rules())
    built_in.remove("rights-line")
    assert names(found) == ["first", "second", *built_in]
    assert next(one for one in found if one.name == "ad-label").pattern == "Reklame"
    assert {one.name for one in found if one.linear} == {"first", "second", "ad-label"}


def test_a_built_in_rule_can_be_switched_off(rules: Path) -> None:
    (rules / "a.toml").write_text('without = ["ad-label"]')
    text = b"The talks began.\n\nAdvertisement\n\nThey ended."
    assert not [
        cut for cut in read_article("a.txt", text, None, active_rules(rules)).exclusions if cut.rule == "ad-label"
    ]
    assert [cut.rule for cut in read_article("a.txt", text, None, built_in_rules()).exclusions] == ["ad-label"]


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[[rule", "a.toml is not valid TOML"),
        ('without = ["no-such"]', "without: there is no built-in rule 'no-such'"),
        (rule("mine", "a(?=b)"), "the rule 'mine': pattern: lookahead, lookbehind"),
        (rule("mine", "(?<!a)b"), "the rule 'mine': pattern: lookahead, lookbehind"),
        (rule("mine", r"(a)\1"), "the rule 'mine': pattern: lookahead, lookbehind, back-references"),
        (rule("mine", "a++b"), "the rule 'mine': pattern: lookahead, lookbehind, back-references and possessive"),
        (rule("mine", "("), "the rule 'mine': pattern: it is not a valid regular expression: missing )"),
        (rule("mine", "a" * 2001), "the rule 'mine': pattern: it has 2,001 characters"),
        (rule("mine", r"(?:\p{L}{1,100}\s){1,100}"), "the rule 'mine': pattern: it is too large"),
        (rule("mine", ".{0,1000}.{0,1000}x"), "the rule 'mine': pattern: it is too large"),
        (rule("mine", "a", "promo", until="("), "the rule 'mine': until: it is not a valid regular expression"),
        (rule("mine", "a", author="Ann"), "the rule 'mine': author: there is no such field"),
        (rule("Mine", "a"), "the rule 'Mine': name"),
        (rule("mine", "a") + rule("mine", "b"), "two rules named 'mine'"),
        ("".join(rule(f"r{number}", "a") for number in range(201)), "201 rules"),
        ("# " + "x" * 2**18, "bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_with_file_rule_and_field(rules: Path, toml: str, told: str) -> None:
    (rules / "a.toml").write_text(toml)
    with pytest.raises(RulesInvalid) as invalid:
        active_rules(rules)
    assert told in str(invalid.value)
    assert len(invalid.value.what) < 600


def test_what_is_no_file_of_rules_is_refused_and_not_waited_for(rules: Path, tmp_path: Path) -> None:
    os.mkfifo(rules / "pipe.toml")
    with pytest.raises(RulesInvalid, match=r"pipe\.toml is not a regular file"):
        active_rules(rules)
    (rules / "pipe.toml").unlink()
    (rules / "latin.toml").write_bytes(b"# \xe9")
    with pytest.raises(RulesInvalid, match=r"latin\.toml is not TOML in UTF-8"):
        active_rules(rules)
    (tmp_path / "file").write_text("")
    with pytest.raises(RulesInvalid, match="folder of rules"):
        active_rules(tmp_path / "file")


def test_two_files_do_not_hold_a_rule_of_one_name(rules: Path) -> None:
    (rules / "a.toml").write_text(rule("mine", "a"))
    (rules / "b.toml").write_text(rule("mine", "b"))
    with pytest.raises(RulesInvalid, match=r"b\.toml and a\.toml both contain a rule named 'mine'"):
        active_rules(rules)


def test_an_example_or_a_reason_more_has_no_article_read_anew(rules: Path) -> None:
    (rules / "a.toml").write_text(rule("mine", "a"))
    before = fingerprint(active_rules(rules))
    (rules / "a.toml").write_text(rule("mine", "a").replace("A test.", "Another.") + 'example = [{ text = "b" }]\n')
    assert fingerprint(active_rules(rules)) == before
    (rules / "a.toml").write_text(rule("mine", "b"))
    assert fingerprint(active_rules(rules)) != before


# ---- patterns in linear time -----------------------------------------------------------------------------------------

PATTERNS = [
    "a",
    "[^a]+",
    "é|日本",
    "(?:ab)+",
    "😀.",
    "a.b",
    r"\p{Lu}\p{Ll}*",
    "(?i:straße)",
    "b*a",
    "x{2,3}",
    "(?P<n>日)b",
]
LETTERS = st.text(alphabet="abxAB é日本😀\U0010fffdß\n\u0301", max_size=60)


@given(LETTERS, st.sampled_from(PATTERNS), st.integers(0, 60), st.integers(0, 60))
def test_offsets_in_any_script_are_those_that_regex_finds(text: str, pattern: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    ours, theirs = compile_pattern(pattern, linear=True), regex.compile(pattern)
    expected = [(start + found.start(), start + found.end()) for found in theirs.finditer(text[start:end])]
    assert [found.span() for found in ours.finditer(text, start, end)] == expected
    for method in ("match", "fullmatch"):
        mine = getattr(ours, method)(text, start, end)
        other = getattr(theirs, method)(text[start:end])
        assert (mine and mine.span()) == (other and (start + other.start(), start + other.end()))
        assert (mine and mine.groupdict()) == (other and other.groupdict())


def test_half_of_a_surrogate_pair_moves_no_offset() -> None:
    found = [match.span() for match in compile_pattern("b", linear=True).finditer("a\ud800b😀b", 0, 5)]
    assert found == [(2, 3), (4, 5)]
    with pytest.raises(PatternRefused, match="surrogate"):
        compile_pattern("\ud800", linear=True)


@pytest.mark.parametrize("where", ["line", "inline", "tail", "prefix", "promo"])
@pytest.mark.parametrize("pattern", ["(?:a+)+$", "(?:a|aa)+b", r"(?:\w+\s?)+:", "(?:.*a){12}c"])
def test_no_pattern_hangs_on_a_long_text(pattern: str, where: str) -> None:
    text = "a" * 50_000 + "!\n" + "a word " * 20_000
    for cut in find_exclusions(text, [Span(0, len(text))], None, [linear(pattern, where)]):
        assert cut.rule == "mine"


@pytest.mark.slow
def test_a_rule_that_takes_too_long_over_a_line_refuses_the_article_and_is_named() -> None:
    """Each search is linear, but here every one goes on to the end of the line."""
    mine, text = linear("dam(?:.*zzz)?", "inline"), b"dam is " * 100_000
    with pytest.raises(ArticleRejected, match=r"^a\.txt was not read\. The rule 'mine' takes more than 2 seconds"):
        read_article("a.txt", text, None, [mine])
    assert read_article("a.txt", text[:7_000], None, [mine]).exclusions


def test_no_pattern_that_backtracks_hangs_on_a_line() -> None:
    mine = Rule(name="mine", kind="boilerplate", where=RuleScope.LINE, pattern="(?:a|aa)+b", reason="A test.")
    with pytest.raises(ArticleRejected, match=r"^a\.txt was not read\. The rule 'mine' takes more than 2 seconds"):
        read_article("a.txt", b"a" * 2_000, None, [mine])


@pytest.mark.slow
@pytest.mark.parametrize("until", ["", " B"])
def test_many_promos_take_time_in_proportion_to_the_text(until: str) -> None:
    mine = linear("PROMO:", "promo", **({"until": until} if until else {}))

    def seconds(number: int) -> float:
        text = "The talks began. PROMO: Another Minister Resigns In June, they went on. " * number
        started = time.process_time()
        assert len(find_exclusions(text, [Span(0, len(text))], None, [mine])) == number
        return time.process_time() - started

    seconds(10)
    assert seconds(800) < 5 + 16 * seconds(100)


@pytest.mark.parametrize("where", ["inline", "tail", "prefix", "promo"])
def test_a_match_of_nothing_takes_nothing_away(where: str) -> None:
    text = "The talks began. They ended."
    assert find_exclusions(text, [Span(0, len(text))], None, [linear(r"\b", where)]) == []


# ---- in an engine ----------------------------------------------------------------------------------------------------


def said_of_kratsios(engine: Engine) -> int:
    return sum(NAME_IN_SEEDS in quote.text for quote in engine.search(NAME_IN_SEEDS))


def test_an_edited_rule_takes_effect_at_the_next_reindexing(seeds: Path, data: Path, rules: Path) -> None:
    engine = Engine.open(seeds, data, rules=rules)
    assert said_of_kratsios(engine)
    (rules / "a.toml").write_text(rule("mine", NAME_IN_SEEDS, "inline"))
    assert said_of_kratsios(engine)
    report = engine.reindex(dry_run=True)
    assert report.lost_to_interruptions
    assert said_of_kratsios(engine)
    assert engine.reindex().lost_to_interruptions == report.lost_to_interruptions
    assert not said_of_kratsios(engine)
    assert not said_of_kratsios(Engine.open(seeds, data, rules=rules, build=False))
    assert engine.verify() == []
    (rules / "a.toml").unlink()
    engine.reindex()
    assert said_of_kratsios(engine)


def test_a_broken_rules_file_fails_the_reindexing_and_changes_nothing(seeds: Path, data: Path, rules: Path) -> None:
    engine = Engine.open(seeds, data, rules=rules)
    before = engine.generation
    (rules / "a.toml").write_text(rule("mine", "("))
    (seeds / "new.txt").write_text("A dam\n\nAnn Karlsson built a dam in Lomma, and it stands still.")
    with pytest.raises(RulesInvalid, match=r"a\.toml contains an invalid rule: the rule 'mine'"):
        engine.reindex()
    assert engine.generation == before
    assert said_of_kratsios(engine)
    assert engine.reindex(only=frozenset(["new"])).added == ("new",)
    (rules / "a.toml").unlink()
    assert engine.reindex().unchanged


def test_a_start_with_a_broken_rules_file_serves_what_is_there_and_indexes_nothing_by_other_rules(
    seeds: Path, data: Path, rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (rules / "a.toml").write_text(rule("mine", NAME_IN_SEEDS, "inline"))
    before = Engine.open(seeds, data, rules=rules).manifest
    (rules / "a.toml").write_text(rule("mine", "("))
    started = Engine.open(seeds, data, rules=rules)
    assert started.manifest == before
    assert not said_of_kratsios(started)
    assert "a.toml contains an invalid rule: the rule 'mine'" in caplog.text
    new = {"new.txt": b"A dam\n\nAnn Karlsson built a dam in Lomma, and it stands still."}
    for fails in (
        started.reindex,
        lambda: started.add_contents(new),
        lambda: Engine.open(seeds, data / "b", rules=rules),
    ):
        with pytest.raises(RulesInvalid, match=r"a\.toml"):
            fails()
    assert not started.refresh()
    (rules / "a.toml").write_text(rule("mine", NAME_IN_SEEDS, "inline"))
    assert started.add_contents(new).added == ("new",)
    assert not said_of_kratsios(started)


def test_a_process_with_other_rules_serves_what_was_written_last_and_says_so(
    seeds: Path, data: Path, rules: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (rules / "a.toml").write_text(rule("mine", NAME_IN_SEEDS, "inline"))
    plain = Engine.open(seeds, data)
    other = Engine.open(seeds, data, rules=rules)
    assert other.manifest is not None
    assert plain.refresh()
    assert not plain.refresh()
    assert "with other rules" in caplog.text
    assert not said_of_kratsios(plain)
    assert plain.manifest == other.manifest


def test_no_index_holds_articles_that_were_read_by_different_rules(seeds: Path, data: Path, rules: Path) -> None:
    plain = Engine.open(seeds, data)
    (rules / "a.toml").write_text(rule("mine", NAME_IN_SEEDS, "inline"))
    Engine.open(seeds, data, rules=rules)
    (seeds / "new.txt").write_text("A dam\n\nAnn Karlsson built a dam in Lomma, and it stands still.")
    plain.reindex(only=frozenset(["new"]))
    assert said_of_kratsios(plain)


def test_other_processes_read_by_the_same_rules(tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(120):
        (seeds / f"{number}.txt").write_text(
            f"Dam {number}\n\nAnn built it.\n\nMINE: {number}\n\nIt stands in Lomma.\n"
        )
    (rules / "a.toml").write_text(rule("mine", r"MINE: \d+"))
    monkeypatch.setattr(parallel_reader, "_cores", lambda: 2)
    taken = parallel_reader.read_files(scan(seeds).files, ReadingConfig(active_rules(rules)), {}, lambda _: None)
    cuts = [
        cut.rule
        for segment in taken.segments
        for place in range(segment.article_count)
        for cut in segment.entry(place).exclusions
    ]
    assert cuts.count("mine") == 120
