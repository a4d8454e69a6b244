"""Decode bytes as UTF-8, with or without byte order mark, else as Windows-1252; reject what is not text."""

import codecs

import regex

from index.errors import ArticleRejected

MAX_BYTES = 8 * 2**20
# C0 and C1 controls except tab, line feed, vertical tab, form feed, carriage return and next line.
CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
MAX_CONTROL_SHARE = 0.01
C1_CONTROL = regex.compile(r"[\x80-\x84\x86-\x9f]")
OF_WINDOWS_1252 = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""What C1 control codes stand for if a program took Windows-1252 for Latin-1: curly quotes, dashes, the euro sign."""
UTF_8_AS_LATIN_1 = regex.compile(r"â\x80|Ã[\x80-\x9f]")
"""Curly quotes or accented capitals in UTF-8 that a program took for Latin-1: these are damaged in another way."""
# A multi-byte UTF-8 character, or half of a surrogate pair as some programs encode it.
UTF_8_SEQUENCE = regex.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
BEYOND_ASCII = regex.compile(rb"[\x80-\xff]")
SURELY, MAX_WESTERN_SHARE = 20, 0.3
"""A text with more non-ASCII bytes than this, and a larger share of them, is not in a Western language."""
UTF_8, UTF_8_WITH_MARK, WINDOWS_1252 = "utf-8", "utf-8-sig", "cp1252"


def check_size(data: bytes, file: str) -> None:
    """Raise ArticleRejected if a file is larger than an article may be."""
    if len(data) > MAX_BYTES:
        problem = f"{file} has more than {MAX_BYTES:,} bytes, the limit for an article."
        raise ArticleRejected(problem, "Split the file into separate articles.")


def decode(data: bytes, file: str) -> tuple[str, str]:
    """Decode a file; return its text and its codec.

    The codec encodes the text back to the same bytes, unless the file has C1 controls: these are read as the characters
    of Windows-1252 that they stand for.

    Raises:
        ArticleRejected: the file is empty, larger than 8 MiB, or not text.
    """
    check_size(data, file)
    text, encoding = _decode(data, file)
    if C1_CONTROL.search(text) and not UTF_8_AS_LATIN_1.search(text):
        text = text.translate(OF_WINDOWS_1252)
    if "\0" in text or len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        problem = f"{file} is not text: it is full of control characters."
        raise ArticleRejected(problem, "Save the article as plain text in UTF-8.")
    if not text.strip():
        problem = f"{file} is empty."
        raise ArticleRejected(problem, "Add the article's text, or remove the file.")
    return text, encoding


def decoded_by(text: str, encoding: str, data: bytes) -> str | None:
    """Return how a file was decoded if its codec does not give its bytes back; None if the file itself is the text."""
    return None if text.encode(encoding) == data else "Windows-1252 for C1 controls"


def _decode(data: bytes, file: str) -> tuple[str, str]:
    encoding = UTF_8_WITH_MARK if data.startswith(codecs.BOM_UTF8) else UTF_8
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        pass
    _check_for_damage(data, file)
    try:
        return data.decode(WINDOWS_1252), WINDOWS_1252
    except UnicodeDecodeError as error:
        problem = f"{file} is not text: byte {error.start} is neither UTF-8 nor Windows-1252."
        raise ArticleRejected(problem, "Save the article as plain text in UTF-8.") from error


def _check_for_damage(data: bytes, file: str) -> None:
    """Raise ArticleRejected if damaged UTF-8 or another script is more likely than Windows-1252.

    As Windows-1252, an apostrophe in UTF-8 would read â€™, and a Russian text Ïðèâåò.
    """
    beyond = len(BEYOND_ASCII.findall(data))
    if 2 * sum(map(len, UTF_8_SEQUENCE.findall(data))) >= max(beyond, 1):
        problem = f"{file} is damaged: some of its characters are not valid UTF-8."
        raise ArticleRejected(problem, "Save the article again as plain text in UTF-8.")
    if beyond > SURELY and beyond > MAX_WESTERN_SHARE * len(data):
        problem = f"{file} is not text in UTF-8, and has too few plain letters to be Windows-1252."
        raise ArticleRejected(problem, "Save the article as plain text in UTF-8.")
