"""Links to other pages that are no part of a sentence: their texts are the headlines of other articles."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.reading.html.css import BLOCKS
from index.reading.html.inline import Element

ADDRESS = regex.compile(r"\s*(?:mailto|tel|sms):", regex.IGNORECASE)
WORD = regex.compile(r"[\p{L}\p{N}]")
LISTS = frozenset({"ul", "ol", "menu", "nav"})
FRAMES = frozenset({"html", "body", "main", "article"})
"""Blocks around the whole article."""
ITEMS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th"})
"""Blocks that may be nothing but a link and yet belong to the article: a list of links is left out as a whole."""
STOPPED = regex.compile(r"(?![?!…؟？！])\p{STerm}[\p{Pe}\p{Pf}\p{Pi}\"']*\s*$")
MANY, HEADLINE_WORDS = 3, 4


def links_alone(tree: Element) -> set[Element]:
    """Return the elements that are nothing but links to other pages: lists, paragraphs, boxes within a sentence.

    A paragraph that is one link may be a sentence: then it ends with a full stop.
    """
    mixed = _with_other_words(tree)
    found: set[Element] = set()
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if element in mixed or element.tag in FRAMES:
            waiting += [child for child in element.iterchildren("*") if not _is_link(child)]
        elif element.tag not in ITEMS and _is_list_of_links(element):
            found.add(element)
    return found


def _is_list_of_links(element: Element) -> bool:
    links = ["".join(link.itertext()) for link in element.iter("a") if _is_link(link)]
    links = [link for link in links if WORD.search(link)]
    if element.tag in LISTS:
        return len(links) > 1
    if element.tag in BLOCKS:
        return len(links) > 1 or (len(links) == 1 and (not STOPPED.search(links[0]) or _has_block_link(element)))
    headlines = [link for link in links if len(link.split()) >= HEADLINE_WORDS]
    return bool(headlines) and (len(links) >= MANY or len(headlines) > 1)


def _has_block_link(element: Element) -> bool:
    """Whether a link holds blocks, as the teaser of another article does."""
    return any(inner.tag in BLOCKS for link in element.iter("a") for inner in link.iter("*"))


def _is_link(element: Element) -> bool:
    return element.tag == "a" and "href" in element.attrib and not ADDRESS.match(element.attrib["href"])


def _with_other_words(tree: Element) -> set[Element]:
    """Return the elements with words that are not in a link."""
    found: set[Element] = set()
    for element in _owners(tree):
        above = element
        while above is not None and above not in found:
            found.add(above)
            above = above.getparent()
    return found


def _owners(tree: Element) -> Iterator[Element]:
    """Yield the elements that have words of their own outside links."""
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if _is_link(element):
            continue
        if any(WORD.search(text) for text in (element.text or "", *(child.tail or "" for child in element))):
            yield element
        waiting += element.iterchildren("*")
