"""Marks at the beginning or end of a paragraph or heading: callouts, tasks, attributes, questions and answers."""

from __future__ import annotations

from collections.abc import Iterator

import regex
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from index.reading.marks import ASKED, ASKS, QUESTION_MARK

CALLOUT = regex.compile(r"\[!\w[\w-]*(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|$)")
TASK = regex.compile(r"\[[ xX/-]\](?:\s+|$)")
TRAILING_MARKS = regex.compile(r"(?<!\s)\s*(?:\{(?::|\s*[#.][\w:-])[^{}\n]{0,300}\}[ \t#]*|\s\^[\w-]+)$")
TAGS = regex.compile(r"(</?[A-Za-z][^<>]*+>)")
ENCLOSES_MARKDOWN = regex.compile(r"\s*<[A-Za-z][^<>]*\smarkdown\b")
LINK_TO_HEADING = regex.compile(r"\[[^\[\]]{0,300}+\]\(#[^()\s]{0,300}+\)")
"""An entry of a table of contents, where it is all of a list item."""
BOLD_LINE = regex.compile(
    r"(?P<strong>\*\*|__)(?P<title>[^*_\n]{1,100}+)(?P=strong):?(?:[ \t]*\\\n|[ ]{2,}+\n|[ \t]*<br ?/?>\s*)"
)
"""A bold line with a break behind it, which is a heading to its readers."""
QUESTION = regex.compile(
    r"^(?P<strong>\*\*|__|)(?i:Q|Question|Frage)[ \t]*\d{0,3}[ \t]*(?:[:.)][ \t]*(?P=strong)|(?P=strong)[:.)]|[:.)])"
    rf"[ \t]*(?P<asked>[^\n]{{2,300}}?{ASKED})[ \t]*(?:(?P=strong)[ \t]*)?$\n?"
    r"|(?:\A|^(?=(?P<line>\*\*|__)[^\n]+(?P=line)[ \t]*$))"
    rf"(?P<bold>\*\*|__)(?P<asked>(?:(?!(?P=bold)).){{2,300}}?{ASKED})[ \t]*(?P=bold)(?!\s*\p{{Ll}})[ \t]*\\?\n?",
    regex.MULTILINE | regex.DOTALL,
)
"""A line marked as a question, or a bold question at the beginning."""
ANSWER = regex.compile(
    r"(?P<strong>\*\*|__|)(?:A|Answer|Antwort)[ \t]*\d{0,3}[ \t]*(?::[ \t]*(?P=strong)|(?P=strong):)[ \t]*",
    regex.IGNORECASE,
)


def read_marks(state: StateCore) -> None:
    """Remove the marks from the source of paragraphs and headings, and make questions the headings of answers."""
    state.tokens = list(_Paragraphs().read(iter(state.tokens)))


class _Paragraphs:
    """What the paragraphs before mean for the next one."""

    def __init__(self) -> None:
        self._items: list[Token] = []
        """The open list items."""
        self._next_numbers: list[int] = []
        """Of the open lists, the number of the next item, which counts the items that open sections, too."""
        self._is_asked = False
        """Whether the last heading or paragraph was a question."""

    def read(self, tokens: Iterator[Token]) -> Iterator[Token]:
        """Return the tokens of a document, without the marks."""
        around = Token("", "", 0)
        for token in tokens:
            match token.type:
                case "heading_open" | "dt_open":
                    yield from self._heading(token, next(tokens), next(tokens))
                case "paragraph_open":
                    yield from self._paragraph(token, next(tokens), next(tokens), around)
                case "html_block" if ENCLOSES_MARKDOWN.match(token.content):
                    yield from _enclosed(token)
                case "list_item_close":
                    token.tag = self._items.pop().tag
                    yield token
                case "ordered_list_open" | "bullet_list_open":
                    self._next_numbers.append(int(token.attrs.get("start", 1)))
                    yield token
                case "ordered_list_close" | "bullet_list_close":
                    self._next_numbers.pop()
                    yield token
                case "list_item_open":
                    self._items.append(token)
                    token.attrSet("value", str(self._next_numbers[-1]))
                    self._next_numbers[-1] += 1
                    yield token
                case _:
                    yield token
            around = token

    def _heading(self, begin: Token, inline: Token, end: Token) -> Iterator[Token]:
        inline.content = TRAILING_MARKS.sub("", inline.content)
        self._is_asked = ASKS.search(inline.content) is not None
        if self._is_asked:
            inline.content = QUESTION_MARK.sub("", inline.content)
        yield from (begin, inline, end)

    def _paragraph(self, begin: Token, inline: Token, end: Token, around: Token) -> Iterator[Token]:
        text = TRAILING_MARKS.sub("", inline.content)
        if around.type == "list_item_open":
            text = "" if LINK_TO_HEADING.fullmatch(text) else TASK.sub("", text, count=1)
        elif title := BOLD_LINE.match(text):
            yield from summary(title["title"], inline)
            text = text[title.end() :]
        elif around.type == "blockquote_open" and (callout := CALLOUT.match(text)):
            yield from summary(callout["title"], inline)
            text = text[callout.end() :]
        place = 0
        for found in QUESTION.finditer(text):
            yield from self._answer(begin, inline, end, text[place : found.start()])
            if around.type == "list_item_open" and not text[: found.start()].strip():
                # It opens a section, so the item is none of a list. Whoever has the token writes its tag later.
                around.tag = "div"
            yield from summary(found["asked"], inline)
            self._is_asked = True
            place = found.end()
        yield from self._answer(begin, inline, end, text[place:])

    def _answer(self, begin: Token, inline: Token, end: Token, text: str) -> Iterator[Token]:
        """Yield a paragraph, without the mark of an answer where a question is before it."""
        if not text.strip():
            return
        if self._is_asked:
            text = ANSWER.sub("", text.lstrip(), count=1)
        self._is_asked = False
        yield from (begin, inline_token(text, inline), end)


def _enclosed(token: Token) -> Iterator[Token]:
    """Yield the tags of HTML whose text is Markdown, and that text."""
    for number, piece in enumerate(TAGS.split(token.content)):
        if number % 2:
            yield Token("html_block", "", 0, content=piece, level=token.level)
        elif piece.strip():
            yield inline_token(piece, token)


def summary(title: str, like: Token | None = None) -> Iterator[Token]:
    """Yield a title as the heading of what follows; nothing for an empty one."""
    if title.strip():
        yield Token("summary_open", "summary", 1, block=True)
        yield inline_token(title, like)
        yield Token("summary_close", "summary", -1, block=True)


def inline_token(text: str, like: Token | None = None) -> Token:
    """Return the token of a text that is parsed later."""
    return Token("inline", "", 0, content=text.strip(), children=[], level=like.level if like else 1, block=True)
