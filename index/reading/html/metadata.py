"""Metadata that a page states: JSON-LD, OpenGraph, meta elements, canonical link.

Nothing is inferred: no date from a URL, no author from the text, no site name from a host.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import regex

from index.models import MetadataField, Origin
from index.reading.fields import clean_date, clean_language, clean_line, clean_url, join_names

# https://schema.org/Article, its subtypes, and the types that blogs and newswires use.
ARTICLE = regex.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|\w*BlogPosting|SocialMediaPosting|LiveBlogPosting|Report)"
)
WEB_PAGE = regex.compile(r"(?:https?://schema\.org/)?(?:\w*WebPage|WebSite)")
TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
PUBLISHERS = ("og:site_name", "citation_publisher", "citation_journal_title", "dc.publisher", "dcterms.publisher")
AUTHORS = ("author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
LANGUAGES = ("dc.language", "dcterms.language", "content-language", "og:locale")
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
"""Names of the publication date. A bare `date` may be any date."""
LABEL = regex.compile(r"^by\s+", regex.IGNORECASE)
LINK = regex.compile(r"^(?:https?:)?//|^www\.|@", regex.IGNORECASE)
YEAR_FIRST = regex.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$")
# The comment that browsers write at the top of a page that they save.
SAVED_FROM = regex.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S+?)\s*-->")
SAVED_WITHIN = 4096
NESTED = 6
Tree = Any
Json = Any


def page_metadata(tree: Tree, page: str) -> dict[str, MetadataField]:
    """Return the metadata fields that a page states, with their origin; `page` is its source."""
    metas = dict(_metas(tree))
    links = _canonical(tree)
    og = metas.get("og:url", ())
    stated = _of_the_page(list(_articles(tree)), {*links, *og})
    saved = SAVED_FROM.findall(page[:SAVED_WITHIN])
    found = {
        "title": _first(_line, [stated.get("headline")], *(metas.get(name, ()) for name in TITLES)),
        "url": _first(_own_url, links, og, _addresses(stated)) or _first(clean_url, saved),
        "publisher": _first(_line, _names(stated.get("publisher")), *(metas.get(name, ()) for name in PUBLISHERS)),
        "author": _people(_names(stated.get("author"))) or _first_people(metas),
        "published": _first(_day, [stated.get("datePublished")], *(metas.get(name, ()) for name in DATES)),
        "language": _first(
            clean_language,
            [stated.get("inLanguage"), tree.get("lang"), tree.get("xml:lang")],
            *(metas.get(name, ()) for name in LANGUAGES),
        ),
    }
    return {
        name: MetadataField(value=value, origin=Origin.HTML_METADATA)
        for name, value in found.items()
        if value is not None
    }


def _metas(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """Yield the contents of meta elements, and publication dates of time elements, by lower-case name."""
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
    """Whether a microdata property (https://schema.org/docs/gs.html) belongs to the page or its article.

    Readers' comments and teasers of other stories have dates and authors too.
    """
    item = next((above for above in element.iterancestors() if "itemscope" in above.attrib), None)
    if item is None or WEB_PAGE.fullmatch(item.get("itemtype", "").strip()):
        return True
    is_article = ARTICLE.fullmatch(item.get("itemtype", "").strip()) is not None
    return is_article and any(each.tag == "h1" or each.get("itemprop") == "articleBody" for each in item.iter())


def canonical_link(tree: Tree) -> str | None:
    """Return the canonical URL in a page's head, resolved against its base; None unless there is exactly one.

    Links in the body do not count: readers' comments and other people's text are there.
    """
    base = next((element.get("href") for element in tree.iterfind("head/base") if element.get("href")), "")
    links = {link.strip() for link in _canonical(tree)}
    try:
        return urljoin(base, links.pop()) if len(links) == 1 else None
    except ValueError:  # malformed IPv6 address
        return None


def _canonical(tree: Tree) -> list[str]:
    return [
        element.get("href")
        for element in tree.iterfind("head/link")
        if "canonical" in element.get("rel", "").lower().split() and element.get("href", "").strip()
    ]


def page_title(tree: Tree) -> MetadataField | None:
    """Return the page's `title` element: often the headline and the site's name."""
    title = _first(_line, [element.text_content() for element in tree.iter("title")][:1])
    return MetadataField(value=title, origin=Origin.HTML_METADATA) if title else None


# ---- JSON-LD ---------------------------------------------------------------------------------------------------------


def _articles(tree: Tree) -> Iterator[dict[str, Json]]:
    """Yield the articles in a page's JSON-LD."""
    for script in tree.iter("script"):
        if script.get("type", "").split(";")[0].strip().lower() == "application/ld+json" and script.text:
            try:
                yield from _articles_in(json.loads(script.text, strict=False))
            except (ValueError, RecursionError):
                continue


def _articles_in(held: Json, depth: int = 0) -> Iterator[dict[str, Json]]:
    """Yield the articles in a graph or list, but not those that an article refers to."""
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
    """Return the page's own article: the only one, or the one with the page's URL; empty if uncertain."""
    if len(articles) == 1:
        return {} if _is_elsewhere(articles[0], addresses) else articles[0]
    its = [article for article in articles if addresses & set(_addresses(article))]
    return its[0] if len(its) == 1 else {}


def _is_elsewhere(article: dict[str, Json], addresses: set[str]) -> bool:
    """Whether the URLs of article and page differ: then it is a teaser of another story.

    Only the last path segments are compared, as hosts, languages and mobile versions differ.
    """
    own, of_page = ({part for each in some if (part := _last_part(each))} for some in (_addresses(article), addresses))
    return bool(own and of_page) and not own & of_page


def _last_part(address: str) -> str | None:
    """Return the last path segment that identifies the page, without suffix; None if there is none."""
    if clean_url(address) is None:
        return None
    parts = [part for part in urlsplit(address).path.lower().split("/") if part not in {"", "amp"}]
    return parts[-1].partition(".")[0] if parts else None


def _addresses(article: dict[str, Json]) -> list[str]:
    of_page = article.get("mainEntityOfPage")
    found = [article.get("url"), of_page.get("@id") if isinstance(of_page, dict) else of_page, article.get("@id")]
    return [address for address in found if isinstance(address, str)]


def _names(things: Json) -> list[str]:
    """Return the names of people or organizations, given as strings, objects or lists."""
    names = [thing.get("name") if isinstance(thing, dict) else thing for thing in _listed(things)]
    return [each for name in names for each in _listed(name) if isinstance(each, str)]


def _listed(things: Json) -> list[Json]:
    return things if isinstance(things, list) else [things]


# ---- values ----------------------------------------------------------------------------------------------------------


def _first(read: Callable[[Json], str | None], *places: Iterable[Json]) -> str | None:
    """Return the first reliable value."""
    return next((value for place in places for written in place if (value := read(written)) is not None), None)


def _own_url(written: Json) -> str | None:
    """Return an absolute URL, but no front page, which templates state for every page by mistake."""
    url = clean_url(written)
    parts = urlsplit(url) if url else None
    return url if parts and (parts.path.strip("/") or parts.query) else None


def _line(written: Json) -> str | None:
    """Return a line of text with character references resolved."""
    return clean_line(html.unescape(written)) if isinstance(written, str) else None


def _day(written: Json) -> str | None:
    """Return an ISO 8601 date, with or without time; None for other notations, as 04/05/2026 is ambiguous."""
    if not isinstance(written, str):
        return None
    return clean_date(
        YEAR_FIRST.sub(lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", written.strip())
    )


def _first_people(metas: dict[str, list[str]]) -> str | None:
    return next((people for name in AUTHORS if (people := _people(metas.get(name, [])))), None)


def _people(written: Iterable[str]) -> str | None:
    """Join the names with commas, without URLs and addresses."""
    lines = (LABEL.sub("", line) for each in written if (line := _line(each)))
    return join_names(line for line in lines if line and not LINK.search(line))
