"""Bytes to text: UTF-8 with or without a byte order mark, else Windows-1252; what is not text is refused."""

import codecs

import regex

from index.errors import ArticleRejected

MAX_BYTES = 8 * 2**20
# C0 and C1 controls, less tab, line feed, vertical tab, form feed, carriage return and next line.
CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
CONTROLS_AT_MOST = 0.01
UTF_8, UTF_8_WITH_MARK, WINDOWS_1252 = "utf-8", "utf-8-sig", "cp1252"


def decode(data: bytes, file: str) -> tuple[str, str]:
    """The text of a file and the codec that turns it back into the very same bytes.

    Raises:
        ArticleRejected: the file is empty, larger than 8 MiB, or not text.
    """
    if len(data) > MAX_BYTES:
        what = f"{file} has {len(data):,} bytes; an article has at most {MAX_BYTES:,}."
        raise ArticleRejected(what, "Split it into its articles.")
    text, encoding = _decoded(data, file)
    if "\0" in text or len(CONTROL.findall(text)) > CONTROLS_AT_MOST * len(text):
        what = f"{file} is not text: it is full of control characters."
        raise ArticleRejected(what, "Save the article as plain text in UTF-8.")
    if not text.strip():
        what = f"{file} is empty."
        raise ArticleRejected(what, "Put the article's text into it, or take it away.")
    return text, encoding


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    encoding = UTF_8_WITH_MARK if data.startswith(codecs.BOM_UTF8) else UTF_8
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(WINDOWS_1252), WINDOWS_1252
    except UnicodeDecodeError as error:
        what = f"{file} is not text: byte {error.start} is neither UTF-8 nor Windows-1252."
        raise ArticleRejected(what, "Save the article as plain text in UTF-8.") from error
