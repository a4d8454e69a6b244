import pytest

from index.errors import FolderUnusable
from index.sources_table import publisher_of, read_sources

TABLE = read_sources(
    """
    ["channelstv.com"]
    publisher = "Channels Television"
    ["sport.channelstv.com"]
    publisher = "Channels Sport"
    ["www.bücher.example"]
    publisher = "Bücher"
    [publishers]
    "example.org" = "Example News"
    """.encode()
)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://channelstv.com/a", "Channels Television"),
        ("https://www.channelstv.com/2026/04/23/a/", "Channels Television"),
        ("http://news.ChannelsTV.com:80/a?b#c", "Channels Television"),
        ("https://www.sport.channelstv.com/a", "Channels Sport"),
        ("https://live.sport.channelstv.com/a", "Channels Sport"),
        ("https://xn--bcher-kva.example/", "Bücher"),
        ("https://bücher.example/", "Bücher"),
        ("https://example.org./", "Example News"),
        ("https://notchannelstv.com/a", None),
        ("https://channelstv.com.evil.example/", None),
        ("https://com/", None),
        ("https://[::1", None),
        ("no URL", None),
        ("", None),
    ],
)
def test_a_publisher_is_known_by_the_longest_host_that_the_url_is_on(url: str, publisher: str | None) -> None:
    assert publisher_of(url, TABLE) == publisher


def test_a_file_that_says_nothing_names_no_publisher() -> None:
    assert publisher_of("https://example.org/", read_sources(b"# nothing yet")) is None


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b'["a.org"', "not TOML"),
        (b"\xff", "not TOML"),
        (b'["a.org"]\nname = "A"', "publisher"),
        (b'["a.org"]\npublisher = ""', "publisher"),
        (b'["a.org"]\npublisher = 3', "publisher"),
        (b'["a.org"]\npublisher = "a\\u0000b"', "publisher"),
        (b'"a.org" = "A"', "a.org"),
        (b'["https://a.org"]\npublisher = "A"', "no host"),
        (b'["a"]\npublisher = "A"', "no host"),
        (b'publishers = "A"', "publishers"),
        (b'["a.org"]\npublisher = "A"\n["www.a.org"]\npublisher = "B"', "twice"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_clear_sentence(data: bytes, named: str) -> None:
    with pytest.raises(FolderUnusable, match=r"^sources\.toml") as refused:
        read_sources(data)
    assert named in str(refused.value)
