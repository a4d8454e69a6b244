"""Who publishes on which host, stated once for all articles in `sources.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engine import Engine
from index.errors import RulesInvalid
from index.models import Origin
from index.reading.sources import Sources, read_sources

CHANNELS = '[publishers]\n"channelstv.com" = "Channels Television"\n'
STATED = """[publishers]
"example.com" = "The Example"
"News.example.com" = "The Example’s News"
"bücher.example" = "Bücher"
"""


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://example.com/a", "The Example"),
        ("https://www.example.com/a", "The Example"),
        ("https://NEWS.example.com:443/a", "The Example’s News"),
        ("https://x.news.example.com./a", "The Example’s News"),
        ("https://xn--bcher-kva.example/", "Bücher"),
        ("https://bücher.example/", "Bücher"),
        ("https://notexample.com/", None),
        ("https://example.com.evil.example/", None),
        ("https://com/", None),
    ],
)
def test_the_nearest_host_counts(tmp_path: Path, url: str, publisher: str | None) -> None:
    (tmp_path / "sources.toml").write_text(STATED, "utf-8")
    assert read_sources(tmp_path).publisher_of(url) == publisher


def test_the_publisher_is_recorded_with_where_it_was_read(engine: Engine) -> None:
    (engine.seeds / "sources.toml").write_text(CHANNELS)
    report = engine.reindex()
    assert report.refused == ()
    publisher = engine.entry("000_88608c0d96434d55").article.publisher
    assert publisher
    assert (publisher.value, publisher.origin) == ("Channels Television", Origin.SOURCES)
    assert engine.entry("003_10f24738130fbaea").article.publisher is None
    again = Engine.open(engine.seeds, engine.data)
    assert again.entry("000_88608c0d96434d55").article.publisher == publisher
    engine.update_metadata("000_88608c0d96434d55", {"publisher": "Channels"}, "ann")
    publisher = engine.entry("000_88608c0d96434d55").article.publisher
    assert publisher
    assert (publisher.value, publisher.origin) == ("Channels", Origin.SIDECAR)


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ("[publishers]\nexample.com =", "is not valid TOML in UTF-8"),
        ('[publishers]\n"https://example.com" = "A"', "publishers.https://example.com"),
        ('[publishers]\n"example.com" = 7', "publishers.example.com"),
        ('[publisher]\n"example.com" = "A"', "publisher"),
        ('[publishers]\n"example.com" = "A\\nB"', "publishers.example.com"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_and_changes_nothing(engine: Engine, held: str, reason: str) -> None:
    before = engine.entry("000_88608c0d96434d55")
    (engine.seeds / "sources.toml").write_text(held)
    with pytest.raises(RulesInvalid, match=r"^sources\.toml in the folder of articles") as refused:
        engine.reindex()
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert engine.entry("000_88608c0d96434d55") == before


def test_a_start_with_a_broken_list_serves_what_is_there_and_tells_of_it(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    (engine.seeds / "sources.toml").write_text("[publishers")
    started = Engine.open(engine.seeds, engine.data)
    assert started.manifest == engine.manifest
    assert "sources.toml in the folder of articles is not valid TOML" in caplog.text
    with pytest.raises(RulesInvalid):
        started.reindex()
    with pytest.raises(RulesInvalid):
        Engine.open(engine.seeds, engine.data / "nothing")
    (engine.seeds / "sources.toml").write_text(CHANNELS)
    started.reindex()
    publisher = started.entry("000_88608c0d96434d55").article.publisher
    assert publisher and publisher.value == "Channels Television"


def test_a_folder_without_the_list_states_nobody(tmp_path: Path) -> None:
    assert read_sources(tmp_path) == Sources()
