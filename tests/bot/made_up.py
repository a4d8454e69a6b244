"""Hypothesis strategies for extreme articles, quotations and answers."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter

from hypothesis import strategies as st

from bot.layout.answers import CAVEATS, WITHOUT_QUOTES
from bot.layout.gaps import Gap
from bot.layout.parts import UserText
from bot.state import FeedbackReason
from index.corpus.folder import ReadWarning, Refusal
from index.corpus.removal import RemovedArticle
from index.indexing.near_duplicates import Similar
from index.indexing.reindex import Report
from index.models import (
    Answer,
    Article,
    Explanation,
    IndexedArticle,
    MetadataField,
    Origin,
    Quote,
    Sentence,
    Source,
    Span,
    SpellingCorrection,
    Verdict,
    collapse_whitespace,
)

SNIPPETS = [
    *(
        "@everyone",
        "@here",
        "<@123>",
        "<@!1>",
        "<@&5>",
        "<#7>",
        "</ask:0>",
        "<t:0>",
        "<t:0:R>",
        "<:smile:1>",
        ":smile:",
    ),
    *(
        "**bold**",
        "_it_",
        "~~no~~",
        "||spoiler||",
        "`code`",
        "```py\nx\n```",
        "[label](https://evil.example)",
        "\\",
        "\\*",
    ),
    *(
        "# Heading",
        "-# small",
        "- item",
        "* item",
        "1. first",
        "12) twelfth",
        "> quoted",
        ">>> all",
        "+ plus",
        "¯\\_(ツ)_/¯",
    ),
    *(
        "https://evil.example/a_b_c",
        "<https://evil.example>",
        "discord.gg/x",
        "mailto:a@b.example",
        "&lt;",
        "%2D",
        "{count}",
    ),
    *(
        "\u202e",
        "\u202d",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u2028",
        "\x07",
        "\u3164",
    ),
    *(
        "漢字、",
        "שלום",
        "مرحبا",
        "🧑‍🚀",
        "e\u0301",
        "🇳🇴",
        "I found nothing about this in the articles.",
        "source URL not recorded",
        "**",
        "> ",
    ),
    *(
        "The quotation continues in the next message.",
        "Continued from the previous message.",
        "\n",
        "\n\n",
        " ",
        "\t",
        "plain words",
    ),
]
URLS = [
    "https://example.com/2026/a-story/",
    "https://example.com/a_b_c?d=*e*&f=~~g~~#part",
    "https://example.com/(in)_brackets,.",
    "https://example.com/%E6%BC%A2?x=1,2&y=-",
    "https://example.com/漢字/שלום",
    "https://例え.example/x",
    "HTTPS://EXAMPLE.COM/_shout_/**",
    "http://example.com/@everyone",
    "https://example.com/#:~:text=old",
    "https://example.com/" + "long/" * 97,
    "https://example.com/" + "very_long/" * 190,
    "HTTP://example.com/" + "_" * 1900,
]

snippets = st.sampled_from(SNIPPETS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
texts = st.lists(snippets, min_size=1, max_size=12).map(" ".join) | st.lists(snippets, min_size=1, max_size=12).map(
    "".join
)
long_texts = st.builds(lambda text, size: (text * size)[:size], texts.filter(bool), st.integers(3000, 9000))
written = (texts | texts | long_texts).filter(collapse_whitespace)
questions = st.lists(snippets | st.text(max_size=12), max_size=30).map("".join)


def facts(values: st.SearchStrategy[str]) -> st.SearchStrategy[MetadataField]:
    return st.builds(MetadataField, value=values, origin=st.sampled_from(Origin))


recorded = facts((texts | long_texts).map(lambda text: text[:2000]).filter(bool))
ids = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="/\\`"), min_size=1, max_size=100)


@st.composite
def entries(draw: st.DrawFn) -> IndexedArticle:
    """An article of one to three sentences, each a paragraph, and its facts."""
    sentences = draw(st.lists(written.map(str.strip), min_size=1, max_size=3))
    spans, text = [], ""
    for sentence in sentences:
        text += "\n\n" if text else ""
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence
    article = Article(
        id=draw(ids.filter(collapse_whitespace)),
        file=draw(st.just("") | ids.filter(collapse_whitespace).map("{}/".format)) + "made-up.txt",
        encoding="utf-8",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=draw(st.none() | recorded),
        url=draw(st.none() | facts(st.sampled_from(URLS))),
        publisher=draw(st.none() | recorded),
        author=draw(st.none() | recorded),
        published=draw(st.none() | facts(st.dates().map(str))),
    )
    chunks = (Sentence(article=article.id, span=span, paragraph=place) for place, span in enumerate(spans))
    return IndexedArticle(article=article, sentences=tuple(chunks))


@st.composite
def quotes_of_one_article(draw: st.DrawFn) -> list[Quote]:
    """Up to five quotations of an article, and other articles that hold all of it."""
    entry = draw(entries())
    whole = Quote(article=entry.article, spans=tuple(one.span for one in entry.sentences), score=1.0)
    copies = [
        copy
        for copy in draw(st.lists(sources(whole), max_size=6, unique_by=lambda source: source.article.id))
        if copy.article.id != entry.article.id
    ]
    quotes = []
    for _ in range(draw(st.integers(2, 5))):
        start = draw(st.integers(0, len(whole.spans) - 1))
        end = draw(st.integers(start + 1, len(whole.spans)))
        also = [Source(article=copy.article, spans=copy.spans[start:end]) for copy in copies if draw(st.booleans())]
        further = draw(st.integers(0, 3)) if also else 0
        quotes.append(
            whole.model_copy(
                update={"spans": whole.spans[start:end], "other_sources": tuple(also), "further_sources": further}
            )
        )
    return quotes


@st.composite
def several_quotes(draw: st.DrawFn, at_most: int) -> list[Quote]:
    """Quotations in any order, some of the same article."""
    groups = draw(st.lists(quotes().map(lambda quote: [quote]) | quotes_of_one_article(), max_size=at_most))
    return draw(st.permutations([quote for group in groups for quote in group][:at_most]))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """A quotation of one or several sentences, and other articles with the same text in other white space."""
    entry = draw(entries())
    count = draw(st.integers(1, len(entry.sentences)))
    quoted = Quote(article=entry.article, spans=tuple(s.span for s in entry.sentences[:count]), score=1.0)
    others = st.lists(sources(quoted), max_size=7, unique_by=lambda source: source.article.id)
    also = tuple(other for other in draw(others) if other.article.id != entry.article.id)
    further = draw(st.integers(0, 20)) if also else 0
    return Quote(article=entry.article, spans=quoted.spans, score=1.0, other_sources=also, further_sources=further)


@st.composite
def sources(draw: st.DrawFn, quoted: Quote) -> Source:
    """Another article with the same text, and its recorded facts."""
    entry = draw(entries())
    spans, text = [], draw(st.sampled_from(["", "Another beginning.\n\n", "漢 🧑‍🚀\n"]))
    for piece in quoted.pieces:
        said = piece.replace(" ", draw(st.sampled_from([" ", "\n", "  \t"])))
        spans.append(Span(len(text), len(text) + len(said)))
        text += said + "\n\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(article=entry.article.model_copy(update={"text": text, "sha256": digest}), spans=tuple(spans))


@st.composite
def readings(draw: st.DrawFn) -> SpellingCorrection:
    """A word of the user's, corrected to a piece of a sentence."""
    entry = draw(entries())
    start, end = entry.sentences[0].span
    end = draw(st.integers(start + 1, min(end, start + 30)))
    return SpellingCorrection(
        written=draw(questions.map(lambda question: question[:60])),
        question_span=Span(0, 1),
        article=entry.article,
        article_span=Span(start, end),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer with up to three quotations that answer or may answer, and the corrections to the question."""
    found = tuple(draw(several_quotes(3)))
    verdicts = [Verdict.ANSWERED, Verdict.MAY_ANSWER] if found else [Verdict.NOT_FOUND, Verdict.UNCLEAR]
    verdict = draw(st.sampled_from(verdicts))
    question = draw(questions)
    middle = draw(st.integers(0, len(question)))
    parts = [Span(0, middle), Span(middle, len(question))] if verdict is Verdict.MAY_ANSWER else []
    return Answer(
        question=question,
        verdict=verdict,
        quotes=found if verdict is Verdict.ANSWERED else (),
        possible=found if verdict is Verdict.MAY_ANSWER else (),
        corrections=tuple(draw(st.lists(readings(), max_size=3))),
        unanswered_parts=tuple(draw(st.lists(st.sampled_from(parts), unique=True))) if parts else (),
        explanation=Explanation(rule=draw(st.sampled_from(sorted({*WITHOUT_QUOTES, *CAVEATS})))),
        read_with=draw(st.none() | questions),
    )


def _alike(report: Report) -> list[str]:
    return [name for one in report.similar for name in (one.article, one.other)]


file_reasons = {"file": ids, "reason": texts.filter(collapse_whitespace)}
reports = st.builds(
    Report,
    added=st.lists(ids, max_size=30).map(tuple),
    changed=st.lists(ids, max_size=30).map(tuple),
    removed=st.lists(ids, max_size=3).map(tuple),
    unchanged=st.lists(ids, max_size=3).map(tuple),
    refused=st.lists(st.builds(Refusal, **file_reasons), max_size=30).map(tuple),
    warnings=st.lists(st.builds(ReadWarning, **file_reasons), max_size=30).map(tuple),
    ignored=st.lists(ids, max_size=3).map(tuple),
    articles=st.integers(0, 10**6),
    sentences=st.integers(0, 10**8),
    lost_to_interruptions=st.integers(0, 10**6),
    similar=st.lists(st.builds(Similar, article=ids, other=ids, share=st.floats(0.5, 1)), max_size=30).map(tuple),
    dry_run=st.booleans(),
).flatmap(
    lambda report: st.builds(
        lambda titles: report.model_copy(update={"titles": titles}),
        st.dictionaries(
            st.sampled_from([*report.added, *report.changed, *report.removed, *_alike(report)] or ["a"]),
            st.just("The same title") | (texts | long_texts).map(lambda text: text[:2000]).filter(bool),
        ),
    )
)
removed = st.builds(
    RemovedArticle,
    name=st.just("20261129T071500123456"),
    file=ids.map("{}.txt".format),
    title=st.none() | (texts | long_texts).map(lambda text: text[:2000]),
    removed=st.datetimes(timezones=st.just(datetime.UTC)),
    paths=st.just(()),
)
gaps = st.builds(
    Gap,
    question=questions.filter(lambda question: UserText.of(question).words),
    times=st.integers(1, 10**6),
    last=st.datetimes(datetime.datetime(2020, 1, 1), timezones=st.just(datetime.UTC)),  # noqa: DTZ001  # given above
    verdict=st.sampled_from(Verdict),
    complaints=st.lists(st.none() | st.sampled_from(FeedbackReason), max_size=9).map(Counter),
)
