"""Words of code as developers type them: `max_connections`, `--verbose`, `discord.py`, `/etc/hosts`.

The index has a term for each as a whole, beside those of its parts, so that it is told from a sentence that has the
parts apart.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from index.analysis.analyzer import terms
from index.models import Span

CODE = "`"
"""Before the whole of a word of code: no stem begins so."""
MAX_LENGTH = 100
RUN = regex.compile(r"(?<![\w./:@+-])[\w./:@+-]++")
WHOLE = regex.compile(
    r"--?\p{L}[\w-]*+"  # an option
    r"|[\w.-]*(?:\w_\w|\b_\w)[\w.-]*"  # snake case
    r"|(?:[\w-]{2,}+)?\.\p{L}[\w-]*+(?:\.[\w-]++)*"  # a file, a module, a host
    r"|\w++(?:::\w++)++"
)
BEGINS_CODE = regex.compile(r"-\p{L}|\w_\w|\b_\w|\.\p{L}|\w::\w")
"""Found in every text in which `WHOLE` is."""
CAMEL_CASE = regex.compile(r"\b\p{Ll}{2,}+(?:\p{Lu}\p{Ll}+)++\b")
"""`maxConnections`; not iPhone, DeepSeek or macOS, which are names."""
PART = regex.compile(r"\p{Lu}?\p{Ll}+")


def code_words(text: str) -> Iterator[tuple[str, Span]]:
    """Yield each word of code as a term, and its span; of a path each part that is one, too."""
    for run in RUN.finditer(text):
        word = run[0].rstrip(".:@+-")
        if word.isalnum() or len(word) > MAX_LENGTH:
            continue
        start = run.start()
        for part in word.split("/"):
            if WHOLE.fullmatch(part):
                yield CODE + part.casefold(), Span(start, start + len(part))
            start += len(part) + 1
        if "/" in word and BEGINS_CODE.search(word):
            yield CODE + word.casefold(), Span(run.start(), run.start() + len(word))


def parts_of_camel_case(text: str) -> Iterator[tuple[str, Span]]:
    """Yield the term of each part of `maxConnections`, and its span."""
    for word in CAMEL_CASE.finditer(text):
        for part in PART.finditer(text, *word.span()):
            yield from ((found.term, Span(*part.span())) for found in terms(part[0]))
