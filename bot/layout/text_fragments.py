"""Text fragments that open a page at a quotation: https://wicg.github.io/scroll-to-text-fragment/.

A browser looks for `prefix-,start,end,-suffix` from the top: the first `start`, then the first `end` after it. Each has
to consist of whole words within one block of the page. Case and accents make no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from unicodedata import normalize
from urllib.parse import quote as percent_encoded

import regex

from index.models import Source

WORDS = (5, 8, 12, 20)
"""How many words at either end identify a quotation: few, as the page may have links and notes between them."""
CONTEXT_WORDS = (3, 6, 12)
"""How many words next to a quotation tell it from a passage with the same words."""
MAX_WORD_LENGTH = 60
NEARBY = 1000
"""Characters on either side of a quotation that hold those words."""
LINE_END = regex.compile(r"[^\S\n\r]*(?:[\n\r]|$)")
WORD_BOUNDARY = regex.compile(r"\b", regex.WORD)  # as Unicode defines it, and browsers find it: none in "left.She"


class _TextFragment(NamedTuple):
    start: str
    end: str
    """Empty where `start` is the whole quotation."""
    prefix: str
    suffix: str

    def __str__(self) -> str:
        start, end, prefix, suffix = (percent_encoded(term, safe="").replace("-", "%2D") for term in self)
        return ",".join(filter(None, (prefix and f"{prefix}-", start, end, suffix and f"-{suffix}")))


def text_fragments(quote: Source) -> Iterator[str]:
    """Yield the fragments with which a browser finds the first piece of a quotation, the most robust one first.

    A fragment that also matches something above it, were it only without punctuation, is left out.
    """
    text, (first, last) = quote.article.text, quote.spans[0]
    title = quote.article.title.value if quote.article.title else ""
    before, quoted = _letters(title + text[:first]), _letters(text[first:last])
    for fragment in _candidates(text[max(0, first - NEARBY) : first], text[first:last], text[last : last + NEARBY]):
        bounded = (fragment.prefix or WORD_BOUNDARY.match(text, first)) and (
            fragment.suffix or WORD_BOUNDARY.match(text, last)
        )
        if bounded and _is_first(fragment, before, quoted):
            yield str(fragment)


def _candidates(above: str, quoted: str, below: str) -> Iterator[_TextFragment]:
    """Yield fragments for a quotation between two texts; each term is within a line, as that may be a block."""
    lines = quoted.splitlines()
    first, last = lines[0].split(), lines[-1].split()
    words_above = next(filter(None, map(str.split, reversed(above.splitlines()))), [])
    words_below = next(filter(None, map(str.split, below.splitlines())), [])
    for (prefix, suffix), count in product(_contexts(above, below), WORDS):
        whole = len(lines) == 1 and len(first) <= 2 * count
        terms = (
            first if whole else first[:count],
            [] if whole else last[-count:],
            words_above[-prefix:] if prefix else [],
            words_below[:suffix],
        )
        if all(len(word) <= MAX_WORD_LENGTH for term in terms for word in term):
            yield _TextFragment(*map(" ".join, terms))


def _contexts(above: str, below: str) -> list[tuple[int, int]]:
    """Return how many words before and after a quotation to add: none, then few, on its own lines if possible."""
    begins_line, ends_line = LINE_END.match(above[::-1]), LINE_END.match(below)
    added = [(a, b) for count in CONTEXT_WORDS for a, b in ((count, 0), (0, count), (count, count))]
    added.sort(key=lambda words: bool(words[0] and begins_line) + bool(words[1] and ends_line))
    return [(0, 0), *added]


def _is_first(fragment: _TextFragment, before: str, quoted: str) -> bool:
    """Whether what a fragment matches first is the quotation, which follows `before`."""
    start, end, prefix, suffix = map(_letters, fragment)
    page = before + quoted + suffix
    if not (start and end):
        return bool(start) and not fragment.end and page.find(prefix + start + suffix) == len(before) - len(prefix)
    found = page.find(prefix + start) == len(before) - len(prefix)
    return found and _first_end(page, end, suffix, len(before + start)) == len(before + quoted) - len(end)


def _first_end(page: str, end: str, suffix: str, after: int) -> int:
    """Where a browser finds the end of a fragment: it looks on behind one without the suffix, not inside it."""
    place = page.find(end, after)
    while place >= 0 and not page.startswith(suffix, place + len(end)):
        place = page.find(end, place + len(end))
    return place


def _letters(text: str) -> str:
    """Return the letters and digits of a text, without accents and in lower case."""
    return "".join(filter(str.isalnum, normalize("NFKD", text).casefold()))
