"""Web pages: what is quoted stands on them, and what they state about themselves is taken from where they state it."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.models import Article, IndexedArticle, Origin, SentenceKind
from index.reading import read_article
from index.reading.html.extractor import decode_page

pytestmark = pytest.mark.usefixtures("in_this_process")

OPENING = "The dam was opened on Saturday by the governor, who said that the valley had waited for it for thirty years."
WATER = "It holds forty million cubic metres of water, and its turbines will supply twelve thousand households."
ENGINEERS = "Engineers from three countries worked on it for eleven years, through two floods and a strike."
FERRY = "The ferry across the lake, which had been laid up since the autumn, will run again from the first of May."
TWO_ARTICLES = (
    '<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "One"},'
    '{"@type": "NewsArticle", "headline": "Another"}]</script>'
)
FACTS = ("title", "url", "publisher", "author", "published")


def entry_of(page: str | bytes) -> IndexedArticle:
    return read_article("a.html", page.encode() if isinstance(page, str) else page, None, built_in_rules())


def body(entry: IndexedArticle) -> list[str]:
    return [" ".join(entry.article.text[slice(*sentence.span)].split()) for sentence in entry.body_sentences]


def page(inside: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{inside}</article></body></html>"


def facts(article: Article) -> dict[str, str]:
    return {name: fact.value for name in FACTS if (fact := getattr(article, name)) is not None}


def test_a_page_gives_its_paragraphs_and_none_of_what_stands_around_them() -> None:
    entry = entry_of(
        f"<html><body><nav><a href=/>Home</a> <a href=/n>News</a></nav><article><h1>A dam opens</h1><p>{OPENING}</p>"
        f"<figure><img src=x><figcaption>The dam. Photo: J. Doe</figcaption></figure><p>{WATER} {ENGINEERS}</p>"
        f"<h2>What comes next</h2><p>{FERRY}</p></article><aside><h3>Related</h3><a href=/x>Ten dams that failed</a>"
        "</aside><footer>© 2026 The Example. All rights reserved.</footer></body></html>"
    )
    assert body(entry) == [OPENING, WATER, ENGINEERS, FERRY]
    [headline] = [sentence for sentence in entry.sentences if sentence.kind is SentenceKind.HEADLINE]
    assert entry.article.text[slice(*headline.span)] == "A dam opens"
    assert facts(entry.article) == {"title": "A dam opens"}
    left_out = {entry.article.text[slice(*cut.span)] for cut in entry.exclusions}
    assert {"Home News", "The dam. Photo: J. Doe", "What comes next"} <= left_out


@pytest.mark.parametrize(
    "between",
    [
        '<div class="ad"></div>',
        '<div class="ad"><script>googletag.cmd.push(1)</script></div>',
        '<div class="ad">Advertisement</div>',
        "<div hidden>Buy now</div>",
        "<aside>Read also: Ten dams that failed</aside>",
        "<button>Share</button>",
        "<figure><figcaption>A lake</figcaption></figure>",
        "<ul><li>Ten dams that failed</li></ul>",
        "<ul><li><a href=/1>Ten dams that failed</a></li><li><a href=/2>Who is Ann Karlsson?</a></li></ul>",
        "<span><a href=/1>Ten dams that failed</a> <a href=/2>A bridge that never opened</a></span>",
    ],
)
@pytest.mark.parametrize("within", ["p", "div"])
def test_no_half_of_a_sentence_is_quoted_whatever_is_set_into_it(between: str, within: str) -> None:
    left, right = (
        "The White House",
        "science chief said so on Monday, and nobody in the valley asked him about it again.",
    )
    entry = entry_of(page(f"<p>{OPENING}</p><{within}>{left} {between} {right}</{within}><p>{FERRY}</p>"))
    whole = f"{left} {right}"
    assert {OPENING, FERRY} & set(body(entry))
    assert not [sentence for sentence in body(entry) if sentence in whole and sentence != whole]


def test_inline_marks_and_line_breaks_do_not_part_a_sentence() -> None:
    marked = OPENING.replace("governor", "<b>gov</b>ernor").replace(" who", "<br>who")
    entry = entry_of(page(f"<p>{marked}</p><p>{FERRY}</p>"))
    assert body(entry) == [OPENING, FERRY]


def test_what_the_page_hides_is_not_quoted() -> None:
    hidden = "Nobody who reads the page in a browser will ever see this sentence, long as it may be."
    for style in (
        "hidden",
        "popover",
        'role="tooltip"',
        'style="display:none"',
        'style="color:red; visibility: hidden"',
    ):
        assert hidden not in entry_of(page(f"<p>{OPENING}</p><p {style}>{hidden}</p><p>{FERRY}</p>")).article.text


def test_items_of_a_list_that_begin_with_small_letters_are_quoted() -> None:
    items = "<ul><li>the governor of the valley;</li><li>his brother, who built it;</li><li>the engineers.</li></ul>"
    listed = body(entry_of(page(f"<p>{OPENING}</p><p>They were all there:</p>{items}<p>{FERRY}</p>")))
    assert listed[-4:] == ["the governor of the valley;", "his brother, who built it;", "the engineers.", FERRY]


def test_a_page_without_an_article_is_refused() -> None:
    for inside in (
        "",
        "<nav><a href=/>Home</a></nav>",
        "<script>var a = 'text that is long enough to be one';</script>",
    ):
        with pytest.raises(ArticleRejected, match="No article was found"):
            entry_of(f"<html><body>{inside}</body></html>")


def test_facts_are_taken_from_where_a_page_states_them() -> None:
    head = """<title>A dam opens | The Example</title><meta property="og:site_name" content="The Example">
    <link rel="canonical" href="https://example.com/dam"><script type="application/ld+json">{"@context":
    "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Other"}, {"@type": "NewsArticle", "headline":
    "A dam &amp; a ferry", "author": [{"@type": "Person", "name": "Ann Karlsson"}, {"name": "Bo Ek"}],
    "datePublished": "2026-04-25T10:00:00Z"}]}</script>"""
    article = entry_of(page(f"<h1>A dam opens</h1><p>{OPENING} {WATER}</p>", head)).article
    assert facts(article) == {
        "title": "A dam & a ferry",
        "url": "https://example.com/dam",
        "publisher": "The Example",
        "author": "Ann Karlsson, Bo Ek",
        "published": "2026-04-25T10:00:00Z",
    }
    assert {getattr(article, name).origin for name in FACTS} == {Origin.HTML_METADATA}


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="/dam"><meta name="date" content="2026-04-25">',  # no URL, and any day
        '<link rel="canonical" href="javascript:alert(1)">',
        '<link rel="canonical" href="https://user:word@example.com/">',
        '<meta property="article:published_time" content="04/05/2026">',
        '<meta property="article:modified_time" content="2026-04-25">',
        '<meta name="author" content="https://facebook.com/ann">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>',
        TWO_ARTICLES,
        '<meta property="og:title" content="  ">',
    ],
)
def test_what_a_page_does_not_state_for_certain_is_not_recorded(head: str) -> None:
    article = entry_of(
        page(f"<p>{OPENING} {WATER}</p><p>Posted by somebody on 25 April 2026 in example.org.</p>", head)
    ).article
    assert facts(article) == {}


def test_of_several_articles_that_a_page_describes_the_one_with_its_address_is_meant() -> None:
    head = """<link rel="canonical" href="https://example.com/2"><script type="application/ld+json">
    [{"@type": "NewsArticle", "headline": "One", "url": "https://example.com/1"},
    {"@type": "NewsArticle", "headline": "Two", "mainEntityOfPage": {"@id": "https://example.com/2"}}]</script>"""
    assert facts(entry_of(page(f"<p>{OPENING} {WATER}</p>", head)).article)["title"] == "Two"


ANOTHER_STORY = """<link rel="canonical" href="https://example.com/dam"><script type="application/ld+json">{"@type":
"NewsArticle", "headline": "Other", "author": "Bo", "datePublished": "2020-01-01", "url": "%s"}</script>"""


def test_a_page_that_describes_another_story_does_not_take_its_facts() -> None:
    for url in ("https://example.com/ferry", "https://other.example/ferry.html"):
        article = entry_of(page(f"<p>{OPENING} {WATER}</p>", ANOTHER_STORY % url)).article
        assert facts(article) == {"url": "https://example.com/dam"}
    for url in ("https://example.com/dam/", "https://www.example.com/dam.html", "https://example.com/dam/amp", "/dam"):
        assert facts(entry_of(page(f"<p>{OPENING} {WATER}</p>", ANOTHER_STORY % url)).article)["author"] == "Bo"


@pytest.mark.parametrize("kind", ["Comment", "NewsArticle", "Person"])
def test_the_date_and_the_author_of_a_comment_or_of_another_story_are_not_the_articles(kind: str) -> None:
    stated = '<meta itemprop="author" content="Troll"><time itemprop="datePublished" datetime="2021-02-03">x</time>'
    other = f'<div itemscope itemtype="https://schema.org/{kind}">{stated}</div>'
    assert facts(entry_of(page(f"<p>{OPENING} {WATER}</p>{other}")).article) == {}
    own = (
        f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1>A dam</h1><p>{OPENING} {WATER}</p>{stated}</div>'
    )
    assert facts(entry_of(page(own)).article)["published"] == "2021-02-03"


CANONICAL = '<link rel="canonical" href="https://example.com/dam">'
OG = '<meta property="og:url" content="https://example.com/og">'
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "url": "https://example.com/ld"}</script>'
FRONT = '<link rel="canonical" href="https://example.com/">'


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (LD + OG + CANONICAL, "https://example.com/dam"),
        (OG, "https://example.com/og"),
        (LD, "https://example.com/ld"),
        (FRONT + OG, "https://example.com/og"),
        (FRONT, None),
        (FRONT.replace("com/", "com"), None),
        (OG.replace('og"', '"'), None),
        (f"<div></div>{CANONICAL}", None),
    ],
)
def test_a_page_in_a_file_is_cited_as_its_head_calls_it_but_never_by_a_front_page(head: str, url: str | None) -> None:
    assert facts(entry_of(page(f"<p>{OPENING} {WATER}</p>", head)).article).get("url") == url


def test_a_saved_page_says_where_it_was_saved_from() -> None:
    saved = "<!-- saved from url=(0023)https://example.com/dam -->"
    article = entry_of(page(f"<p>{OPENING} {WATER}</p>").replace("<html>", f"{saved}<html>")).article
    assert facts(article) == {"url": "https://example.com/dam"}


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("", "utf-8"),
        ("", "cp1252"),
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ('<meta charset="nonsense">', "utf-8"),
        ('<meta charset="iso-8859-15">', "utf-8"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_declares(head: str, codec: str) -> None:
    words = "Плотина" if codec == "cp1251" else "“Café” à Genève"
    assert words in decode_page(page(words, head).encode(codec), "a.html")


@pytest.mark.parametrize("element", ["plaintext", "xmp", "textarea", "title"])
def test_an_element_of_plain_text_holds_no_word_that_the_page_has_not(element: str) -> None:
    written = page(f"<p>{OPENING}</p><p>{WATER}</p><{element}>One </p>two.</{element}><p>{FERRY}</p>")
    text = entry_of(written).article.text
    assert "<br" not in text
    assert "data-" not in text


def test_a_sentence_that_leads_up_to_a_block_is_quoted_and_so_is_what_follows_the_block() -> None:
    entry = entry_of(page(f"<p>{OPENING[:-1]}, and wrote:</p><pre>print('dam')</pre><p>{WATER}</p><p>{FERRY}</p>"))
    assert body(entry) == [f"{OPENING[:-1]}, and wrote:", "print('dam')", WATER, FERRY]


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("In 2017<sup>2</sup> it held 10<sup><a href=#n>6</a></sup> metres", "In 2017² it held 10⁶ metres"),
        ("On the 21<sup>st</sup> its CO<sub>2</sub> was measured", "On the 21st its CO₂ was measured"),
        ("She said <q>the lake is full</q> and left", "She said “the lake is full” and left"),
        ("She said “<q>the lake is full</q>” and left", "She said “the lake is full” and left"),
        ("The lake was <wbr>not full, she said, and left", "The lake was not full, she said, and left"),
        ("<ruby>湖<rp>(</rp><rt>みずうみ</rt><rp>)</rp></ruby> is the lake", "湖 is the lake"),
    ],
)
def test_a_quotation_reads_as_the_page_does(written: str, quoted: str) -> None:
    rest = ", as the engineers of three countries wrote in their report on the dam to the governor."
    assert f"{quoted}{rest}" in body(entry_of(page(f"<p>{OPENING}</p><p>{written}{rest}</p><p>{FERRY}</p>")))


@pytest.mark.parametrize(
    "within",
    [
        "The dam is <s>five</s> four hundred metres long",
        "The dam was <del>closed on Monday</del><ins>opened on Saturday</ins> by the governor",
        "The pressure is <math><msup><mi>x</mi><mn>2</mn></msup></math> at the foot of the dam",
        'The pressure is <img alt="x^2" src=x> at the foot of the dam and its two towers',
        "The answer is <input value=42> percent of all of the water in the valley",
        "The White House <amp-ad>Buy now and save!</amp-ad> science chief of the valley",
        'The dam is <span style="text-decoration: line-through">five</span> four hundred metres long',
        'The White House <span class="ad">Buy now and save!</span> science chief of the valley',
        "The governor of the valley said that the lake was <source src=x>not full",
        "The governor of the valley said that the lake was <embed src=x>not full",
        'The report<span class="sr-only"> that is not there</span> was signed by the governor',
    ],
)
def test_a_sentence_with_something_in_it_that_is_none_of_its_words_is_not_quoted_without_it(within: str) -> None:
    rest = ", as the engineers of three countries wrote in their report on the dam to the governor."
    quoted = body(entry_of(page(f"<p>{OPENING}</p><p>{WATER}</p><p>{within}{rest}</p><p>{FERRY}</p>")))
    assert {OPENING, FERRY} <= set(quoted)
    assert not [sentence for sentence in quoted if sentence not in {OPENING, WATER, FERRY}]


@pytest.mark.parametrize("piece", [OPENING[:60], OPENING[24:], OPENING[24:90]])
@pytest.mark.parametrize("frame", ['<div class="x"><p>{}</p></div>', "<p>{}</p>", "<blockquote>{}</blockquote>"])
def test_a_piece_of_a_sentence_that_is_repeated_for_show_is_not_quoted(piece: str, frame: str) -> None:
    repeated = frame.format(piece)
    for inside in (f"<p>{OPENING}</p>{repeated}<p>{WATER}</p>", f"{repeated}<p>{WATER}</p><p>{OPENING}</p>"):
        quoted = body(entry_of(page(f"<h1>A dam opens</h1><p>{ENGINEERS}</p>{inside}<p>{FERRY}</p>")))
        assert [sentence for sentence in quoted if sentence in OPENING] in ([OPENING], [])
        assert FERRY in quoted


@pytest.mark.parametrize("between", ["", "<iframe src=x></iframe>", "<p></p><img src=x>"])
def test_a_sentence_that_paragraphs_cut_in_two_is_not_quoted_in_halves(between: str) -> None:
    cut = f"<p>It was the White House</p>{between}<p>science chief of the governor who said so on Monday.</p>"
    assert body(entry_of(page(f"<p>{OPENING}</p>{cut}<p>{FERRY}</p>"))) == [OPENING, FERRY]


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("a dark room helps (<a href=/s>2<span class=popup>Trusted</span></a>)", "a dark room helps (2)"),
        (
            "a dark room helps<sup><a href=#1>2</a><span class='note-popover'>See p. 4</span></sup>",
            "a dark room helps²",
        ),
        ("the <span class=tooltip>sluice<span class=tooltiptext>a gate</span></span> opens", "the sluice opens"),
        ("the <span>sluice<span role=tooltip>a gate</span></span> opens", "the sluice opens"),
        ("the <span>sluice<span class=x>a gate</span></span> opens", "the sluice opens"),
        ("the sluice<dialog>a gate</dialog> opens", "the sluice opens"),
        ("the <a href=/sluice>sluice</a><span class='hover-card'>a gate</span> opens", "the sluice opens"),
        (
            "Mayor <b><a href=/a>Ada</a><i></i><span><a href=/a>Ada</a><a href=/2>It burns</a></span></b> left",
            "Mayor Ada left",
        ),
        ("one study (<x-note source=y><a href=/s>2</a></x-note>) agrees", "one study (2) agrees"),
    ],
)
def test_a_sentence_with_a_popup_is_quoted_whole_and_without_the_popup(written: str, quoted: str) -> None:
    rest = ", as the engineers of three countries wrote in their report on the dam to the governor."
    entry = entry_of(
        page(f"<p>{OPENING}</p><p>{written}{rest}</p><p>{FERRY}</p>", "<style>.x { display: none }</style>")
    )
    assert body(entry) == [OPENING, f"{quoted}{rest}", FERRY]


@pytest.mark.parametrize(
    "within",
    [
        "the <a class='popup-link' href=/r>report of the governor</a> says",
        "the <em>long <span class='has-tooltip'>report of the governor</span></em> says",
        "the <span class=tooltip>report of the governor</span> says",
        "the <a href=/r>report <span aria-hidden=true>of the governor</span></a> says",
        "the <i><a href=/1>report of the governor</a> <a href=/2>of the province</a></i> says",
    ],
)
def test_words_that_only_resemble_a_popup_are_never_missing_from_a_quotation(within: str) -> None:
    rest = " so, and the engineers of three countries wrote it too in their report on the dam to the king."
    for quoted in body(entry_of(page(f"<p>{OPENING}</p><p>{WATER}</p><p>{within}{rest}</p><p>{FERRY}</p>"))):
        assert quoted in {OPENING, WATER, FERRY} or "report of the governor" in quoted


@pytest.mark.parametrize(
    "links",
    [
        "<ul><li><a href=/1><u>15 Pictures of Dams</u></a></li><li><a href=/2>Where the Ferry Lands</a></li></ul>",
        "<ol><li><a href=/1>How do I pay?</a></li><li><a href=/2>Who owns the dam?</a></li></ol>",
        "<p><a href=/1>A long history of the feuds about the dam</a></p>",
        "<p><strong><a href=/1>Who is Ann Karlsson?</a></strong></p>",
        "<p><a href=/1>15 Pictures of Dams</a><br><a href=/2>Here Is Where the Ferry Lands</a></p>",
        "<div><a href=/1><h4>Ten Dams</h4><p>They all failed in the spring of a wet year, it is said.</p></a></div>",
    ],
)
def test_the_headlines_of_other_articles_are_not_quoted(links: str) -> None:
    entry = entry_of(page(f"<h1>A dam</h1><p>{OPENING}</p><p>{WATER}</p>{links}<p>{FERRY}</p><p>{ENGINEERS}</p>"))
    assert body(entry) == [OPENING, WATER, FERRY, ENGINEERS]


@pytest.mark.parametrize(
    "written",
    [
        "<p><a href=/1>The council published its plan on Monday.</a></p>",
        "<ul><li>Bring <a href=/1>the form</a></li><li><a href=/2>A photo</a></li></ul>",
        "<ul><li><a href=mailto:a@b.c>a@b.c</a></li><li><a href=tel:55>555 555</a></li></ul>",
        "<p>The <a href=/1>governor</a> met the <a href=/2>queen</a> of the province on Monday.</p>",
        "<p>She met the <i><a href=/1>Democratic</a> <a href=/2>governor</a></i> of the province.</p>",
    ],
)
def test_links_that_are_the_article_are_no_list_of_links(written: str) -> None:
    entry = entry_of(page(f"<p>{OPENING}</p><p>{WATER}</p>{written}<p>{FERRY}</p>"))
    assert "page-links" not in {cut.rule for cut in entry.exclusions}


@pytest.mark.parametrize("before", [WATER, "She wrote on Monday about it:", "She wrote about it on her page"])
@pytest.mark.parametrize(
    "embed",
    [
        "<blockquote><p>We did it https://t.example/x</p>— Ann (@ann) <a href=/1>May 1</a></blockquote>",
        "<div><a href=/1>A LONG HISTORY OF THE FEUDS ABOUT THE DAM</a></div>",
        "<div>READ MORE <p><a href=/1>Ten dams that failed</a></p></div>",
        "<p>READ MORE</p>",
        "<figure><iframe src=x></iframe><figcaption>A view of the lake</figcaption></figure>",
    ],
)
def test_a_paragraph_after_something_embedded_is_quoted(before: str, embed: str) -> None:
    entry = entry_of(page(f"<p>{OPENING}</p><p>{before}</p>{embed}<p>{FERRY}</p><p>{ENGINEERS}</p>"))
    assert {OPENING, FERRY, ENGINEERS} <= set(body(entry))


def test_each_line_under_a_lead_in_is_quoted() -> None:
    lines = ["July 3, Aldham Market", "July 12, Brook Church and its garden", "August 1, Carrow", "August 9, Denby"]
    shown = "\n".join(
        body(entry_of(page(f"<p>{OPENING}</p><p>The choir sings here:<br>{'<br>'.join(lines)}</p><p>{FERRY}</p>")))
    )
    assert [line for line in lines if line not in shown] == []


def test_the_last_item_of_a_list_is_quoted_whatever_follows_it() -> None:
    items = "<ul><li>A passport</li><li>A photograph of the last year</li></ul><button>Share</button>"
    assert body(entry_of(page(f"<p>{OPENING}</p><p>Bring this:</p>{items}<p>{FERRY}</p>")))[-3:] == [
        "A passport",
        "A photograph of the last year",
        FERRY,
    ]
