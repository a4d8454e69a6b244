"""Whatever is asked, whatever the articles hold: each character shown is of the four kinds, and all limits hold."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cogs.admin.uploads import AddFilesForm
from bot.i18n import LANGUAGES, translate, use_language
from bot.i18n.messages import Message
from bot.layout import (
    Asker,
    RenderedMessages,
    render_answer,
    render_article,
    render_articles,
    render_audit_log,
    render_context,
    render_failure,
    render_gaps,
    render_help,
    render_more,
    render_passages,
    render_privacy,
    render_record,
    render_report,
    render_settings,
    render_sources,
    render_status,
)
from bot.layout.answers import MAX_ECHO_LENGTH
from bot.layout.article_changes import (
    UnusableFile,
    render_added,
    render_file_offer,
    render_indexed_later,
    render_removal_question,
    render_removed,
)
from bot.layout.articles import LEFT_OUT
from bot.layout.buttons import Button, ButtonAction
from bot.layout.gaps import MAX_QUESTION_LENGTH, Gap
from bot.layout.parts import ChannelMention, FixedSentence, UserText
from bot.layout.quotations import MAX_SOURCES
from bot.layout.reports import GatewayStatus, Status
from bot.layout.settings import DefaultCooldowns
from bot.state import REFUSED, AuditEntry, ServerSettings
from index.analysis.record_questions import RecordKind
from index.answering.records import MAX_ARTICLES, RecordAnswer
from index.corpus.removal import RemovedArticle
from index.indexing.reindex import Report
from index.indexing.snapshots import Change, Manifest
from index.models import (
    Answer,
    Article,
    Exclusion,
    IndexedArticle,
    Quote,
    Span,
    SpellingCorrection,
    Verdict,
    collapse_whitespace,
)
from tests.bot.accounting import Known, Payloads, account, walked
from tests.bot.made_up import (
    answers,
    entries,
    gaps,
    questions,
    quotes,
    readings,
    removed,
    reports,
    several_quotes,
    texts,
)
from tests.discord_server.limits import modal_problems
from tests.properties import examples

FIELDS = ("title", "url", "author", "published", "publisher")
thorough = settings(
    max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def payloads(shown: RenderedMessages) -> Payloads:
    return [view.to_components() for view in shown.views]  # type: ignore[no-untyped-call]  # discord.py leaves it untyped


def known(articles: Iterable[Article], shown: Iterable[Quote] = (), question: str = "") -> Known:
    """What went in; of the question, any beginning, for a long one is echoed in part."""
    all_articles = list(articles)
    facts = [
        fact.value
        for article in all_articles
        for fact in (article.title, article.publisher, article.author, article.published, article.url)
        if fact
    ]
    words = visible(question)
    return Known(
        quotations=[quote.text for quote in shown],
        facts={collapse_whitespace(fact) for fact in facts if collapse_whitespace(fact)}
        | {collapse_whitespace(article.id) for article in all_articles}
        | {collapse_whitespace(article.folder) for article in all_articles if article.folder},
        urls={article.url.value for article in all_articles if article.url},
        words={words[:end] for end in range(1, len(words) + 1)},
    )


def sources_of(quotes: Iterable[Quote]) -> list[Article]:
    """Every article that the quotations are from."""
    return [source.article for quote in quotes for source in quote.all_sources]


def by_article(quotes: Iterable[Quote]) -> list[Quote]:
    """Those of an article together, in order, at the place of the first."""
    all_quotes = list(quotes)
    articles = [quote.article for quote in all_quotes]
    return sorted(all_quotes, key=lambda quote: articles.index(quote.article))


def visible(question: str) -> str:
    """The question on one line, without controls, format characters, surrogates and letters that show nothing."""
    kept = (c for c in " ".join(question.split()) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return " ".join("".join(c for c in kept if not re.match(UNSEEN, c)).split())


# Default_Ignorable_Code_Point of Unicode that is no Cf: joiners, fillers, variation selectors, and what is reserved.
UNSEEN = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


@thorough
@given(answers(), st.booleans(), st.sampled_from([None, "an-id_09"]))
def test_an_answer_shows_its_quotations_to_the_letter(answer: Answer, apart: bool, given: str | None) -> None:
    shown = render_answer(answer, Asker(1, private=given is None) if apart else None, given)
    assert shown.has_buttons == (given is not None and answer.verdict is not Verdict.UNCLEAR)
    went_in = known(sources_of(answer.shown_quotes), shown.quotes, answer.question if apart else "")
    assert list(shown.quotes) == by_article(answer.shown_quotes)
    went_in.facts.update(reading.corrected for reading in answer.corrections)
    went_in.facts.update(suggestion.label for suggestion in answer.suggestions)
    went_in.words.update(visible(reading.written) for reading in answer.corrections)
    went_in.words.update(visible(part)[:MAX_ECHO_LENGTH] for part in answer.unanswered)
    went_in.words.add(visible(answer.read_with or "")[:MAX_ECHO_LENGTH])
    account(payloads(shown), went_in)


@thorough
@given(
    answers().filter(lambda one: one.shown_quotes),
    st.sets(st.sampled_from(FIELDS)),
    st.sampled_from([None, Asker(1), Asker(1, private=True)]),
)
def test_the_sources_of_an_answer_hold_nothing_but_facts(answer: Answer, asked: set[str], asker: Asker | None) -> None:
    shown = render_sources(answer, asked, asker)
    went_in = known(sources_of(answer.shown_quotes), question=answer.question if asker else "")
    went_in.words.add(visible(answer.read_with or "")[:MAX_ECHO_LENGTH])
    went_in.linked += [quote.text for quote in answer.shown_quotes]
    assert not shown.has_buttons
    account(payloads(shown), went_in)


@settings(thorough, max_examples=examples(40))
@given(questions, several_quotes(10), st.lists(readings(), max_size=3))
def test_a_search_shows_what_fits_and_counts_the_rest(
    question: str, found: list[Quote], corrections: list[SpellingCorrection]
) -> None:
    shown = render_passages(question, found, corrections)
    assert list(shown.quotes) == by_article(found[: len(shown.quotes)])
    assert len(shown.views) <= 5 or len(shown.quotes) == 1
    went_in = known(sources_of(found), shown.quotes, question)
    went_in.facts.update(reading.corrected for reading in corrections)
    went_in.words.update(visible(reading.written) for reading in corrections)
    account(payloads(shown), went_in)
    left_out = len(found) - len(shown.quotes)
    said = [line for line in lines(shown) if line.startswith("Passages that didn't fit here: ")]
    assert len(said) == (left_out > 0)
    assert not left_out or f" {left_out}. " in said[0]


@settings(thorough, max_examples=examples(30))
@given(several_quotes(5), st.sampled_from([Message.MORE_OF, Message.NEAREST_OF]))
def test_further_passages_are_shown_to_the_letter(found: list[Quote], heading: Message) -> None:
    following = Button.of(ButtonAction.MORE, "an-id_09", 3)
    shown = render_more(heading, found, following)
    assert list(shown.quotes) == by_article(found)
    account(payloads(shown), known(sources_of(found), shown.quotes))


@settings(thorough, max_examples=examples(30))
@given(several_quotes(3), st.data())
def test_the_context_is_shown_to_the_letter(found: list[Quote], data: st.DataObject) -> None:
    around = []
    for quote in found:
        pieces = [None, *(quote.model_copy(update={"spans": (span,), "other_sources": ()}) for span in quote.spans)]
        around.append((data.draw(st.sampled_from(pieces)), quote, data.draw(st.sampled_from(pieces))))
    shown = render_context(around)
    assert sorted(quote.text for quote in shown.quotes) == sorted(
        piece.text for one in around for piece in one if piece is not None
    )
    account(payloads(shown), known(sources_of(found), shown.quotes))


@thorough
@given(quotes())
def test_a_quotation_lists_its_sources_and_counts_the_rest(quote: Quote) -> None:
    shown = render_passages("dam", [quote])
    account(payloads(shown), known(sources_of([quote]), [quote], "dam"))
    said = lines(shown)
    listed = min(len(quote.other_sources), MAX_SOURCES - 1)
    assert said.count(Message.ALSO_IN) == listed
    further = len(quote.other_sources) - listed + quote.further_sources
    counted = [line for line in said if line.startswith("More articles with the same words: ")]
    assert counted == ([f"More articles with the same words: {further}"] if further else [])


@thorough
@given(st.lists(entries(), max_size=12))
def test_the_list_of_articles_holds_nothing_but_facts(listed: list[IndexedArticle]) -> None:
    listed.sort(key=lambda entry: entry.article.folder)
    account(payloads(render_articles(listed)), known(entry.article for entry in listed))


@thorough
@given(
    st.sampled_from(RecordKind),
    st.lists(entries(), max_size=MAX_ARTICLES),
    st.integers(0, 3),
    questions,
    st.sampled_from([None, Asker(1), Asker(1, private=True)]),
)
def test_an_answer_from_the_record_holds_nothing_but_facts_and_figures(
    kind: RecordKind, listed: list[IndexedArticle], more: int, question: str, asker: Asker | None
) -> None:
    listed.sort(key=lambda entry: entry.article.folder)
    articles = tuple(entry.article for entry in listed)
    found = RecordAnswer(kind, articles, len(articles) + more, more)
    shown = render_record(found, listed, question, asker)
    assert not shown.has_buttons
    account(payloads(shown), known(articles, question=question if asker else ""))


@thorough
@given(entries())
def test_an_article_shows_nothing_but_facts(entry: IndexedArticle) -> None:
    account(payloads(render_article(entry)), known([entry.article]))


@thorough
@given(reports)
def test_a_report_holds_nothing_but_names_reasons_and_figures(report: Report) -> None:
    named = {*report.added, *report.changed, *report.removed}
    named |= {name for one in report.similar for name in (one.article, one.other)}
    named |= set(report.titles.values())
    refused = {part for refusal in report.refused for part in (refusal.file, refusal.reason)}
    refused |= {part for warning in report.warnings for part in (warning.file, warning.reason)}
    facts = {collapse_whitespace(part) for part in named | refused}
    account(payloads(render_report(report)), Known(facts=facts))
    unusable = [UnusableFile(one.file, FixedSentence.of(Message.SAME_NAME)) for one in report.refused[:10]]
    facts |= {collapse_whitespace(name) for name in report.unchanged}
    account(payloads(render_added(report, unusable=unusable)), Known(facts=facts))
    pairs = [(one.file, one.reason) for one in report.refused]
    account(payloads(render_indexed_later("The reason.", pairs, unusable)), Known(facts=facts | {"The reason."}))


@thorough
@given(entries(), st.lists(st.sampled_from(sorted(LEFT_OUT)), max_size=9), st.integers(0, 3))
def test_what_was_left_out_of_an_article_is_counted_by_kind(entry: IndexedArticle, kinds: list[str], lost: int) -> None:
    cuts = tuple(Exclusion(span=Span(0, 1), kind=kind, rule="a-rule") for kind in kinds)
    entry = entry.model_copy(update={"exclusions": cuts, "fragments": (Span(0, 1),) * lost})
    shown = render_article(entry, Message.ARTICLE_ADDED)
    account(payloads(shown), known([entry.article]))
    said = lines(shown)
    account(payloads(render_added(Report(added=("a",)), [entry, entry])), Known(facts={"a"}))
    for kind, sentence in LEFT_OUT.items():
        assert (sentence.format(count=kinds.count(kind)) in said) == (kind in kinds)


@thorough
@given(entries(), removed)
def test_a_removal_shows_the_title_and_what_it_is_asked_about(entry: IndexedArticle, gone: RemovedArticle) -> None:
    account(payloads(render_removal_question(entry)), known([entry.article]))
    facts = {collapse_whitespace(fact) for fact in (gone.title or "", gone.id)} - {""}
    account(payloads(render_removed(gone)), Known(facts=facts))
    account(payloads(render_removed(gone, "The reason.")), Known(facts=facts | {"The reason."}))


@thorough
@given(st.lists(gaps, max_size=25))
def test_gaps_show_the_members_own_words_and_count_the_rest(listed: list[Gap]) -> None:
    shown = render_gaps(listed, len(listed), "gaps.jsonl")
    [components] = payloads(shown)
    assert (components[-1] == {"type": 13, "file": {"url": "attachment://gaps.jsonl"}, "spoiler": False}) == bool(
        listed
    )
    words = [visible(gap.question) for gap in listed]
    said = Known(words={word[:end] for word in words for end in (len(word), MAX_QUESTION_LENGTH)} - {""})
    account([[part for part in components if part["type"] != 13]], said)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_form_for_files_is_of_fixed_sentences_and_fits(language: str) -> None:
    with use_language(language):
        data = AddFilesForm().to_dict()
    assert list(modal_problems(data)) == []
    [label] = data["components"]
    shown = [data["title"], label["label"], label["description"]]
    assert shown == [translate(one, language) for one in (Message.ADD_TITLE, Message.ADD_LABEL, Message.ADD_HINT)]


def test_an_offer_and_the_audit_hold_nothing_but_facts() -> None:
    account(payloads(render_file_offer(1)), Known())
    at = datetime(2026, 4, 25, 12, tzinfo=UTC)
    logged = [
        AuditEntry(at=at, user=1, server=2, action=action, details=details)
        for action, details in (("remove", "**A** title (dam)"), (REFUSED, "admin reindex"))
    ]
    account(payloads(render_audit_log(logged)), Known(facts={"remove", "**A** title (dam)", "admin reindex"}))


@thorough
@given(texts.filter(collapse_whitespace))
def test_a_failure_shows_its_reason(reason: str) -> None:
    account(payloads(render_failure(Message.REINDEX_FAILED, reason)), Known(facts={collapse_whitespace(reason)}))


@pytest.mark.parametrize(
    "stale", [True, False, "The folder of articles 'x' cannot be read (No such file or directory)."]
)
@pytest.mark.parametrize("latency", [0.0421, math.nan, math.inf])
@pytest.mark.parametrize("indexed", [True, False])
def test_the_status_holds_nothing_but_figures_and_names(stale: bool | str, latency: float, indexed: bool) -> None:
    now = datetime(2026, 4, 25, 12, tzinfo=UTC)
    manifest = Manifest(
        format=2,
        id="20260425-x",
        created=now,
        versions={},
        analyzer="",
        reader="",
        articles=2,
        sentences=29,
        change=Change(),
        segments=(),
        checksums={},
    )
    times, memory = ((0.002, 0.09), 2**27) if indexed else (None, None)
    gateway, snapshot = GatewayStatus(1, 2, latency), manifest if indexed else None
    status = Status(2, 29, snapshot, stale, "0.1.0", gateway, memory, times, "MiniLM", indexed)
    account(payloads(render_status(status)), Known(facts={"20260425-x", "0.1.0", "MiniLM", str(stale)}))


@thorough
@given(questions.filter(visible), st.booleans())
def test_the_settings_hold_nothing_but_figures_channels_and_a_tag(tag: str, listed: bool) -> None:
    problem = FixedSentence.of(Message.TAG_UNKNOWN, tag=UserText.of(tag))
    missing = FixedSentence.of(Message.MANAGE_THREADS)
    lacking = FixedSentence.of(Message.LACKING_FOR_TAG, channel=ChannelMention(5), permission=missing)
    settings = ServerSettings(answered_tag=visible(tag)[:20]) if listed else ServerSettings()
    shown = render_settings([problem, lacking], settings, DefaultCooldowns(5, 0))
    account(payloads(shown), Known(words={visible(tag), visible(visible(tag)[:20])}))


def test_help_and_privacy_are_of_fixed_sentences() -> None:
    account(payloads(render_help()), Known())
    for keeps in (True, False):
        account(payloads(render_privacy(keeps_questions=keeps)), Known())


def test_every_fixed_sentence_is_short_and_plain() -> None:
    for sentence in Message:
        assert len(sentence) <= 500
        assert not re.search(r"[^\x20-\x7e…·“”👍👎\n]", sentence), sentence


def lines(shown: RenderedMessages) -> list[str]:
    return [
        line
        for components in payloads(shown)
        for part in walked(components)
        if "content" in part
        for line in part["content"].split("\n")
    ]
