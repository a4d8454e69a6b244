"""The process that reads strangers' files: its limits hold, it knows no secret, and nothing else breaks with it."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.reading import read_article
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.formats import Format
from index.reading.samples import SAMPLES
from index.reading.sandbox import SandboxedReader
from index.reading.sandbox_worker import MODULES, SandboxLimits, extractor
from index.reading.sidecar import Sidecar
from tests.index.documents import docx, paragraph
from tests.index.hostile import BODY, page
from tests.properties import one_in

ENOUGH = 100
SECRET = "a-secret-that-nobody-may-know"


@pytest.fixture
def readers() -> Iterator[Callable[[SandboxLimits], SandboxedReader]]:
    made: list[SandboxedReader] = []

    def make(limits: SandboxLimits) -> SandboxedReader:
        made.append(SandboxedReader(limits))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture(scope="module")
def kept() -> Iterator[SandboxedReader]:
    """A process for all tests that neither end it nor look at its start."""
    one = SandboxedReader(SandboxLimits())
    yield one
    one.stop()


def read(readers: SandboxedReader) -> str:
    return readers.extract(Format.HTML, page(), "good.html").text


def busy(tags: int) -> bytes:
    """A page that takes long to read."""
    return page("<i></i>" * tags)


def large(paragraphs: int) -> bytes:
    """A document that takes much memory to read, by 800 bytes a paragraph."""
    numbers = random.Random(1)  # noqa: S311  # any numbers will do
    return docx(*(f'<w:p w:a="{numbers.getrandbits(32):x}"/>' for _ in range(paragraphs)))


def forks(readers: SandboxedReader) -> list[int]:
    """The processes that read a file at this moment."""
    assert readers._process is not None
    children = Path(f"/proc/{readers._process.pid}/task/{readers._process.pid}/children")
    return [int(child) for child in children.read_text().split()]


def await_fork(readers: SandboxedReader) -> int:
    """The process that reads a file, as soon as there is one."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if readers._process is not None and (found := forks(readers)):
            return found[0]
        time.sleep(0.005)
    message = "no file is being read"
    raise AssertionError(message)


def limits_of(process: int) -> dict[str, str]:
    """The limits that the system holds a process to, once it has set them for itself."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        lines = Path(f"/proc/{process}/limits").read_text().splitlines()
        held = {
            name: line.split()[-3]
            for line in lines
            for name in ("cpu time", "address space", "file size")
            if line.startswith(f"Max {name}")
        }
        if held["file size"] == "0":
            return held
        time.sleep(0.005)
    message = "it sets no limits"
    raise AssertionError(message)


def refusal(readers: SandboxedReader, form: Format, data: bytes, file: str) -> str:
    with pytest.raises(ArticleRejected) as refused:
        readers.extract(form, data, file)
    told = str(refused.value)
    assert told.isprintable()
    assert file in told
    assert told.endswith("Save the article's text as plain text.")
    return told


@pytest.mark.parametrize(
    ("limits", "reason", "file"),
    one_in(
        2,
        [
            (
                SandboxLimits(memory=300 * 2**20),
                "needs more than 300 MB of memory",
                lambda: (Format.DOCX, large(300_000), "hostile.docx"),
            ),
            (
                SandboxLimits(seconds=1),
                "takes more than 1 seconds",
                lambda: (Format.HTML, busy(300_000), "hostile.html"),
            ),
            (
                SandboxLimits(processor_seconds=1),
                "needs more than 1 seconds of processor time",
                lambda: (Format.HTML, busy(300_000), "hostile.html"),
            ),
        ],
    ),
)
def test_a_file_that_breaks_a_limit_is_refused_and_the_next_one_is_read(
    readers: Callable[[SandboxLimits], SandboxedReader],
    kept: SandboxedReader,
    limits: SandboxLimits,
    reason: str,
    file: Callable[[], tuple[Format, bytes, str]],
) -> None:
    reading = readers(limits)
    assert reason in refusal(reading, *file())
    assert BODY in read(kept)
    if limits.memory == SandboxLimits().memory and limits.seconds == SandboxLimits().seconds:
        assert BODY in read(reading)


@pytest.mark.slow
def test_a_text_is_cleaned_and_split_under_limits_too(readers: Callable[[SandboxLimits], SandboxedReader]) -> None:
    apart = readers(SandboxLimits(processor_seconds=1))
    long = ReaderInput("a", "a.txt", b"St. " * 500_000, Sidecar())
    told = (
        "^a\\.txt was not read as an article: reading it needs more than 3 seconds of processor time\\. Split the file"
    )
    with pytest.raises(ArticleRejected, match=told):
        apart.build_entry(long, built_in_rules())
    good = ReaderInput("a", "a.txt", BODY.encode(), Sidecar())
    assert apart.build_entry(good, built_in_rules()) == build_entry(good, built_in_rules())


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("a.txt", f"A dam\nBy Ann Karlsson\n{BODY}\nAdvertisement\n{BODY}\n\nBREAKING".encode()),
        ("a.html", page()),
        ("a.docx", docx(paragraph("A dam", "Heading1"), paragraph(BODY))),
    ],
)
def test_a_large_text_is_read_apart_as_a_small_one_is_here(
    monkeypatch: pytest.MonkeyPatch, file: str, data: bytes
) -> None:
    stated = b'headline = "Dam"\ndatePublished = 2026-04-25T10:00:00+02:00\nauthor = ["Ann", { name = "Bo" }]'
    here = read_article(file, data, stated, built_in_rules())
    monkeypatch.setattr("index.reading.IN_PROCESS_UP_TO", 0)
    monkeypatch.setattr("index.reading.build_entry", None)
    assert read_article(file, data, stated, built_in_rules()) == here


@pytest.mark.slow
def test_the_limits_that_are_in_force_hold_for_real(readers: Callable[[SandboxLimits], SandboxedReader]) -> None:
    """1 GB of memory, 20 s of a processor, 30 s by the clock, which a process that is stopped comes to."""
    assert SandboxLimits() == (2**30, 20, 30)

    def stopped(reading: SandboxedReader) -> str:
        done = threading.Thread(target=lambda: os.kill(await_fork(reading), signal.SIGSTOP))
        done.start()
        told = refusal(reading, Format.HTML, busy(200_000), "stopped.html")
        done.join()
        return told

    stands, spends = readers(SandboxLimits()), readers(SandboxLimits())
    with ThreadPoolExecutor(2) as both:
        first = both.submit(stopped, stands)
        second = both.submit(spends.extract, Format.HTML, busy(150_000), "busy.html")
        assert limits_of(await_fork(spends)) == {"cpu time": "20", "address space": "1073741824", "file size": "0"}
        assert BODY in second.result().text
        assert "takes more than 30 seconds" in first.result()
    assert BODY in read(stands)
    told = refusal(spends, Format.DOCX, large(1_500_000), "large.docx")
    assert "needs more than 1024 MB of memory" in told or "seconds" in told
    assert BODY in read(spends)


def test_a_file_is_read_again_where_the_reading_process_is_killed_over_it(
    readers: Callable[[SandboxLimits], SandboxedReader],
) -> None:
    reading = readers(SandboxLimits())
    read(reading)
    assert reading._process is not None
    first = reading._process.pid

    def kill() -> None:
        fork = await_fork(reading)
        os.kill(first, signal.SIGKILL)
        os.kill(fork, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    held = reading.extract(Format.HTML, busy(20_000), "good.html")
    killer.join()
    assert BODY in held.text
    assert reading._process.pid != first


def test_a_file_over_which_its_own_process_is_killed_is_refused_and_the_next_one_read(
    kept: SandboxedReader,
) -> None:
    killer = threading.Thread(target=lambda: os.kill(await_fork(kept), signal.SIGSEGV))
    killer.start()
    assert "the reader crashed" in refusal(kept, Format.HTML, busy(50_000), "bad.html")
    killer.join()
    assert BODY in read(kept)


def test_a_reading_process_that_ended_between_two_files_is_started_again(
    readers: Callable[[SandboxLimits], SandboxedReader],
) -> None:
    reading = readers(SandboxLimits())
    for _ in range(3):
        assert BODY in read(reading)
        assert reading._process is not None
        os.kill(reading._process.pid, signal.SIGKILL)
    assert BODY in read(reading)


def test_the_reading_process_ends_with_the_one_that_started_it(
    readers: Callable[[SandboxLimits], SandboxedReader],
) -> None:
    reading = readers(SandboxLimits())
    read(reading)
    process = reading._process
    assert process is not None and process.stdin is not None
    process.stdin.close()  # as the system does when this process is gone
    assert process.wait(60) == 0


def test_the_reading_process_knows_no_secret_and_none_of_our_files(
    readers: Callable[[SandboxLimits], SandboxedReader], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", SECRET)
    monkeypatch.chdir(tmp_path)
    reading = readers(SandboxLimits())
    with (tmp_path / "open.txt").open("w") as opened:
        os.set_inheritable(opened.fileno(), True)
        read(reading)
        assert reading._process is not None
        process = Path(f"/proc/{reading._process.pid}")
        environment = (process / "environ").read_bytes()
        assert SECRET.encode() not in environment
        assert b"TOKEN" not in environment
        held = [str(each.readlink()) for each in (process / "fd").iterdir()]
    assert not [name for name in held if name.startswith("/") and name != os.devnull]
    assert SECRET.encode() not in (process / "cmdline").read_bytes()


def test_what_reads_a_file_may_write_none_and_has_the_limits(kept: SandboxedReader) -> None:
    names = (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_AS, resource.RLIMIT_CPU)
    found: list[tuple[int, int]] = []

    def look() -> None:
        fork = await_fork(kept)
        while resource.prlimit(fork, resource.RLIMIT_NOFILE)[0] > ENOUGH:  # the last one that it sets
            time.sleep(0.005)
        found.extend(resource.prlimit(fork, name) for name in names)

    looking = threading.Thread(target=look)
    looking.start()
    kept.extract(Format.HTML, busy(50_000), "good.html")
    looking.join()
    assert found == [(0, 0), (0, 0), (2**30, 2**30), (20, 20)]


def test_reading_leaves_no_file_behind(kept: SandboxedReader, tmp_path: Path) -> None:
    home = Path(__file__).parents[3]
    before = subprocess.run(["git", "status", "--porcelain"], cwd=home, capture_output=True, check=False).stdout  # noqa: S607  # as git is found
    read(kept)
    kept.extract(Format.DOCX, docx(paragraph(BODY)), "a.docx")
    after = subprocess.run(["git", "status", "--porcelain"], cwd=home, capture_output=True, check=False).stdout  # noqa: S607  # as above
    assert after == before
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", MODULES)
def test_what_the_sandbox_extracts_is_what_the_extractor_does(kept: SandboxedReader, form: Format) -> None:
    sample, name = SAMPLES[form][0], f"sample.{form.value}"
    assert kept.extract(form, sample, name) == extractor(form)(sample, name)


def test_many_files_are_read_by_one_process_and_one_after_another(kept: SandboxedReader) -> None:
    with ThreadPoolExecutor(4) as some:
        texts = list(some.map(lambda _: read(kept), range(8)))
    assert len(set(texts)) == 1


def test_a_language_is_told_in_the_sandbox_so_that_this_process_stays_small(
    kept: SandboxedReader,
    readers: Callable[[SandboxLimits], SandboxedReader],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "Die Stadtbibliothek besitzt zwölftausend Bücher und ist von Montag bis Freitag geöffnet."
    assert kept.classify_language(text) == "de"
    assert kept.classify_language("Hallo \ud800")
    monkeypatch.setattr("index.reading.sandbox.START_SECONDS", 0.0)
    assert readers(SandboxLimits(seconds=0)).classify_language(text) == ""
