"""The fuzzing targets, and the properties that must hold for any input."""

from __future__ import annotations

import codecs
import datetime
from collections.abc import Callable, Container, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st
from protego import Protego
from yarl import URL

from index.answering.proof import prove_entry
from index.cleaning import Rule, built_in_rules, find_exclusions, lines, parse_rules
from index.corpus.slugs import slug
from index.errors import ArticleRejected, FetchRefused, RulesInvalid
from index.fetching import PUBLIC, FetchedPage, canonical_url_of, file_name_of
from index.fetching.article_files import article_files
from index.fetching.client import PRODUCT
from index.fetching.media_types import ENDINGS as ENDINGS_OF
from index.fetching.robots import is_excessive
from index.fetching.urls import SCHEMES, redirect_target
from index.fetching.urls import parse_given_url as given_url
from index.models import IndexedArticle, SentenceKind, Span, validate_url
from index.reading import read_article
from index.reading.decoding import OF_WINDOWS_1252, decode
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.extracted import Extracted
from index.reading.formats import ENDINGS, Format
from index.reading.html.charset import SUPPORTED_ENCODINGS, encoding_of
from index.reading.html.extractor import decode_page
from index.reading.sandbox import SANDBOXED_READER
from index.reading.sandbox_worker import extractor
from index.reading.sidecar import Sidecar, read_sidecar, update_sidecar
from index.sentences import ends_sentence, sentence_spans

from . import soup

DAM = URL("https://example.com/2026/dam")
NOW = datetime.datetime(2026, 4, 25, tzinfo=datetime.UTC)
REMEDY_FROM = 10
MAX_REFUSAL = 700


class Target(NamedTuple):
    """A function that takes untrusted input."""

    given: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    """Raises where a property fails."""


def check_refusal(error: ArticleRejected, file: str) -> None:
    """A refusal is one printable line that names the file and says what to do."""
    told = str(error)
    assert told.isprintable(), told
    assert file in told, told
    assert len(told) <= MAX_REFUSAL, told
    assert len(error.remedy) >= REMEDY_FROM, told


def check_entry(entry: IndexedArticle) -> None:
    """Every character is in one sentence, excluded, or lost; sentences are slices, in order."""
    text = entry.article.text
    sentences = [sentence.span for sentence in entry.sentences]
    code = {sentence.span for sentence in entry.sentences if sentence.kind is SentenceKind.CODE}
    left_out = [exclusion.span for exclusion in entry.exclusions]
    check_spans(text, sentences, code)
    taken = bytearray(len(text))
    for start, end in (*left_out, *entry.fragments):
        assert 0 <= start < end <= len(text)
        taken[start:end] = b"\x01" * (end - start)
    for start, end in sentences:
        assert not any(taken[start:end]), "a sentence holds what was left out"
        taken[start:end] = b"\x01" * (end - start)
    bare = [place for place, sign in enumerate(text) if not taken[place] and not sign.isspace()]
    assert not bare, f"{text[bare[0] :]!r} is neither a sentence nor left out"
    for name in ("title", "author", "publisher", "url", "published"):
        fact = getattr(entry.article, name)
        assert fact is None or "\n" not in fact.value
    assert all(sentence.kind is not SentenceKind.HEADLINE or sentence.paragraph == 0 for sentence in entry.sentences)


def check_spans(text: str, spans: Sequence[tuple[int, int]], code: Container[tuple[int, int]] = ()) -> None:
    """Spans are inside the text, in order, disjoint, and trimmed; those of code keep the indent of their first line."""
    place = 0
    for start, end in spans:
        assert place <= start < end <= len(text)
        words = text[start:end]
        assert words.strip()
        assert words == (words.rstrip() if (start, end) in code else words.strip())
        place = end


def reader(given: tuple[str, bytes]) -> None:
    """Any bytes with any suffix, in this process."""
    ending, data = given
    file = f"a.{ending}"
    form = ENDINGS[f".{ending}"]
    if form is Format.TEXT:
        _twice(lambda: build_entry(ReaderInput("a", file, data, Sidecar()), built_in_rules()), file, check_entry)
        return
    extract = extractor(form)

    def check(held: Extracted) -> None:
        assert Extracted.model_validate_json(held.model_dump_json()) == held
        entry = build_entry(ReaderInput("a", file, data, Sidecar(), held), built_in_rules())
        check_entry(entry)
        prove_entry(entry, data, held.text)

    _twice(lambda: extract(data, file), file, check)


def apart(given: tuple[str, bytes]) -> None:
    """Any bytes with any suffix, in the sandbox process."""
    ending, data = given
    file = f"a.{ending}"
    _twice(lambda: read_article(file, data, None, built_in_rules()), file, check_entry)


def _twice(read: Callable[[], Any], file: str, check: Callable[[Any], None]) -> None:
    try:
        held = read()
    except ArticleRejected as error:
        check_refusal(error, file)
        try:
            again = read()
        except ArticleRejected as same:
            assert str(same) == str(error)
        else:
            message = f"refused, and then read as {again!r}"
            raise AssertionError(message) from error
    else:
        assert read() == held
        check(held)


def cleaner(text: str) -> None:
    """Any text, with the built-in rules."""
    _clean(text, built_in_rules())


def _clean(text: str, rules: Sequence[Rule]) -> None:
    kept = [Span(0, len(text))] if text else []
    found = find_exclusions(text, kept, "https://www.example.com/a", rules)
    place = 0
    for exclusion in found:
        assert place <= exclusion.span.start < exclusion.span.end <= len(text)
        place = exclusion.span.end
    assert find_exclusions(text, kept, "https://www.example.com/a", rules) == found
    check_spans(text, lines(text))
    if text.strip() and text.isprintable():
        check_entry(build_entry(ReaderInput("a", "a.txt", text.encode(), Sidecar()), rules))


def splitter(pair: tuple[str, str]) -> None:
    """Any two texts, separate and joined."""
    text = "".join(pair)
    spans = sentence_spans(text)
    check_spans(text, spans)
    covered = {place for start, end in spans for place in range(start, end)}
    assert all(place in covered or sign.isspace() for place, sign in enumerate(text))
    assert sentence_spans(text) == spans
    assert ends_sentence(*pair) in {True, False}


def front_matter(text: str) -> None:
    """Any front matter above a sentence."""
    reader(("md", f"{text}\nThe dam was opened on Saturday.\n".encode("utf-8", "replace")))


def sidecar(text: str) -> None:
    """Any sidecar; a valid one stays valid after an edit, with all it states."""
    data = text.encode("utf-8", "replace")
    try:
        stated = read_sidecar(data, "a.meta.toml", "0" * 64)
    except ArticleRejected as error:
        check_refusal(error, "a.meta.toml")
        try:
            update_sidecar(data, {"title": "A dam"}, "Ann", NOW)
        except ArticleRejected as refused:
            assert str(refused).isprintable()
        return
    made = read_sidecar(update_sidecar(data, {"title": "A dam"}, "Ann", NOW), "a.meta.toml", "0" * 64)
    assert made == stated.model_copy(update={"headline": "A dam", "editor": "Ann", "dateModified": NOW})
    article = read_article(
        "a.txt", b"The dam was opened on Saturday.", None if stated.sha256 else data, built_in_rules()
    )
    check_entry(article)


def rules(pair: tuple[str, str]) -> None:
    """Any rules file, applied to any text."""
    toml, text = pair
    try:
        held = parse_rules(toml, "mine.toml", linear=True)
    except RulesInvalid as error:
        assert "mine.toml" in str(error)
        return
    _clean(text, held.rule)


def decoder(given: tuple[str, bytes]) -> None:
    """Any bytes in whatever encoding a server or page declares: nothing is lost, or it is refused."""
    label, data = given
    name = encoding_of(label)
    assert name is None or name in SUPPORTED_ENCODINGS
    _twice(lambda: decode(data, "a.txt"), "a.txt", lambda held: _check_text(held[0], _is_whole(held[0], held[1], data)))
    _twice(lambda: decode_page(data, "a.html"), "a.html", lambda text: _check_text(text, whole=True))
    fetched = FetchedPage("https://example.com/dam", data, "text/plain", label)
    try:
        kept = article_files(fetched, "Ann", NOW, ())["dam.txt"]
    except ArticleRejected as error:
        check_refusal(error, "dam.txt")
        return
    assert kept == data or kept.decode("utf-8-sig").encode() == kept.removeprefix(codecs.BOM_UTF8) != kept


def _is_whole(text: str, encoding: str, data: bytes) -> bool:
    """Whether the text is the bytes, or the bytes with C1 controls read as Windows-1252."""
    return text.encode(encoding) == data or text == data.decode(encoding).translate(OF_WINDOWS_1252)


def _check_text(text: str, whole: bool) -> None:  # the property itself
    assert whole, "it is not the bytes any more"
    assert text.strip()
    assert "\0" not in text
    text.encode()


def fetching(given: tuple[str, str, str, str]) -> None:
    """Any URL, redirect from it, canonical link on its page, and robots.txt of its host."""
    url, location, canonical, robots = given
    for found in (_asked(lambda: given_url(url, PUBLIC)), _asked(lambda: redirect_target(DAM, location, PUBLIC))):
        if found is None:
            continue
        _check_url(found)
        cited = canonical_url_of(str(found), canonical)
        assert URL(cited).raw_host == found.raw_host
        assert validate_url(cited) == canonical_url_of(cited, None) == cited
        for media_type, ending in ENDINGS_OF.items():
            name, _, end = file_name_of(str(found), media_type, canonical).rpartition(".")
            assert slug(name) == name
            assert f".{end}" in {ending, ".md"}
        if not is_excessive(robots):
            assert Protego.parse(robots).can_fetch(str(found), PRODUCT) in {True, False}


def _asked(ask: Callable[[], URL]) -> URL | None:
    """The URL; None where it is refused with a message."""
    try:
        return ask()
    except FetchRefused as error:
        assert str(error).isprintable(), str(error)
        assert len(error.remedy) >= REMEDY_FROM
        return None


def _check_url(url: URL) -> None:
    """A web URL with an allowed port, without credentials or fragment, and no private address in any notation."""
    assert url.scheme in SCHEMES
    assert url.port in PUBLIC.ports
    assert url.raw_user is None and url.raw_password is None
    assert not url.raw_fragment
    assert str(given_url(str(url), PUBLIC)) == str(url)


FILES = st.sampled_from(sorted(soup.FILES)).flatmap(
    lambda ending: st.tuples(st.just(ending), st.one_of(soup.FILES[ending], soup.FILES[ending], st.binary()))
)
TARGETS = {
    "reader": Target(FILES, reader),
    "apart": Target(FILES, apart),
    "cleaner": Target(st.one_of(soup.TEXT, st.text()), cleaner),
    "splitter": Target(st.tuples(st.one_of(soup.TEXT, st.text()), soup.TEXT), splitter),
    "front-matter": Target(soup.front_matters(), front_matter),
    "decoder": Target(soup.encoded(), decoder),
    "fetching": Target(st.tuples(soup.urls(), soup.urls(), soup.urls(), soup.soup(soup.ROBOTS, soup.ROBOTS)), fetching),
    "sidecar": Target(soup.sidecars(), sidecar),
    "rules": Target(st.tuples(soup.rule_files(), soup.TEXT), rules),
}


def end() -> None:
    """Stop the sandbox processes."""
    SANDBOXED_READER.stop()
