"""From a file to a quotation and back: what is quoted is in the snapshot of the text, also after a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from index.engine import Engine
from index.models import Verdict
from index.reading import sandbox

from . import command
from .documents import docx, paragraph, pdf
from .hostile import page

DAM = "The dam at Oberstein was finished in 1987 by the Karlsson brothers."
QUESTION = "Who finished the dam at Oberstein?"
FORMATS: dict[str, Callable[[str], bytes]] = {
    "txt": lambda said: f"A dam for the valley\n\n{said} It holds water.\n".encode(),
    "md": lambda said: (
        f"---\ntitle: A dam\n---\n# A dam\n\n*The dam*{said.removeprefix('The dam')} It **holds** water.\n".encode()
    ),
    "html": lambda said: page(f"<p>{said.replace('dam', '<b>dam</b>', 1)} It holds water.</p>"),
    "pdf": lambda said: pdf([said.partition(" was")[0], f"was{said.partition(' was')[2]} It holds water."]),
    "docx": lambda said: docx(paragraph("A dam for the valley", "Heading1"), paragraph(f"{said} It holds water.")),
}
EXTRACTED = sorted(FORMATS.keys() - {"txt"})


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "seeds").mkdir()
    return Engine.open(tmp_path / "seeds", tmp_path / "data")


def put(engine: Engine, ending: str, said: str = DAM) -> None:
    (engine.seeds / f"dam.{ending}").write_bytes(FORMATS[ending](said))
    engine.reindex()


def snapshot_of(engine: Engine) -> Path:
    path = engine.extracted_text_path(engine.entry("dam").article)
    assert path is not None
    return path


def run(engine: Engine, *arguments: str) -> command.Ended:
    variables = {"VERBATIM_SEEDS": str(engine.seeds), "VERBATIM_DATA": str(engine.data)}
    return command.run(*arguments, variables=variables)


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_quotation_is_a_slice_of_the_snapshot_also_after_a_restart(engine: Engine, ending: str) -> None:
    put(engine, ending)
    answer = engine.ask(QUESTION)
    assert answer.verdict is Verdict.ANSWERED
    assert " ".join(answer.quotes[0].text.split()) == DAM
    kept = (engine.seeds / "dam.txt" if ending == "txt" else snapshot_of(engine)).read_bytes().decode()
    again = Engine.open(engine.seeds, engine.data)
    for quote in (*answer.quotes, *again.ask(QUESTION).quotes):
        assert quote.text == " […] ".join(" ".join(kept[start:end].split()) for start, end in quote.spans)
    assert again.verify() == []
    told = json.loads(run(engine, "ask", QUESTION, "--json").stdout)
    assert told["quotes"][0]["text"] == answer.quotes[0].text
    start, end = told["quotes"][0]["spans"][0]
    assert " ".join(kept[start:end].split()) == DAM
    proved = run(engine, "verify")
    assert (proved.returncode, proved.stdout.startswith("Verified: ")) == (0, True)


@pytest.mark.parametrize("ending", EXTRACTED)
def test_a_snapshot_that_is_altered_or_gone_is_named_and_a_reindexing_puts_it_back(engine: Engine, ending: str) -> None:
    put(engine, ending)
    path = snapshot_of(engine)
    whole = path.read_bytes()
    for damage in (
        lambda: path.write_bytes(whole.replace(b"1987", b"1988")),
        path.unlink,
        lambda: path.write_bytes(b""),
    ):
        damage()
        failures = engine.verify()
        assert len(failures) == 1
        assert "dam" in failures[0] and "stored copy of its text is missing or has changed" in failures[0]
        assert run(engine, "verify").returncode == 1
        assert not engine.reindex().has_changes
        assert path.read_bytes() == whole
        assert engine.verify() == []


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_an_original_that_is_altered_is_named(engine: Engine, ending: str) -> None:
    put(engine, ending)
    (engine.seeds / f"dam.{ending}").write_bytes(FORMATS[ending](DAM.replace("1987", "1988")))
    failures = engine.verify()
    assert len(failures) == 1
    assert f"the file dam.{ending} has changed since it was indexed" in failures[0]
    (engine.seeds / f"dam.{ending}").unlink()
    assert "dam" in engine.verify()[0]


@pytest.mark.parametrize("ending", EXTRACTED)
def test_what_the_same_libraries_read_otherwise_is_named_and_what_others_read_otherwise_is_not(
    engine: Engine, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, ending)
    extracted = sandbox.SandboxedReader.extract

    def otherwise(*arguments: object, by: str | None = None) -> object:
        held = extracted(*arguments)  # type: ignore[arg-type]  # as it was called
        return held.model_copy(update={"text": held.text.replace("1987", "1988"), "by": by or held.by})

    monkeypatch.setattr(sandbox.SandboxedReader, "extract", otherwise)
    assert f"its text differs from dam.{ending}" in engine.verify()[0]
    monkeypatch.setattr(
        sandbox.SandboxedReader, "extract", lambda *arguments: otherwise(*arguments, by="another library 1.0")
    )
    assert engine.verify() == []


@pytest.mark.parametrize("ending", EXTRACTED)
def test_going_back_brings_the_snapshot_of_the_older_text_back(engine: Engine, ending: str) -> None:
    put(engine, ending)
    older = snapshot_of(engine)
    whole = older.read_bytes()
    put(engine, ending, DAM.replace("1987", "2001"))
    newer = snapshot_of(engine)
    assert newer != older
    assert not older.exists()
    engine.rollback()
    assert older.read_bytes() == whole
    assert "1987" in engine.ask(QUESTION).quotes[0].text
    again = Engine.open(engine.seeds, engine.data, build=False)
    assert "1987" in again.ask(QUESTION).quotes[0].text
    engine.reindex()
    assert "2001" in engine.ask(QUESTION).quotes[0].text
    assert engine.verify() == []


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_the_command_shows_the_original_and_the_snapshot(engine: Engine, ending: str) -> None:
    put(engine, ending)
    article = engine.entry("dam").article
    told = json.loads(run(engine, "article", "dam", "--json").stdout)
    assert (told["file"], told["sha256"]) == (f"dam.{ending}", article.sha256)
    shown = run(engine, "article", "dam").stdout
    assert f"dam.{ending}" in shown and article.sha256[:12] in shown
    if article.extraction is None:
        assert told["extraction"] is None
        return
    held = told["extraction"]
    assert (held["format"], held["sha256"], Path(held["file"])) == (
        article.extraction.format,
        article.extraction.sha256,
        snapshot_of(engine),
    )
    assert re.search(r"[\w-]+ \d+\.\d+", held["by"])
    assert article.extraction.sha256[:12] in shown
    assert article.extraction.by in " ".join(shown.split())
    kept = Path(held["file"]).read_text("utf-8")
    for sentence in told["sentences"]:
        assert kept[slice(*sentence["span"])] == sentence["text"]


@pytest.mark.parametrize("ending", EXTRACTED)
def test_an_article_that_is_removed_takes_its_snapshot_along(engine: Engine, ending: str) -> None:
    put(engine, ending)
    path = snapshot_of(engine)
    engine.remove("dam")
    assert not path.exists()
    assert engine.verify() == []
