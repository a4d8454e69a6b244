"""Tags that a site's generator replaces: shortcodes of Hugo, tags and values of Jekyll and Jinja.

Each is replaced by one private character before Markdown is parsed, as the generators do, and is put back in code.
"""

from __future__ import annotations

import regex

TAG = regex.compile(r"\{\{(?:(?!\{\{|\}\}).){0,1000}+\}{2,3}|\{%(?:(?!\{%|%\}).){0,1000}+%\}", regex.DOTALL)
COMMENT = regex.compile(r"\{#\s(?:(?!\{#|#\}).){0,2000}+#\}|\{/\*(?:(?!\*/).){0,2000}+\*/\}", regex.DOTALL)
VALUE = regex.compile(r"\{\{(?![<%])")
ANY = regex.compile(f"{COMMENT.pattern}|{TAG.pattern}", regex.DOTALL)
BEGINS_COMMENT = regex.compile(r"\{%-?\s*comment\b")
ENDS_COMMENT = regex.compile(r"\{%-?\s*endcomment\b[^%]{0,20}%\}")
BEGINS_CODE = regex.compile(r"\{\{?[%<]-?\s*(?P<name>highlight|codeblock|code)\b")
VALUES, TAGS, COMMENTS, ROOM = 0xF0000, 0xF8000, 0x100000, 0x7FF0
"""First characters of each kind, and how many there are: values, other tags (which may be on lines of their own)."""
PRIVATE = regex.compile(r"[\U000F0000-\U0010FFFF]")
GAP = regex.compile(r"[\U000F0000-\U000FFFFD]")
COMMENT_MARKS = regex.compile(r"[\U00100000-\U0010FFFD]+")
MARKS_ALONE = regex.compile(r"[\U000F8000-\U0010FFFD \t]+")


class SiteTags:
    """The tags of one file, each by its character."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._characters: dict[str, str] = {}

    def replace(self, source: str) -> str:
        """Return the source with a character for each tag."""
        source = PRIVATE.sub("", source)
        ends = [found.end() for found in ENDS_COMMENT.finditer(source)][::-1]
        pieces, place = [], 0
        for found in ANY.finditer(source):
            if found.start() < place:
                continue
            while ends and ends[-1] <= found.start():
                ends.pop()
            is_comment = BEGINS_COMMENT.match(found[0]) is not None and bool(ends)
            end = ends[-1] if is_comment else found.end()
            first = COMMENTS if is_comment or COMMENT.match(found[0]) else VALUES if VALUE.match(found[0]) else TAGS
            pieces += [source[place : found.start()], self.mark(source[found.start() : end], first)]
            place = end
        return "".join([*pieces, source[place:]])

    def mark(self, written: str, first: int = VALUES) -> str:
        """Return the character for something that is written in place of words."""
        if written in self._characters:
            return self._characters[written]
        if len(self._written) >= ROOM:
            return chr(first + ROOM)
        mark = chr(first + len(self._written))
        self._written[mark], self._characters[written] = written, mark
        return mark

    def restore(self, text: str) -> str:
        """Return a text with its tags as they are written."""
        return PRIVATE.sub(lambda found: self._written.get(found[0], ""), text)

    def name_of_code(self, line: str) -> str | None:
        """Return the name of the tag that begins code, if a line is nothing else."""
        found = BEGINS_CODE.match(self._written.get(line, ""))
        return found["name"] if found else None

    def ends_code(self, line: str, name: str) -> bool:
        """Whether a line is the tag that ends such code."""
        written = self._written.get(line, "")
        return ("/" in written[:6] and name in written) or f"end{name}" in written
