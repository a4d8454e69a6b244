"""The `verbatim` command: every subcommand is one call of the engine."""

from __future__ import annotations

import asyncio
import functools
import getpass
import io
import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from index import serialization
from index.answering.pipeline import MAX_PASSAGES
from index.answering.records import RecordAnswer
from index.cli import console, messages
from index.cli.chat import chat as converse
from index.cli.cluster import cluster_commands
from index.cli.evaluate import evaluate
from index.cli.opening import open_current_engine, open_engine
from index.cli.options import DATA, RULES, SEEDS, AsJson, Data, EncoderFolder, Rules, Seeds
from index.cli.progress import ReadingBar
from index.cli.records import print_record
from index.cli.rules.command import app as rulebook
from index.engine import Engine
from index.errors import VerbatimError
from index.models import IndexedArticle, Verdict
from index.serialization import METADATA_FIELDS

app = typer.Typer(
    name="verbatim",
    help="Answers questions about a folder of articles with word-for-word quotations and their source URLs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
NOT_ANSWERED, FAILED = 1, 2
COMMANDS = "verbatim.commands"
"""The group of entry points by which other packages add commands."""

NeedUrl = Annotated[
    bool,
    typer.Option(
        "--require-source-url",
        envvar="VERBATIM_REQUIRE_SOURCE_URL",
        help="Leave articles without a source URL out of answers.",
    ),
]
OneArticle = Annotated[str | None, typer.Option("--article", metavar="ID", help="Search this article only.")]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    *,
    article: OneArticle = None,
    as_json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what matched, term by term, and what each signal contributed.")
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read one question per line, as text or JSON; print one JSON answer per line."),
    ] = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
    encoder: EncoderFolder = None,
    require_source_url: NeedUrl = False,
) -> None:
    """Answer a question. Exit code 0: answered; 1: not answered, or not for sure; 2: error."""
    if jsonl == (question is not None):
        raise typer.BadParameter(messages.QUESTION_OR_JSONL)
    engine = open_current_engine(seeds, data, rules, encoder, require_source_url=require_source_url)
    if question is None:
        raise typer.Exit(_answer_lines(engine, article, explain=explain))
    question = _clean(question)
    found = engine.answer_from_record(question, article)
    if found and not as_json:
        print_record(console.plain_console(), found, engine)
        raise typer.Exit(0)
    answer = engine.ask(question, article, explain=explain)
    if as_json:
        serialization.print_json(serialization.answer_to_json(answer) | _record(engine, found))
    else:
        console.print_answer(console.plain_console(), answer)
        if explain:
            console.print_explanation(console.plain_console(), answer)
    raise typer.Exit(0 if found or answer.verdict is Verdict.ANSWERED else NOT_ANSWERED)


def _record(engine: Engine, found: RecordAnswer | None) -> dict[str, Any]:
    """What the record says to a question about the collection, as JSON; nothing where it says nothing."""
    return {"record": serialization.record_to_json(found, engine.entries())} if found else {}


def _answer_lines(engine: Engine, article: str | None, *, explain: bool) -> int:
    """Answer standard input line by line; an invalid line gets an error as its answer."""
    code = 0
    for number, raw in enumerate(sys.stdin.buffer, 1):
        line = raw.decode("utf-8", "replace").strip()
        try:
            asked = _question(line)
        except ValueError as error:
            code = FAILED
            serialization.print_json({"line": number, "error": str(error)})
            continue
        question = _clean(asked["question"])
        record = _record(engine, engine.answer_from_record(question, article))
        answer = engine.ask(question, article, explain=explain)
        serialization.print_json(asked | serialization.answer_to_json(answer) | record)
        sys.stdout.flush()
    return code


def _question(line: str) -> dict[str, Any]:
    if not line.startswith("{"):
        return {"question": line}
    try:
        asked = json.loads(line)
    except ValueError as error:
        message = messages.INVALID_JSON.format(error=error)
        raise ValueError(message) from error
    if not isinstance(asked.get("question"), str):
        raise ValueError(messages.NO_QUESTION)  # noqa: TRY004  # a wrong line, not a wrong call
    return dict(asked)


def _clean(text: str) -> str:
    """The text without lone surrogates, which cannot be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


app.command("eval")(evaluate)
app.add_typer(rulebook, name="rules", no_args_is_help=True)


@app.command()
def chat(
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
    encoder: EncoderFolder = None,
    *,
    require_source_url: NeedUrl = False,
) -> None:
    """Ask questions in a conversation. Commands: :context, :more, :articles, :quit."""
    engine = open_current_engine(seeds, data, rules, encoder, require_source_url=require_source_url)
    converse(engine, console.plain_console(), sys.stdin)


@app.command()
def search(
    terms: Annotated[list[str], typer.Argument(help="Words to search for.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The maximum number of passages.")] = MAX_PASSAGES,
    article: OneArticle = None,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
    require_source_url: NeedUrl = False,
) -> None:
    """Print the passages that match some words best. Exit code 1: none found."""
    engine = open_current_engine(seeds, data, rules, require_source_url=require_source_url)
    query = engine.correct_spelling(_clean(" ".join(terms)))
    found = engine.search(query.text, limit, article)
    for correction in query.corrections:
        console.print_correction(console.plain_console(stderr=as_json), correction)
    if as_json:
        serialization.print_json([serialization.quote_to_json(quote) for quote in found])
    elif found:
        console.print_quotes(console.plain_console(), found)
    else:
        console.print_line(console.plain_console(), messages.NOTHING_FOUND)
    raise typer.Exit(0 if found else NOT_ANSWERED)


@app.command()
def articles(
    *,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Only those without a source URL, and how to add one.")
    ] = False,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """List the articles."""
    entries: Sequence[IndexedArticle] = open_current_engine(seeds, data, rules).entries()
    if incomplete:
        entries = [entry for entry in entries if entry.article.url is None]
    if as_json:
        serialization.print_json(serialization.articles_to_json(entries))
    elif incomplete:
        console.print_incomplete(console.plain_console(), entries)
    else:
        console.print_articles(console.plain_console(), entries)


@app.command()
def article(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article's id; `verbatim articles` lists them.")],
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME=VALUE…", help="With --edit: url=…, title=…, publisher=…, author=…, published=…, language=…"
        ),
    ] = None,
    *,
    edit: Annotated[
        bool, typer.Option("--edit", help="Change its metadata, in its sidecar, and index it again.")
    ] = False,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Show an article's metadata and where it comes from, its sentences, and what was left out by which rule."""
    if edit != bool(changes):
        raise typer.BadParameter(messages.EDIT_NEEDS_CHANGES)
    engine = open_current_engine(seeds, data, rules)
    if changes:
        engine.update_metadata(article_id, _stated(changes), _editor())
    entry = engine.entry(article_id)
    kept = engine.extracted_text_path(entry.article)
    if as_json:
        serialization.print_json(serialization.entry_to_json(entry, kept))
    else:
        console.print_entry(console.plain_console(), entry, kept)


def _editor() -> str:
    """The user for the sidecar; the user id where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _stated(changes: Sequence[str]) -> dict[str, str | None]:
    """The facts to state, by name; None removes one."""
    stated: dict[str, str | None] = {}
    for change in changes:
        name, sign, value = change.partition("=")
        if not sign or name not in METADATA_FIELDS:
            message = messages.INVALID_CHANGE.format(change=change, names=", ".join(METADATA_FIELDS))
            raise typer.BadParameter(message)
        stated[name] = _clean(value).strip() or None
    return stated


@app.command()
def reindex(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Update the index from the folder of articles, and report what changed."""
    with ReadingBar() as progress:
        report = open_engine(seeds, data, rules).reindex(dry_run=dry_run, progress=progress.report)
    console.show_report(report, as_json=as_json)


@app.command()
def history(*, as_json: AsJson = False, seeds: Seeds = SEEDS, data: Data = DATA) -> None:
    """List the kept snapshots of the index, newest first."""
    kept = open_engine(seeds, data).history()
    if as_json:
        serialization.print_json([one.model_dump(mode="json") for one in kept])
    else:
        console.print_snapshots(console.plain_console(), kept)


@app.command()
def rollback(
    snapshot: Annotated[
        str | None, typer.Argument(metavar="ID", help="Its id; without one, the snapshot before the current one.")
    ] = None,
    *,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
) -> None:
    """Go back to a kept snapshot. The folder of articles stays as it is; the next reindex indexes it again."""
    now = open_engine(seeds, data).rollback(snapshot)
    if as_json:
        serialization.print_json({"snapshot": now.id, "articles": now.articles, "sentences": now.sentences})
    else:
        told = messages.ROLLED_BACK.format(id=now.id, articles=now.articles, sentences=now.sentences)
        console.print_line(console.plain_console(), told)


@app.command()
def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…|FOLDER|URL", help="Articles, with their sidecars if any; one folder; or one URL."
        ),
    ],
    *,
    contact: Annotated[
        str | None,
        typer.Option(envvar="VERBATIM_CONTACT", help="Your URL or email address, sent to the page's site."),
    ] = None,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Add files, a folder or a page, and index them. If one of several files is refused, none is added.

    A folder is copied with the folders in it; a file of it that is refused is not added.
    """
    urls = [source for source in sources if "://" in source]
    folders = [Path(source) for source in sources if Path(source).is_dir()]
    if (urls or folders) and len(sources) > 1:
        raise typer.BadParameter(messages.FILES_OR_URL)
    engine = open_current_engine(seeds, data, rules)
    if urls:
        from index.fetching import fetch  # noqa: PLC0415  # imports aiohttp, which nothing else here needs

        try:
            fetched = asyncio.run(fetch(urls[0], contact=contact))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        report = engine.add_fetched(fetched, _editor())
    elif folders:
        report = engine.add_folder(folders[0])
    else:
        report = engine.add([Path(source) for source in sources])
    console.show_report(report, as_json=as_json)


@app.command()
def remove(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="The article's id.")],
    *,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Move an article to the data folder's bin, and remove it from the index."""
    report, removed = open_current_engine(seeds, data, rules).remove(article_id)
    console.show_report(report, as_json=as_json)
    if not as_json:
        for path in removed.paths:
            console.print_line(console.plain_console(), messages.KEPT.format(path=path))


@app.command()
def restore(
    which: Annotated[
        str | None, typer.Argument(metavar="ID", help="The article's id, or its name in the bin; none lists the bin.")
    ] = None,
    *,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
    data: Data = DATA,
    rules: Rules = RULES,
) -> None:
    """Move a removed article back from the data folder's bin, and index it; without an id, list the bin."""
    if which is None:
        kept = list(open_engine(seeds, data).removed_articles())
        if as_json:
            serialization.print_json([one.model_dump(mode="json") for one in kept])
        else:
            console.print_removed(console.plain_console(), kept)
        return
    report, _ = open_current_engine(seeds, data, rules).restore(which)
    console.show_report(report, as_json=as_json)


@app.command()
def verify(*, as_json: AsJson = False, seeds: Seeds = SEEDS, data: Data = DATA, rules: Rules = RULES) -> None:
    """Compare every sentence of the index with its file. Exit code 0: all match; 1: some do not, and are listed."""
    engine = open_current_engine(seeds, data, rules)
    failures = engine.verify()
    if as_json:
        serialization.print_json({"articles": len(engine.entries()), "failures": failures})
    else:
        sentences = sum(len(entry.sentences) for entry in engine.entries())
        whole = messages.VERIFIED.format(sentences=sentences, articles=len(engine.entries()))
        for line in failures or [whole]:
            console.print_line(console.plain_console(), console.printable(line))
    raise typer.Exit(1 if failures else 0)


app.add_typer(cluster_commands, name="cluster")


@functools.cache
def _add_commands() -> None:
    """Add the commands of other packages, such as the bot's; one that cannot be loaded keeps no other from running."""
    for found in metadata.entry_points(group=COMMANDS):
        try:
            added = found.load()
            if isinstance(added, typer.Typer):
                app.add_typer(added, name=found.name)
            else:
                app.command(found.name)(added)
        except (ImportError, AttributeError) as error:
            logging.getLogger(__name__).warning(messages.COMMAND_MISSING.format(name=found.name, error=error))


def _report_fault(fault: Exception) -> None:
    """Print an internal error; its traceback is logged at level DEBUG."""
    logging.getLogger(__name__).debug("fault", exc_info=fault)
    kind = type(fault).__name__
    sys.stderr.write(f"{messages.FAULT.format(kind=kind)}\n")


def main() -> None:
    """Run the command; errors are printed to standard error, with exit code 2."""
    handler = logging.StreamHandler()
    handler.setFormatter(console.PrintableFormatter("%(message)s"))
    logging.basicConfig(handlers=[handler], level=os.environ.get("VERBATIM_LOG_LEVEL", "WARNING").upper())
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        _add_commands()
        app()
    except VerbatimError as error:
        sys.stderr.write(f"{console.printable(str(error))}\n")
        sys.exit(FAILED)
    except BrokenPipeError:
        # The reader has closed the pipe; keep the flush on exit from failing too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as fault:  # noqa: BLE001  # users see no traceback
        _report_fault(fault)
        sys.exit(FAILED)
