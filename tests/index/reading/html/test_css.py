"""What a page's own style hides is not quoted, and what it shows is; whatever is hidden, no two words become one."""

from __future__ import annotations

import pytest

from index.errors import ArticleRejected
from index.reading.html.dom_blocks import page_blocks, parse_page
from tests.index.reading.html.test_extractor import ENGINEERS, FERRY, OPENING, WATER, body, entry_of, page
from tests.properties import one_in

pytestmark = pytest.mark.usefixtures("in_this_process")

HERE = "The council of the valley did <span {}>not</span> agree to the dam, said the governor on Monday evening."
SHOWN = "The council of the valley did not agree to the dam, said the governor on Monday evening."
READ = "The council of the valley did agree to the dam, said the governor on Monday evening."


def here(attributes: str) -> str:
    """A paragraph with an element of these attributes in it."""
    return f"<p>{HERE.format(attributes)}</p>"


def styled(style: str) -> str:
    """The attribute that declares this."""
    return f'style="{style}"'


def texts(inside: str, sheet: str = "") -> list[str]:
    """The blocks that can be seen of a page."""
    return [block.text for block in page_blocks(parse_page(page(inside, f"<style>{sheet}</style>"), "a.html"))]


INLINE = [
    "display:none",
    "DISPLAY : None",
    "display:none!important",
    "display:/**/none",
    "display:none ! important;display:inline",
    "d\\69splay:none",
    "color:red;;display:none;",
    "background:url(a;b);display:none",
    "content:'}';display:none",
    "visibility:hidden",
    "visibility: collapse",
    "opacity:0",
    "opacity:0.00",
    "opacity:0%",
    "color:transparent",
    "color:#0000",
    "color:#ffffff00",
    "color:rgba(0,0,0,0)",
    "color:rgb(0 0 0 / 0%)",
    "font-size:0",
    "font-size:1px",
    "font-size:.1em",
    "font-size:1pt",
    "font-size:0.05rem",
    "font-size:3%",
    "font:0/0 a",
    "position:absolute;left:-9999px",
    "position:absolute;left:-999em",
    "position:absolute;top:-100vh",
    "position:fixed;right:-300cm",
    "position:relative;left:-9e3px",
    "position:absolute;left:9999px",
    "position:absolute;clip:rect(0 0 0 0)",
    "position:absolute;clip:rect(1px,1px,1px,1px)",
    "display:inline-block;height:0;overflow:hidden",
    "display:block;width:1px;height:1px;overflow:hidden",
    "float:left;max-height:0;overflow-y:hidden",
]


@pytest.mark.parametrize("style", one_in(3, INLINE))
def test_text_that_no_reader_sees_is_not_quoted(style: str) -> None:
    assert texts(here(styled(style))) == [READ]
    assert texts(here("class=x"), f".x{{{style}}}") == [READ]
    entry = entry_of(page(f"<p>{OPENING}</p><p>{WATER}</p><p {styled(style)}>{ENGINEERS}</p><p>{FERRY}</p>"))
    assert body(entry) == [OPENING, WATER, FERRY]
    assert ENGINEERS not in entry.article.text


@pytest.mark.parametrize(
    "style",
    [
        "dis/**/play:none",
        "display:none;display:inline",
        "display:inline!important;display:none",
        "--display:none",
        "content:'display:none'",
        "background:url(x;display:none)",
        "visibility:visible",
        "opacity:1",
        "opacity:.9",
        "color:#000",
        "color:rgb(0,0,0)",
        "color:rgb(0% 0% 100%)",
        "color:var(--ink)",
        "background:#000;color:#fff",
        "background:url(a.png)",
        "width:calc(100% - 20px);overflow:hidden",
        "margin:0 calc(-1 * 15px)",
        "font-size:clamp(1rem, 2vw + .5rem, 3rem)",
        "animation:none",
        "font-size:10px",
        "font-size:.8em",
        "font-size:small",
        "font:bold 12px/1 a",
        "left:-3px",
        "position:relative;top:-1px",
        "margin:0 -15px",
        "height:1px",
        "overflow:hidden",
        "clip-path:none",
        "transform:scale(1)",
        "max-height:none;overflow:hidden",
    ],
)
def test_what_a_reader_sees_stays_whatever_its_style(style: str) -> None:
    assert texts(here(styled(style))) == [SHOWN]
    assert texts(here("class=x"), f".x{{{style}}}") == [SHOWN]


DOUBTFUL = [
    "left:-9999px",
    "height:0;overflow:hidden",
    "text-indent:-9999px",
    "clip:rect(0,0,0,0)",
    "display:none;display:nonsense",
    "content-visibility:hidden",
    "display:block;text-indent:-9999px",
    "display:inline-block;margin-left:-9999px",
    "display:block;margin:-9999px 0 0",
    "display:block;text-indent:100%;overflow:hidden;white-space:nowrap",
    "clip-path:inset(50%)",
    "clip-path:inset(0 0 99.9% 99.9%)",
    "clip-path:circle(0)",
    "clip-path:polygon(0 0,0 0,0 0)",
    "display:inline-block;transform:scale(0)",
    "display:inline-block;transform:translateX(-9999px)",
    "clip-path:inset(0 0 10% 0)",
    "color:transparent;-webkit-background-clip:text",
    "color:yellow",
    "color:color-mix(in srgb, red, blue)",
    "color:white",
    "background:#000",
    "display:var(--shown)",
    "opacity:calc(1 - .99)",
    "opacity:env(dim)",
    "display:inline-block;scale:0",
    "filter:opacity(0)",
    "mask:url(#m)",
    "inset-inline-start:-3000px",
    "margin-left:-100%",
    "-webkit-text-fill-color:white",
    "mix-blend-mode:screen",
    "all:unset",
    "display:inline-block;line-height:0;overflow:hidden",
]
"""Styles that may hide, as far as the reader knows."""


@pytest.mark.parametrize("style", one_in(3, DOUBTFUL))
def test_what_a_style_may_hide_is_quoted_neither_with_it_nor_without(style: str) -> None:
    inside = f"<p>{OPENING}</p><p>{WATER}</p>{here(styled(style))}<p>{FERRY}</p>"
    assert body(entry_of(page(inside))) == [OPENING, WATER, FERRY]


@pytest.mark.parametrize(
    "sheet",
    [
        "@media (max-width:600px){.x{display:none}}",
        "@media (prefers-color-scheme:dark){.x{color:#fff}}",
        "@supports (display:grid){.x{display:none}}",
        "@container (width > 1px){.x{display:none}}",
        "@scope (article){.x{display:none}}",
        "@future{.x{display:none}}",
        ".x:future{display:none}",
        ".x:future(1){display:none}",
        ".x:nth-child(first){display:none}",
        ".x,::future{display:none}",
        "span[class|x]{display:none}",
        "@media print{.x{display:none}}@media (width>1px){.x{display:none}}",
        ".x{display:none}@media (width>1px){.x{display:inline}}",
        "@keyframes a{to{opacity:0}}.x{animation:a 1s forwards}",
        ".x::first-line{font-size:0}",
    ],
)
def test_what_a_rule_may_hide_is_quoted_neither_with_it_nor_without(sheet: str) -> None:
    inside = f"<p>{OPENING}</p><p>{WATER}</p>{here('class=x')}<p>{FERRY}</p>"
    assert body(entry_of(page(inside, f"<style>{sheet}</style>"))) == [OPENING, WATER, FERRY]


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{display:none}",
        "#i{display:none}",
        "span{display:none}",
        "SPAN.x{display:none}",
        "p .x{display:none}",
        "p>.x{display:none}",
        "article p > span{display:none}",
        "body .x.y{display:none}",
        "[data-a]{display:none}",
        "span[data-a='b c']{display:none}",
        "[data-a^=b]{display:none}",
        "p :not(b){display:none}",
        ":root .x{display:none}",
        "b + .x, p > span:nth-of-type(1){display:none}",
        "span:is(.x, .z):where(#i){display:none}",
        "p:has(> .x) span{display:none}",
        "p span:not(.z, .w){display:none}",
        "span:nth-child(1 of .x){display:none}",
        "[data-a='B C' i]{display:none}",
        "p{span{display:none}}",
        "p{.x&{display:inline} & > .x{display:none}}",
        ".x:not(:hover){display:none}",
        ":root{--a:none}.x{display:var(--a)}",
        ".x{display:var(--a, none)}",
        "@layer a,b;@layer b{.x{display:none}}@layer a{#i{display:inline}}",
        "@layer a{.x{display:none!important}}#i{display:inline!important}",
        "a,.x , b{display:none}",
        "a:hover,.x{display:none}",
        "/* why */.x/**/{display:none}",
        "<!-- .x{display:none} -->",
        "@charset 'x';@import 'a{b';.x{display:none}",
        "@media screen{.x{display:none}}",
        "@media only screen, print{.x{display:none}}",
        "@layer a;@layer b{@media all{.x{display:none}}}",
        "@font-face{src:url(a)}.x{display:none}",
        "@media print{a{b:c}}.x{display:none}",
        ".a{b:c;.n{d:e}f:g}.x{display:none}",
        ".x{display:inline}.x{display:none}",
        ".x.y{display:none}.x{display:inline}",
        ".x{display:none!important}#i{display:inline}",
        ".\\78{display:none}",
        ".x{display:none",
    ],
)
def test_a_style_sheet_of_the_page_hides_what_it_is_for(sheet: str) -> None:
    assert texts(here('class="x y" id=i data-a="b c"'), sheet) == [READ]


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print{.x{display:none}}",
        "@keyframes a{from{visibility:hidden}}",
        ".x:hover,.x:focus{display:none}",
        ".x:target{opacity:.1}",
        ".x::before{display:none}",
        ".x::-webkit-scrollbar,.x::part(a){display:none}",
        "b + .x{display:none}",
        ".x:nth-of-type(2){display:none}",
        "p:has(b) .x{display:none}",
        "@layer a{.x{display:none}}.x{display:inline}",
        "@keyframes a{from{opacity:.5}}.x{animation:b 1s}",
        ".x{--a:none;display:inline}",
        "p:hover .x{display:none}",
        ".X{display:none}",
        ".z .x{display:none}",
        "article > .x{display:none}",
        ".x:not(.y){display:none}",
        ".x{display:none}.y{display:inline}",
        ".x{display:none}#i{display:inline!important}.x{display:none}",
        ".x{a:'}.y{display:none}'}",
        "/*.x{display:none}*/",
    ],
)
def test_a_style_sheet_hides_nothing_else(sheet: str) -> None:
    assert texts(here('class="x y" id=i'), sheet) == [SHOWN]


@pytest.mark.parametrize("attributes", ["media=print", "type=text/template"])
def test_a_sheet_that_is_not_for_the_screen_hides_nothing(attributes: str) -> None:
    sheet = f"<style {attributes}>.x{{display:none}}</style><noscript><style>.x{{display:none}}</style></noscript>"
    assert texts(f"{sheet}{here('class=x')}") == [SHOWN]


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("visibility:hidden", "visibility:visible"),
        ("font-size:0", "font-size:16px"),
        ("font-size:0", "font-size:1rem"),
        ("color:transparent", "color:#333"),
    ],
)
def test_what_a_child_shows_again_is_read_and_the_rest_is_not(outer: str, inner: str) -> None:
    inside = f"<div style='{outer}'>not <b>this</b> <p style='{inner}'>{OPENING}</p> nor this</div>"
    assert texts(inside) == [OPENING]


def test_the_attribute_hides_unless_the_style_shows() -> None:
    assert texts(here("hidden")) == [READ]
    assert texts(here("hidden class=x"), ".x{display:inline}") == [SHOWN]


@pytest.mark.parametrize(
    "style", ["display:block", "display:flex", "display: table-row", "display:list-item", "position:absolute"]
)
def test_what_a_style_makes_blocks_is_read_as_blocks(style: str) -> None:
    inside = "<div><span>one</span><span>two</span></div>"
    assert texts(inside, f"span{{{style}}}") == ["one", "two"]
    assert texts(inside) == ["onetwo"]


def test_what_is_laid_out_piece_by_piece_is_read_so() -> None:
    assert texts("<div style='display:flex'><span>one</span><b>two</b></div>") == ["one", "two"]


def test_a_large_first_letter_is_part_of_its_word() -> None:
    letter = "<span style='float:left;display:block;font-size:3em'>T</span>"
    assert texts(f"<p>{OPENING.replace('T', letter, 1)}</p>") == [OPENING]


def test_what_a_sheet_strikes_out_is_not_quoted() -> None:
    inside = f"<p>{OPENING}</p><p>{WATER}</p>{here('class=x')}<p>{FERRY}</p>"
    quoted = body(entry_of(page(inside, "<style>.x{text-decoration:line-through}</style>")))
    assert quoted == [OPENING, WATER, FERRY]


def test_a_page_whose_style_hides_its_article_is_refused_with_the_reason() -> None:
    inside = f"<div class=body><p>{OPENING}</p><p>{WATER}</p><p>{FERRY}</p></div>"
    for sheet in (".body{display:none}", "body{opacity:0}", "html{visibility:hidden}"):
        with pytest.raises(ArticleRejected, match="hides its article with CSS"):
            entry_of(page(inside, f"<style>{sheet}</style>"))
    shown = page(inside, "<style>.body{opacity:0}.body{opacity:1}</style>")
    assert body(entry_of(shown)) == [OPENING, WATER, FERRY]


MANY = "".join(f".c{number} p, #x .y{number}>a{{display:none;margin:0 auto}}" for number in range(15_000))
LARGE = {
    "rules": MANY,
    "rules for one thing": "".join(f"div p{{left:{number}px}}" for number in range(50_000)),
    "braces": "{" * 500_000,
    "brackets": "([" * 250_000,
    "groups": "@media screen{" * 35_000,
    "selectors": f"a{',a' * 250_000}{{display:none}}",
    "backslashes": "\\" * 500_000,
    "quotation marks": "'\n" * 250_000,
    "stars": "*" * 500_000 + "{display:none}",
    "comments": "/*" * 250_000,
    "addresses": "url(" * 125_000,
    "negations": f"{':not(' * 100_000}{{display:none}}",
    "elements in each other": f"{'p ' * 250_000}{{display:none}}",
    "declarations": f"p{{{'display:none;' * 35_000}display:block}}",
}


def test_small_type_above_normal_type_hides_no_paragraph_that_says_its_own() -> None:
    inside = f"<div class=a><p>{OPENING}</p></div>"
    for sheet in (
        ".a{color:#fff}p{color:#222}",
        ".a{font-size:0}p{font-size:1rem}",
        ".a{line-height:0}p{line-height:1.4}",
    ):
        assert texts(inside, sheet) == [OPENING]


def test_colours_are_compared_as_they_are_together() -> None:
    dark = "body{color:#000;background:#fff}@media (prefers-color-scheme:dark){body{color:#fff;background:#000}}"
    paragraphs = f"<p>{OPENING}</p><p>{WATER}</p><p>{FERRY}</p>"
    assert body(entry_of(page(paragraphs, f"<style>{dark}</style>"))) == [OPENING, WATER, FERRY]


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_style_sheet_is_read(name: str) -> None:
    assert texts(f"<p>{OPENING}</p>" * 2000, LARGE[name]) == [OPENING] * 2000
