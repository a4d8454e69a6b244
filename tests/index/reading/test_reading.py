import hashlib
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answering.proof import prove_entry
from index.cleaning import built_in_rules
from index.engine import Engine
from index.errors import ArticleRejected
from index.models import IndexedArticle, MetadataField, Origin
from index.reading import extract_again, read_article
from index.reading.decoding import MAX_BYTES, decode
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.markdown import extractor
from index.reading.sidecar import Sidecar
from tests.index.conftest import SEEDS

BODY = "The cable was dated Friday and sent to posts around the world."
SPANS = json.loads((Path(__file__).parents[1] / "body_spans.json").read_text())


def read(text: str, sidecar: str | None = None, encoding: str = "utf-8") -> IndexedArticle:
    return read_article("a.txt", text.encode(encoding), None if sidecar is None else sidecar.encode(), built_in_rules())


@pytest.mark.parametrize("name", sorted(SPANS))
def test_the_sentences_of_a_seed_are_its_body_no_more_and_no_fewer(name: str) -> None:
    entry = read_article(name, (SEEDS / name).read_bytes(), None, built_in_rules())
    assert [list(sentence.span) for sentence in entry.body_sentences] == SPANS[name]
    assert entry.fragments == ()


def test_every_character_of_a_seed_is_a_sentence_or_left_out_by_a_named_rule() -> None:
    for path in SEEDS.glob("*.txt"):
        entry = read_article(path.name, path.read_bytes(), None, built_in_rules())
        spans = sorted([*(s.span for s in entry.sentences), *(cut.span for cut in entry.exclusions)])
        place = 0
        for start, end in spans:
            assert not entry.article.text[place:start].strip()
            assert place <= start
            place = end
        assert not entry.article.text[place:].strip()


def test_the_seed_with_a_trailer_has_its_url_and_the_other_has_none() -> None:
    with_url = read_article("0.txt", (SEEDS / "000_88608c0d96434d55.txt").read_bytes(), None, built_in_rules()).article
    without = read_article("3.txt", (SEEDS / "003_10f24738130fbaea.txt").read_bytes(), None, built_in_rules()).article
    assert with_url.title and with_url.title.value == "China Stealing US AI Technology — White House Official"
    assert with_url.url and with_url.url.origin is Origin.TRAILER
    assert (
        with_url.url.value
        == "https://www.channelstv.com/2026/04/23/china-stealing-us-ai-technology-white-house-official/"
    )
    assert without.url is without.published is without.publisher is None
    assert without.author and without.author.value == "Carbonmedia"
    assert without.title and without.title.value.startswith("US orders global warning")


def test_a_date_on_the_page_is_no_publication_date_and_a_stated_one_is() -> None:
    assert read(f"Saturday, April 25, 2026\n\nA headline of the day\n\n{BODY}").article.published is None
    stated = read(f"A headline of the day\nPublished: 25 April 2026, 10:30\n\n{BODY}").article.published
    assert stated and (stated.value, stated.origin) == ("2026-04-25", Origin.TEXT)


def test_a_date_with_two_readings_is_not_recorded() -> None:
    assert read(f"A headline of the day\nPublished: 04/05/2026\n\n{BODY}").article.published is None


def test_a_trailer_that_is_no_web_address_is_not_recorded() -> None:
    for trailer in (
        "javascript:alert(1)",
        "https://",
        "http://user:secret@example.com/",
        "ftp://example.com/a",
        "https://example.com:65536/a",
    ):
        assert read(f"A headline of the day\n{BODY}\nSOURCE: {trailer}").article.url is None


def test_a_source_in_the_middle_of_an_article_is_not_its_own() -> None:
    above, below = f"A headline of the day\n{BODY}", f"{BODY}\n{BODY}\n{BODY}"
    assert read(f"{above}\nSOURCE: https://example.com/another\n{below}").article.url is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_every_encoding_is_read_and_gives_its_bytes_back(encoding: str) -> None:
    text = f"Café “news” of the day\r\n{BODY}\r\n"
    article = read(text, encoding=encoding).article
    assert article.text == text
    assert article.text.encode(article.encoding) == text.encode(encoding)


SAID = "The keeper said “it is open”. It’s ours… or nobody’s – for 5 €."


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("also", ["", " The clerk’s own “no”."])
def test_curly_quotes_that_were_encoded_twice_are_read_as_what_they_stand_for(name: str, also: str) -> None:
    damaged = SAID.encode("cp1252").decode("latin-1")
    data = f"The lock\n\n{damaged}{also}\n".encode()
    entry = read_article(name, data, None, built_in_rules())
    assert "".join(entry.article.text.split()).endswith("".join((SAID + also).split()))
    assert entry.article.sha256 == hashlib.sha256(data).hexdigest()
    quoted = [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences]
    assert quoted[0] == "The keeper said “it is open”."
    prove_entry(entry, data, extract_again(entry.article, data))


def test_a_text_with_curly_quotes_that_were_encoded_twice_is_kept_as_it_is_quoted(engine: Engine, seeds: Path) -> None:
    (seeds / "lock.txt").write_bytes(f"The lock\n\n{SAID.encode('cp1252').decode('latin-1')}\n".encode())
    assert engine.reindex().added == ("lock",)
    assert engine.verify() == []
    assert SAID in engine.entry("lock").article.text


def test_utf_8_that_was_read_as_latin_1_is_not_taken_for_curly_quotes() -> None:
    damaged = ("The keeper said “no”. " * 9).encode().decode("latin-1")
    with pytest.raises(ArticleRejected, match="control characters"):
        read(damaged)


def test_line_ends_of_windows_break_no_sentence_and_no_fact() -> None:
    entry = read(f"A headline of the day\r\n\r\n{BODY}\r\nSOURCE: https://example.com/a\r\n")
    assert [entry.article.text[slice(*s.span)] for s in entry.body_sentences] == [BODY]
    assert entry.article.url and entry.article.url.value == "https://example.com/a"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\t ",
        b"\0\0\0",
        b"text\0text",
        b"\x01\x02\x03\x04text",
        b"\xff\xfeT\0e\0x\0t\0",
        b"caf\x81",
        bytes(256),
    ],
)
def test_what_is_not_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(ArticleRejected, match=r"a\.txt"):
        decode(data, "a.txt")


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(ArticleRejected, match="the limit"):
        decode(b"a" * (MAX_BYTES + 1), "a.txt")


@pytest.mark.parametrize("port", ["65536", "99999", "-1", "x"])
def test_a_sidecar_with_a_port_that_does_not_exist_is_refused_by_name(port: str) -> None:
    assert read(BODY, 'url = "https://example.com:65535/a"').article.url
    with pytest.raises(ArticleRejected, match=r"a\.meta\.toml cannot be used: .*port .* at most 65535"):
        read(BODY, f'url = "https://example.com:{port}/a"')


def test_a_sidecar_goes_before_what_the_text_states() -> None:
    sidecar = """
    headline = "Stated"
    url = "https://example.com/stated"
    publisher = { name = "The Example" }
    author = ["Ann", { name = "Bob" }]
    datePublished = 2026-04-25
    """
    article = read(f"A headline of the day\nby Carol Jones\n\n{BODY}\nSOURCE: https://example.com/a", sidecar).article
    facts = (article.title, article.url, article.publisher, article.author, article.published)
    assert [fact.value for fact in facts if fact] == [
        "Stated",
        "https://example.com/stated",
        "The Example",
        "Ann, Bob",
        "2026-04-25",
    ]
    assert {fact.origin for fact in facts if fact} == {Origin.SIDECAR}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-04-25", "2026-04-25"),
        ('"2026-04-25"', "2026-04-25"),
        ("2026-04-25T10:30:00+02:00", "2026-04-25T10:30:00+02:00"),
        ('"2026-04-25T10:30:00"', "2026-04-25T10:30:00"),
    ],
)
def test_a_date_is_shown_as_it_is_stated(written: str, shown: str) -> None:
    published = read(BODY, f"datePublished = {written}").article.published
    assert published == MetadataField(value=shown, origin=Origin.SIDECAR)


@pytest.mark.parametrize(
    ("sidecar", "reason"),
    [
        ("headline = ", "not valid TOML"),
        ('titel = "a"', "titel: there is no such field"),
        ('url = "example.com"', "url"),
        ('url = "https://example.com/a b"', "url"),
        ('datePublished = "yesterday"', "datePublished"),
        ("datePublished = 20260425", "datePublished"),
        ("datePublished = 10:00:00", "datePublished"),
        (f'sha256 = "{"0" * 64}"', "sha256"),
        ('headline = ""', "headline"),
    ],
)
def test_a_wrong_sidecar_is_refused_with_the_reason(sidecar: str, reason: str) -> None:
    with pytest.raises(ArticleRejected, match=reason) as refused:
        read(BODY, sidecar)
    assert "a.meta.toml" in str(refused.value)


def test_a_sidecar_with_the_right_hash_is_taken() -> None:
    sidecar = f'sha256 = "{hashlib.sha256(BODY.encode()).hexdigest()}"'
    assert read(BODY, sidecar).article.sha256 in sidecar


def test_a_short_first_sentence_is_no_headline_and_a_byline_with_a_full_stop_is_one() -> None:
    assert read(f"Joyce takes Will home.\n{BODY}").article.title is None
    article = read(f"Talks begin in Geneva\nBy Ann B. Karlsson Jr.\n{BODY}").article
    assert article.title and article.author
    assert (article.title.value, article.author.value) == ("Talks begin in Geneva", "Ann B. Karlsson Jr.")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("They won.", "Nobody in the valley had expected it, said the mayor."),
        ("Closed on Mondays.", "The workshop is open from nine to noon on all other days."),
        ("Open on Sundays!", "The workshop is open from nine to noon on all other days."),
        ("Why not?", "The workshop is open from nine to noon on all other days."),
        ("“We won.”", "Nobody in the valley had expected it, said the mayor."),
        ("周一休息。", "图书馆昨天在河边开放，它有三层楼和八万本书，读者可以免费借书。"),
        ("入場は無料です！", "図書館は川のそばに開館し、三階建てで、本が八万冊あります。"),
        ("सोमवार बंद।", "पुस्तकालय सुबह नौ बजे खुलता है और शाम छह बजे बंद होता है।"),
        ("مغلق الاثنين.", "تفتح المكتبة أبوابها من التاسعة صباحا حتى السادسة مساء."),
    ],
)
def test_a_short_sentence_above_the_body_is_kept(short: str, long: str) -> None:
    for name, above in (("a.txt", "A house by the river\n\n"), ("a.md", "# A house by the river\n\n")):
        entry = read_article(name, f"{above}{short}\n\n{long}\n".encode(), None, built_in_rules())
        assert [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences] == [short, long]


def test_a_few_words_above_the_body_that_are_no_sentence_are_left_out() -> None:
    for label in ("Our Town", "Ann Ek", "今日新闻"):
        entry = read(f"A headline of the day\n\n{label}\n\n{BODY}")
        assert [cut.rule for cut in entry.exclusions] == ["label-above-body"]


def test_a_paragraph_in_a_script_without_spaces_is_no_label() -> None:
    paragraphs = [
        "图书馆昨天在河边开放，它有三层楼和八万本书",
        "図書館は川のそばに開館し、三階建てです",
        "ห้องสมุดเปิดเก้าโมงเช้าทุกวันยกเว้นวันจันทร์",
    ]
    for paragraph in paragraphs:
        entry = read_article("a.md", f"# A house\n\n{paragraph}\n\n{BODY}\n".encode(), None, built_in_rules())
        assert [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences] == [paragraph, BODY]


def test_a_line_of_figures_is_no_sharing_bar() -> None:
    rules = {cut.rule for cut in read(f"A headline of the day\n{BODY}\n2016\n{BODY}").exclusions}
    assert rules == set()


def test_an_article_without_a_headline_has_no_title() -> None:
    assert read(f"{BODY}\n{BODY}").article.title is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        "# Dam number one\n\nThe dam was opened on Saturday by the governor.\n\n",
        "The dam was\n\nADVERTISEMENT\n\nopened on Saturday.\n\n",
        "- dam\n",
        "St. ",
        "Related Articles\n\nMORE STORIES FOR ALL\n\n",
        "The talks began. READ ALSO: Another Minister Resigns In June, they went on. ",
    ],
)
def test_what_a_text_says_over_and_over_takes_time_in_proportion(unit: str) -> None:
    def seconds(times: int) -> float:
        data = (unit * times).encode()
        held = extractor.extract(data, "a.md")
        started = time.process_time()  # other tests may want the machine meanwhile
        build_entry(ReaderInput("a", "a.md", data, Sidecar(), held), built_in_rules())
        return time.process_time() - started

    seconds(10)
    assert seconds(2_400) < 2 + 16 * seconds(300)


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_one_clear_refusal(data: bytes) -> None:
    try:
        entry = read_article("a.txt", data, None, built_in_rules())
    except ArticleRejected as refused:
        assert "a.txt" in str(refused)
    else:
        assert entry.article.text.encode(entry.article.encoding) == data


@given(st.text(max_size=400))
def test_any_text_gives_sentences_that_are_slices_clear_of_what_was_left_out(text: str) -> None:
    try:
        entry = read_article("a.txt", text.encode("utf-8", "replace"), None, built_in_rules())
    except ArticleRejected:
        return
    article = entry.article
    for sentence in entry.sentences:
        start, end = sentence.span
        assert article.text[start:end].strip() == article.text[start:end] != ""
        assert not any(start < cut.span.end and cut.span.start < end for cut in entry.exclusions)
