"""What a page states about itself in places made for it: JSON-LD, OpenGraph, meta elements, its canonical link.

Nothing is inferred: no date out of an address, no author out of the text, no site's name out of a host.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import regex

from index.models import Fact, Origin
from index.reading.fields import day_of, line_of, names_of, url_of

# https://schema.org/Article and its kinds, and what blogs and newswires call theirs.
ARTICLE = regex.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|SocialMediaPosting|LiveBlogPosting|Report)"
)
WEB_PAGE = regex.compile(r"(?:https?://schema\.org/)?(?:\w*WebPage|WebSite)")
TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
PUBLISHERS = ("og:site_name", "citation_publisher", "citation_journal_title", "dc.publisher", "dcterms.publisher")
AUTHORS = ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
DATES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "publish-date",
)
"""What says when an article was published. A bare `date` may be any day."""
LABEL = regex.compile(r"^by\s+", regex.IGNORECASE)
LINK = regex.compile(r"^(?:https?:)?//|^www\.|@", regex.IGNORECASE)
YEAR_FIRST = regex.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
# What browsers put in front of a page that they save.
SAVED_FROM = regex.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
SAVED_WITHIN = 4096
NESTED = 6
Tree = Any
Json = Any


def page_facts(tree: Tree, page: str) -> dict[str, Fact]:
    """The facts of record that a page states, each with its origin; those it does not state are not there.

    Args:
        tree: the page's tree.
        page: the page as it was written.
    """
    metas = dict(_metas(tree))
    links = _canonical(tree)
    og = metas.get("og:url", ())
    stated = _of_the_page(list(_articles(tree)), {*links, *og})
    saved = SAVED_FROM.findall(page[:SAVED_WITHIN])
    found = {
        "title": _first(_line, [stated.get("headline")], *(metas.get(name, ()) for name in TITLES)),
        "url": _first(_own_url, links, og, _addresses(stated)) or _first(url_of, saved),
        "publisher": _first(_line, _names(stated.get("publisher")), *(metas.get(name, ()) for name in PUBLISHERS)),
        "author": _people(_names(stated.get("author"))) or _first_people(metas),
        "published": _first(_day, [stated.get("datePublished")], *(metas.get(name, ()) for name in DATES)),
    }
    return {name: Fact(value=value, origin=Origin.HTML_METADATA) for name, value in found.items() if value is not None}


def _metas(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """The contents of the meta elements by their lower-case names, in order."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        for attribute in ("property", "name", "itemprop"):
            if content and (name := element.get(attribute)) and (attribute != "itemprop" or _is_of_the_page(element)):
                metas.setdefault(name.strip().lower(), []).append(content)
    for element in tree.iter("time"):
        named = element.get("itemprop", "").lower() == "datepublished" and element.get("datetime")
        if named and _is_of_the_page(element):
            metas.setdefault("datepublished", []).append(element.get("datetime"))
    yield from metas.items()


def _is_of_the_page(element: Tree) -> bool:
    """Whether an item's property (https://schema.org/docs/gs.html, microdata) is the page's or its article's.

    A reader's comment and the card of another story have dates and authors too.
    """
    item = next((above for above in element.iterancestors() if "itemscope" in above.attrib), None)
    if item is None or WEB_PAGE.fullmatch(item.get("itemtype", "").strip()):
        return True
    is_article = ARTICLE.fullmatch(item.get("itemtype", "").strip()) is not None
    return is_article and any(each.tag == "h1" or each.get("itemprop") == "articleBody" for each in item.iter())


def canonical_link(tree: Tree) -> str | None:
    """What a page's head names as its canonical URL, as it is written, from its base; None where it names several.

    A link in the body is none: readers' comments stand there, and what others wrote.
    """
    base = next((element.get("href") for element in tree.iterfind("head/base") if element.get("href")), "")
    links = {link.strip() for link in _canonical(tree)}
    try:
        return urljoin(base, links.pop()) if len(links) == 1 else None
    except ValueError:  # of an address in brackets that cannot be parted
        return None


def _canonical(tree: Tree) -> list[str]:
    return [
        element.get("href")
        for element in tree.iterfind("head/link")
        if "canonical" in element.get("rel", "").lower().split() and element.get("href", "").strip()
    ]


def page_title(tree: Tree) -> Fact | None:
    """What the page's window is called: often the headline and the site's name."""
    title = _first(_line, [element.text_content() for element in tree.iter("title")][:1])
    return Fact(value=title, origin=Origin.HTML_METADATA) if title else None


# ---- JSON-LD ---------------------------------------------------------------------------------------------------------


def _articles(tree: Tree) -> Iterator[dict[str, Json]]:
    """The articles that a page's JSON-LD describes."""
    for script in tree.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() == "application/ld+json" and script.text:
            try:
                yield from _articles_in(json.loads(script.text, strict=False))
            except (ValueError, RecursionError):
                continue


def _articles_in(held: Json, depth: int = 0) -> Iterator[dict[str, Json]]:
    """The articles in a graph or a list; not those that one refers to."""
    if depth > NESTED:
        return
    if isinstance(held, list):
        for each in held:
            yield from _articles_in(each, depth + 1)
    elif isinstance(held, dict):
        kinds = held.get("@type")
        if any(
            isinstance(kind, str) and ARTICLE.fullmatch(kind)
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            yield held
        else:
            yield from _articles_in([held.get("@graph"), held.get("mainEntity")], depth + 1)


def _of_the_page(articles: list[dict[str, Json]], addresses: set[str]) -> dict[str, Json]:
    """The article that the page is; of several, the one with the page's address; nothing where that is not certain."""
    if len(articles) == 1:
        return {} if _is_elsewhere(articles[0], addresses) else articles[0]
    its = [article for article in articles if addresses & set(_addresses(article))]
    return its[0] if len(its) == 1 else {}


def _is_elsewhere(article: dict[str, Json], addresses: set[str]) -> bool:
    """Whether an article and the page both state where they are, and that is not the same: a teaser of another story.

    Only the last parts of their paths are compared: hosts, languages and the versions for phones differ.
    """
    own, of_page = ({part for each in some if (part := _last_part(each))} for some in (_addresses(article), addresses))
    return bool(own and of_page) and not own & of_page


def _last_part(address: str) -> str | None:
    """The last part of a URL's path that says which page it is, without its ending; None where there is none."""
    if url_of(address) is None:
        return None
    parts = [part for part in urlsplit(address).path.lower().split("/") if part not in {"", "amp"}]
    return parts[-1].partition(".")[0] if parts else None


def _addresses(article: dict[str, Json]) -> list[str]:
    of_page = article.get("mainEntityOfPage")
    found = [article.get("url"), of_page.get("@id") if isinstance(of_page, dict) else of_page, article.get("@id")]
    return [address for address in found if isinstance(address, str)]


def _names(things: Json) -> list[str]:
    """The names of people or organizations, however they are written."""
    names = [thing.get("name") if isinstance(thing, dict) else thing for thing in _listed(things)]
    return [each for name in names for each in _listed(name) if isinstance(each, str)]


def _listed(things: Json) -> list[Json]:
    return things if isinstance(things, list) else [things]


# ---- values ----------------------------------------------------------------------------------------------------------


def _first(read: Callable[[Json], str | None], *places: Iterable[Json]) -> str | None:
    """The first value that can be relied on."""
    return next((value for place in places for written in place if (value := read(written)) is not None), None)


def _own_url(written: Json) -> str | None:
    """An absolute URL; not that of a site's front page, which templates name for every page by mistake."""
    url = url_of(written)
    parts = urlsplit(url) if url else None
    return url if parts and (parts.path.strip("/") or parts.query) else None


def _line(written: Json) -> str | None:
    """A line of text, character references in it resolved."""
    return line_of(html.unescape(written)) if isinstance(written, str) else None


def _day(written: Json) -> str | None:
    """An ISO 8601 date or moment; of any other writing none, for 04/05/2026 is two days."""
    if not isinstance(written, str):
        return None
    return day_of(YEAR_FIRST.sub(lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", written.strip()))


def _first_people(metas: dict[str, list[str]]) -> str | None:
    return next((people for name in AUTHORS if (people := _people(metas.get(name, [])))), None)


def _people(written: Iterable[str]) -> str | None:
    """The names, with commas between; what is an address and no name is left out."""
    lines = (LABEL.sub("", line) for each in written if (line := _line(each)))
    return names_of(line for line in lines if line and not LINK.search(line))
