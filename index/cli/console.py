"""Output of the command for people: quotations, recorded facts, and sentences."""

from __future__ import annotations

import logging
import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from index.analysis.conversation import SmallTalk
from index.cli import messages
from index.corpus.removal import RemovedArticle
from index.indexing.reindex import Report
from index.indexing.snapshots import SnapshotInfo
from index.models import (
    HEADING_SEPARATOR,
    Answer,
    Article,
    IndexedArticle,
    MetadataField,
    Quote,
    SearchScope,
    Source,
    SpellingCorrection,
)
from index.reading.sidecar import sidecar_name
from index.serialization import METADATA_FIELDS, print_json, report_to_json

NOT_FOUND = {
    SearchScope.ALL: messages.NOT_FOUND,
    SearchScope.ARTICLE: messages.NOT_FOUND_IN_ARTICLE,
    SearchScope.WITH_URL: messages.NOT_FOUND_WITH_URL,
}
CAVEATS = {"more": messages.MAY_NOT_ANSWER}
WITHOUT_QUOTES = {
    "no-more": messages.NO_MORE,
    "no-articles": messages.NO_ARTICLES,
    "nothing-quotable": messages.NOTHING_QUOTABLE,
    SmallTalk.CHAT: messages.SMALL_TALK,
    SmallTalk.STRAY: messages.TOO_SHORT,
    SmallTalk.THANKS: messages.YOU_ARE_WELCOME,
    SmallTalk.WORDLESS: messages.NOTHING_TO_LOOK_FOR,
    "nothing-to-search-for": messages.NOTHING_TO_LOOK_FOR,
    "too-broad": messages.TOO_BROAD,
    "unreadable": messages.UNREADABLE,
}
"""The sentence for an answer that shows no quotation, by the rule that decided; for all others `NOT_FOUND`."""
MAX_SIMILAR = 20
CONTROL_PICTURES, DELETE_PICTURE = 0x2400, "\u2421"
MIN_CONTRIBUTION = 0.01
"""Contributions to the log-odds below this are not shown."""
FIRST_PRINTABLE, DELETE = 0x20, "\x7f"


def plain_console(*, stderr: bool = False) -> Console:
    """A console that prints text as it is: no highlighting, no markup, no emoji codes."""
    return Console(highlight=False, markup=False, emoji=False, stderr=stderr)


def printable(text: str) -> str:
    """The text with control characters as visible symbols, so that no article can control the terminal."""
    return "".join(
        _picture(character) if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text
    )


class PrintableFormatter(logging.Formatter):
    """Formats log records with control characters as visible symbols."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the name in the standard library
        """Format the message."""
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802  # as in the standard library
        """Format the traceback."""
        return "\n".join(printable(line) for line in super().formatException(ei).split("\n"))


def _picture(character: str) -> str:
    if character == DELETE:
        return DELETE_PICTURE
    return chr(CONTROL_PICTURES + ord(character)) if ord(character) < FIRST_PRINTABLE else "�"


def quote_lines(quote: Quote) -> Iterator[tuple[str, str]]:
    """The lines of a quotation with their styles: its text, then the recorded facts of each source."""
    if quote.path:
        yield "dim", printable(HEADING_SEPARATOR.join(quote.headings))
    for line in quote.text.split("\n"):
        yield "bold", printable(line)
    if quote.has_printed_hyphens:
        yield "dim", messages.PRINTED_HYPHENS
    yield from source_lines(quote)
    for source in quote.other_sources:
        yield "dim", messages.ALSO_IN
        yield from source_lines(source)
    if quote.further_sources:
        yield "dim", messages.FURTHER_SOURCES.format(count=quote.further_sources)


def source_lines(source: Source) -> Iterator[tuple[str, str]]:
    """The lines about a source: its title, other recorded facts, the URL of its section or of the article."""
    article = source.article
    yield "", printable(article.label)
    recorded = [fact.value for fact in (article.publisher, article.author, article.published) if fact]
    if recorded:
        yield "dim", printable(" · ".join(recorded))
    yield "cyan", source.link or messages.NO_URL


def print_quotes(console: Console, quotes: Sequence[Quote]) -> None:
    """Print quotations, separated by blank lines."""
    for number, quote in enumerate(quotes):
        if number:
            console.print()
        for style, line in quote_lines(quote):
            print_line(console, line, style)


def print_line(console: Console, line: str, style: str = "") -> None:
    """Print a line unchanged: no markup, and no wrapping when written to a file."""
    console.print(Text(line, style=style), soft_wrap=not console.is_terminal, emoji=False, highlight=False)


def print_correction(console: Console, correction: SpellingCorrection) -> None:
    """Print that a word was read as another."""
    words = messages.READ_AS.format(written=correction.written, read_as=correction.corrected)
    print_line(console, printable(words), "dim")


def print_answer(console: Console, answer: Answer) -> None:
    """Print the corrections to the question, then the answer."""
    for correction in answer.corrections:
        print_correction(console, correction)
    if answer.read_with is not None:
        print_line(console, printable(messages.READ_WITH.format(question=answer.read_with)), "dim")
    if answer.possible:
        print_line(console, CAVEATS.get(answer.explanation.rule, messages.MAY_ANSWER), "dim")
    for part in answer.unanswered:
        print_line(console, printable(messages.UNANSWERED_PART.format(part=part)), "dim")
    if answer.shown_quotes:
        print_quotes(console, answer.shown_quotes)
    else:
        print_line(console, WITHOUT_QUOTES.get(answer.explanation.rule, NOT_FOUND[answer.scope]))


def print_explanation(console: Console, answer: Answer) -> None:
    """Print the explanation: the rule, the probability, the matched terms, and the contribution of each signal."""
    explanation = answer.explanation
    console.print()
    explained = messages.EXPLAINED.format(
        verdict=answer.verdict.value,
        rule=explanation.rule,
        probability=explanation.probability,
        any_probability=explanation.any_probability,
        threshold=explanation.threshold,
        may_answer_threshold=explanation.may_answer_threshold,
        coverage=explanation.coverage,
    )
    print_line(console, explained, "bold")
    if explanation.encoder is not None:
        print_line(console, printable(messages.ENCODER.format(name=explanation.encoder)))
    terms = Table("word", "term", "idf", "matched", "", box=None, pad_edge=False, header_style="dim")
    for term in explanation.terms:
        known = "" if term.seen else messages.IN_NO_ARTICLE
        terms.add_row(
            Text(printable(term.word)), Text(printable(term.term)), f"{term.idf:.2f}", f"{term.matched:.2f}", known
        )
    signals = Table("signal", "value", "contribution", box=None, pad_edge=False, header_style="dim")
    for signal in explanation.signals:
        if abs(signal.contribution) >= MIN_CONTRIBUTION:
            signals.add_row(signal.name, f"{signal.value:.2f}", f"{signal.contribution:+.2f}")
    for table in (terms, signals):
        if table.row_count:
            console.print()
            console.print(table)


def print_articles(console: Console, entries: Sequence[IndexedArticle]) -> None:
    """Print the list of articles, under the name of each folder those in it."""
    folder = ""
    for entry in entries:
        if entry.article.folder != folder:
            folder = entry.article.folder
            print_line(console, messages.FOLDER.format(folder=printable(folder)), "underline")
        print_line(console, printable(entry.article.label), "bold")
        recorded = [entry.article.id, messages.SENTENCES.format(count=len(entry.body_sentences))]
        print_line(console, printable(" · ".join(recorded)), "dim")
        print_line(console, entry.article.url.value if entry.article.url else messages.NO_URL, "cyan")
    if not entries:
        print_line(console, messages.NO_ARTICLES)


def print_incomplete(console: Console, entries: Sequence[IndexedArticle]) -> None:
    """Print the articles without a source URL, each with the line for its sidecar that states one."""
    for entry in entries:
        article = entry.article
        print_line(console, printable(article.label), "bold")
        print_line(console, printable(f"{article.id} · {messages.NO_URL}"), "dim")
        print_line(console, printable(messages.ADD_URL_LINE.format(file=sidecar_name(article.file))))
        print_line(console, printable(messages.OR_EDIT.format(article=shlex.quote(article.id))))
    if not entries:
        print_line(console, messages.ALL_HAVE_URL)


def print_snapshots(console: Console, snapshots: Sequence[SnapshotInfo]) -> None:
    """Print the kept snapshots."""
    for one in snapshots:
        changed = messages.CHANGES.format(
            added=one.change.added, changed=one.change.changed, removed=one.change.removed
        )
        print_line(console, messages.CURRENT.format(id=one.id) if one.current else one.id, "bold")
        print_line(console, f"{one.created:%Y-%m-%d %H:%M:%S} UTC · {changed}", "dim")
        totals = messages.SNAPSHOT_TOTALS.format(articles=one.articles, sentences=one.sentences)
        print_line(console, totals, "dim")
    if not snapshots:
        print_line(console, messages.NO_INDEX)


def print_removed(console: Console, kept: Sequence[RemovedArticle]) -> None:
    """Print what the bin holds."""
    for one in kept:
        print_line(console, printable(one.label), "bold")
        print_line(console, printable(f"{one.name} · {one.id} · {one.removed:%Y-%m-%d %H:%M:%S} UTC"), "dim")
    if not kept:
        print_line(console, messages.EMPTY_BIN)


def print_entry(console: Console, entry: IndexedArticle, kept: Path | None = None) -> None:
    """Print an article's facts, sentences and exclusions; `kept` is the path of its extracted text, if it has one."""
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name in METADATA_FIELDS:
        facts.add_row(Text(name, style="dim"), *_metadata_cells(entry.article, name))
    facts.add_row(
        Text("file", style="dim"), Text(printable(entry.article.file)), Text(entry.article.sha256[:12], style="dim")
    )
    if extraction := entry.article.extraction:
        taken = messages.EXTRACTED.format(format=extraction.format, by=extraction.by)
        facts.add_row(Text("text", style="dim"), Text(str(kept)), Text(extraction.sha256[:12], style="dim"))
        facts.add_row(Text("taken out of", style="dim"), Text(taken), Text(""))
    console.print(facts)
    for warning in entry.warnings:
        print_line(console, printable(warning), "yellow")
    sentences = [_slice(entry, *s.span) for s in entry.body_sentences]
    _print_section(console, messages.SENTENCES.format(count=len(sentences)), sentences)
    left_out = [f"{cut.kind}, {cut.rule}: {_slice(entry, *cut.span)}" for cut in entry.exclusions]
    _print_section(console, messages.LEFT_OUT.format(count=len(left_out)), left_out)
    lost = [_slice(entry, *span) for span in entry.fragments]
    _print_section(console, messages.LOST.format(count=len(lost)), lost)


def _print_section(console: Console, heading: str, rows: Sequence[str]) -> None:
    console.print()
    print_line(console, heading, "bold")
    for row in rows:
        if console.is_terminal:
            console.print(Padding(Text(printable(row)), (0, 0, 0, 2)), highlight=False)
        else:  # nothing wraps here, and padding would cut lines off
            print_line(console, f"  {printable(row)}")


def _slice(entry: IndexedArticle, start: int, end: int) -> str:
    return " ".join(entry.article.text[start:end].split())


def _metadata_cells(article: Article, name: str) -> tuple[Text, Text]:
    fact: MetadataField | None = getattr(article, name)
    if fact is None:
        return Text(messages.NOT_RECORDED, style="dim"), Text("")
    return Text(printable(fact.value)), Text(messages.ORIGIN.format(origin=fact.origin.value), style="dim")


def show_report(report: Report, *, as_json: bool) -> None:
    """Print the report of a reindexing, for people or for programs."""
    if as_json:
        print_json(report_to_json(report))
    else:
        print_report(plain_console(), report)


def print_report(console: Console, report: Report) -> None:
    """Print the report of a reindexing for people."""
    for heading, names in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
    ):
        for name in names:
            print_line(console, messages.REPORT_LINE.format(heading=heading, name=printable(name)))
    for refusal in report.refused:
        line = messages.REFUSED.format(file=printable(refusal.file), reason=printable(refusal.reason))
        print_line(console, line, "yellow")
    for warning in report.warnings:
        line = messages.WARNING.format(file=printable(warning.file), reason=printable(warning.reason))
        print_line(console, line, "yellow")
    if report.ignored:
        print_line(console, messages.IGNORED.format(count=len(report.ignored)))
    for one in report.similar[:MAX_SIMILAR]:
        print_line(console, printable(messages.SIMILAR.format(one=one, share=round(100 * one.share))), "yellow")
    if len(report.similar) > MAX_SIMILAR:
        print_line(console, messages.MORE_SIMILAR.format(count=len(report.similar) - MAX_SIMILAR))
    totals = messages.TOTALS_DRY if report.dry_run else messages.TOTALS
    counts = messages.REPORT_COUNTS.format(unchanged=len(report.unchanged), lost=report.lost_to_interruptions)
    print_line(console, totals.format(articles=report.articles, sentences=report.sentences) + counts)
