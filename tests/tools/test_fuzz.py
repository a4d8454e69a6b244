"""Some examples of each fuzzing; `python -m tools.fuzz TARGET --minutes 10` goes on for longer."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tools.fuzz import running
from tools.fuzz.running import run
from tools.fuzz.targets import TARGETS, Target, fetching, reader, sidecar


@pytest.mark.parametrize("seconds", [0.0, pytest.param(3.0, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(TARGETS))
def test_nothing_breaks_within_some_examples(name: str, seconds: float) -> None:
    done = run(name, seconds, at_a_time=20)
    assert done.failures == ()
    assert done.examples >= 20


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("md", "Why? 水坝开了。<BR>The dam was opened on Saturday. ".encode()),  # a label of two sentences was quoted
        ("md", b"---\n!!timestamp\n---\nThe dam was opened."),  # what YAML's reader raises is no error of its own
        ("md", b"---\n!!float\n---\nThe dam was opened."),
        ("md", b"The dam was opened.<br>The ferry returns.\n"),
        ("md", b"     who "),  # a line of code keeps its indent
    ],
)
def test_what_was_found_stays_mended(ending: str, data: bytes) -> None:
    reader((ending, data))


@pytest.mark.parametrize(
    "text", ["headline = " + "1" * 5000, "author = " + "[" * 3000, 'url = "http://[::1"', '"\\u202e" = 1']
)
def test_what_was_found_in_sidecars_stays_mended(text: str) -> None:
    sidecar(text)


@pytest.mark.parametrize("url", ["https://xn--", "https://xn--/a", "http://www.xn--a.example"])
def test_what_was_found_in_urls_stays_mended(url: str) -> None:
    fetching((url, url, url, ""))


def test_an_example_that_hangs_or_fails_is_told_with_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(_: object) -> None:
        time.sleep(60)

    def fail(text: object) -> None:
        assert not text, "it holds something"

    given = TARGETS["sidecar"].given
    monkeypatch.setattr(running, "EXAMPLE_SECONDS", 0.2)
    for check, told in ((hang, "Hang"), (fail, "it holds something")):
        monkeypatch.setitem(TARGETS, "made", Target(given, check))
        done = run("made", 0.1, at_a_time=20)
        assert len(done.failures) == 1
        assert told in done.failures[0]
        assert "given: " in done.failures[0]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_command_says_how_many_examples_it_tried() -> None:
    command = [sys.executable, "-m", "tools.fuzz", "sidecar", "--minutes", "0.001"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  # our own
    assert done.returncode == 0
    assert "examples in" in done.stdout and "0 failures" in done.stdout
