"""Whatever a page is made of: what is quoted from it stands on it in one piece, and is a whole sentence of it."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.reading.entry_builder import ReaderInput, build_entry
from index.reading.html.extractor import extract
from index.reading.sidecar import Sidecar
from tests.properties import examples

PHASES = (Phase.reuse, Phase.generate)  # to make a failing page smaller takes long, and it is small
NAMES = [
    "Ann",
    "Bo",
    "Eva",
    "Ida",
    "Jan",
    "Kai",
    "Liv",
    "Max",
    "Nora",
    "Ole",
    "Per",
    "Rut",
    "Sven",
    "Tor",
    "Ulla",
    "Vera",
]
VERBS = ["opened", "closed", "painted", "measured", "visited", "repaired", "praised", "inspected"]
THINGS = [
    "the dam",
    "the old bridge",
    "the ferry house",
    "a new road",
    "the town hall",
    "the long tunnel",
    "a small school",
]
ENDS = [
    "in the valley of Lomma",
    "on a cold morning in March",
    "after eleven years of work",
    "before the others came home",
    "of Harald Long in the Lomma Valley",
    "for King Erik of Norway",
    "which Ole Berg had built in Lagos in June",
    "that the United Nations paid for",
]


class Written(NamedTuple):
    """A page, and the sentences that its author wrote."""

    html: str
    sentences: frozenset[str]


def sentences() -> st.SearchStrategy[str]:
    """Sentences with nothing in them that could be taken for the end of one."""
    pick = st.sampled_from
    return st.builds("{} {} {} with {} {}.".format, pick(NAMES), pick(VERBS), pick(THINGS), pick(NAMES), pick(ENDS))


INLINE = (
    "<b>{}</b>",
    "<i>{}</i>",
    "<em><b>{}</b></em>",
    "<a href='/x'>{}</a>",
    "<span>{}</span>",
    "{}<!-- a comment -->",
    "{}<script>var a = 'It was said.';</script>",
    "{}<span hidden>not </span>",
    "{}<span style='display: none'>never </span>",
    "{}<img src='x' alt='a dog'>",
    "{}<wbr>",
    "<font>{}</font>",
    "{}<template>no</template>",
)
EMPTY = (
    "<div class='ad'></div>",
    "<div id='slot'><script>ad()</script></div>",
    "<iframe src='x'></iframe>",
    "<ins><p></p></ins>",
)
SEEN = (
    "<div class='ad'>Buy it now and save a lot!</div>",
    "<p>Advertisement</p>",
    "<div><p>Read more stories of the day</p></div>",
    "<aside>Ten things you never knew</aside>",
)
BETWEEN = (
    "<br>",
    "<br><br>",
    "<hr>",
    "<h2>What came next</h2>",
    "<table><tr><td>Total</td><td>7 of 9</td></tr></table>",
    "<ul><li>A first thing</li></ul>",
    "<figure><figcaption>A view of it</figcaption></figure>",
)


@st.composite
def marked_up(draw: st.DrawFn, sentence: str) -> str:
    """A sentence with markup around its words, and things among them that a reader sees or does not."""
    words = [escape(word) for word in sentence.split()]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words) - 1))
        words[place] = draw(st.sampled_from(INLINE)).format(words[place])
    if draw(st.integers(0, 3)) == 0:
        things = draw(st.sampled_from([EMPTY, SEEN, ("<br>", "<br><br>")]))
        # In front of a name, for there the second half reads like a sentence.
        names = [number for number, word in enumerate(sentence.split()) if word[0].isupper()]
        place = draw(st.one_of(st.sampled_from(names), st.integers(0, len(words))))
        words.insert(place, draw(st.sampled_from(things)))
    return draw(st.sampled_from([" ", "\n", "  "])).join(words)


@st.composite
def pages(draw: st.DrawFn) -> Written:
    """A page of some paragraphs, in blocks, with other things between them."""
    wrote: list[str] = []
    pieces = []
    for _ in range(draw(st.integers(3, 7))):
        own = draw(st.lists(sentences(), min_size=1, max_size=3, unique=True))
        wrote += own
        inside = " ".join(draw(marked_up(sentence)) for sentence in own)
        around = draw(
            st.sampled_from(
                [
                    "<p>{}</p>",
                    "<p>{}</p>",
                    "<div>{}</div>",
                    "<div><p>{}</p></div>",
                    "<blockquote>{}</blockquote>",
                    "<div hidden>{}</div>",
                    "{} ",
                ]
            )
        )
        pieces.append(around.format(inside))
        pieces += draw(st.lists(st.sampled_from([*BETWEEN, *SEEN, *EMPTY]), max_size=1))
    body = "".join(pieces)
    frame = draw(st.sampled_from(["<article>{}</article>", "<main><h1>What they did</h1>{}</main>", "<div>{}</div>"]))
    return Written(
        f"<!DOCTYPE html><html><head><title>A page</title></head><body>{frame.format(body)}</body></html>",
        frozenset(wrote),
    )


class Browser(HTMLParser):
    """What a reader sees of a page, and a mark where a line or a block ends. Written apart from the reader of pages."""

    VOID = frozenset({"br", "hr", "img", "wbr"})
    NEVER = frozenset({"script", "template", "title", "iframe", "head"})
    BLOCKS = frozenset(
        [
            "p",
            "div",
            "blockquote",
            "h1",
            "h2",
            "table",
            "tr",
            "td",
            "ul",
            "li",
            "figure",
            "figcaption",
            "aside",
            "hr",
            "br",
            "article",
            "main",
            "ins",
        ]
    )

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self._hidden: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in self.BLOCKS - {"ins"}:
            self.text += "\n"
        if tag not in self.VOID:
            self._hidden.append(tag in self.NEVER or "hidden" in held or "none" in (held.get("style") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS - {"ins"}:
            self.text += "\n"
        if tag not in self.VOID and self._hidden:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._hidden):
            self.text += " ".join(
                [*([""] if data[:1].isspace() else []), *data.split(), *([""] if data[-1:].isspace() else [])]
            )


def folded(text: str) -> str:
    return " ".join(text.split())


def quotable(page: str) -> list[str]:
    """What can be quoted from a page, as it would be shown; nothing, where the page is refused."""
    data = page.encode()
    try:
        held = extract(data, "a.html")
    except ArticleRejected:
        return []
    entry = build_entry(ReaderInput("a", "a.html", data, Sidecar(), held), built_in_rules())
    return [folded(entry.article.text[slice(*sentence.span)]) for sentence in entry.body_sentences]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(pages())
def test_what_is_quoted_stands_on_the_page_in_one_piece(page: Written) -> None:
    seen = folded(Browser(page.html).text)
    for quoted in quotable(page.html):
        assert quoted in seen


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(pages())
def test_no_half_of_a_sentence_is_quoted_and_no_two_as_one(page: Written) -> None:
    for quoted in quotable(page.html):
        for wrote in page.sentences:
            assert quoted == wrote or quoted not in wrote, "a part of a sentence"
            assert quoted == wrote or wrote not in quoted, "more than a sentence"
            first, last = " ".join(wrote.split()[:4]), " ".join(wrote.split()[-4:])
            assert quoted in page.sentences or not (quoted.startswith(first) or quoted.endswith(last)), "a glue of two"


@pytest.mark.parametrize(
    "body",
    [
        "<p>Liv left. <p>Rut saw Ann. Tor visited the ferry house with <br> Ida before the others came home.</p>",
        "<p>Tor visited the house with <p>Buy it now!</p> Ida before noon. Bo closed the dam of <br> Ida.</p>",
        "<blockquote>Per saw Jan of Harald Long in Lomma <div>Buy it now!</div> Valley. Nora closed it.</blockquote>",
        "<p>Liv sang. Rut visited the hall of Harald Long in Lomma</p><p>Valley.</p><p>Ann sang.</p>",
        "<div>Kai closed it with<img src='x'> Ann of Harald <div class='ad'>Buy!</div> Long in the Valley.</div>",
    ],
)
def test_a_name_at_a_break_begins_no_sentence(body: str) -> None:
    filler = "<p>The valley has three lakes, and the largest of them is used by everybody who lives there.</p>"
    found = quotable(f"<html><body><article>{filler}{body}{filler}</article></body></html>")
    assert not [quoted for quoted in found if quoted.startswith(("Ida", "Valley", "Long in")) or quoted[-1] not in ".!"]


def test_the_pages_are_mostly_read_and_quoted() -> None:
    counts: list[int] = []

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(pages())
    def count(page: Written) -> None:
        counts.append(len(set(quotable(page.html)) & page.sentences))

    count()
    assert sum(map(bool, counts)) > len(counts) / 2


def test_what_goes_on_after_a_picture_and_an_advertisement_is_no_sentence() -> None:
    """The short piece between the two is left out, and was taken for a label, after which a sentence may begin."""
    body = "<div>Ann praised a<img src='x' alt='a dog'> new road with <p>Advertisement</p> Per on a cold morning.</div>"
    after = "Nora inspected the ferry house with Ann before the others came home."
    assert quotable(f"<html><body><main><h1>What they did</h1>{body}<p>{after}</p></main></body></html>") == [after]
