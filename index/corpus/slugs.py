"""Slugs for article ids from titles, paths and uploaded file names: letters and digits of every script, and hyphens."""

from __future__ import annotations

import hashlib
import html
import unicodedata
from pathlib import PurePath

import regex

from index.reading.sidecar import SIDECAR_SUFFIX as SIDECAR
from index.reading.sidecar import without_ending

MAX_CHARACTERS = 100
"""Of an article's id: Discord's limit for the value of a choice."""
MAX_BYTES = 200
"""In UTF-8: file systems allow 255 for a name, and a suffix such as `.meta.toml` is added."""
FALLBACK = "article"
DIGEST_LENGTH = 8
"""Hexadecimal digits of a hash in an id."""
BETWEEN = regex.compile(r"[^\p{L}\p{N}\p{Mn}\p{Mc}]+|\p{Variation_Selector}+|(?<![\p{L}\p{N}\p{Mn}\p{Mc}])\p{M}+")
"""Word separators, and combining marks without a base letter."""
THOUSANDS = regex.compile(r"(?<=\d),(?=\d)")
RESERVED = regex.compile(r"(?:con|prn|aux|nul|conin|conout|(?:com|lpt)[0-9])")
"""Device names that Windows reserves, with any suffix."""


PLAIN = regex.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
"""Stems that are safe on every file system and stay unchanged."""


def file_name(name: str) -> str:
    """The name under which an uploaded file is stored: without folders; an unsafe stem becomes a slug."""
    bare = PurePath(name.replace("\\", "/")).name
    sidecar = bare.endswith(SIDECAR)
    stem, ending = (bare.removesuffix(SIDECAR), SIDECAR) if sidecar else (PurePath(bare).stem, PurePath(bare).suffix)
    plain = PLAIN.fullmatch(stem) and not RESERVED.fullmatch(stem.lower())
    return (stem if plain else slug(stem)) + ending.lower()


def slug(text: str) -> str:
    """A file name without suffix: lower case, never empty, at most 100 characters and 200 bytes.

    It holds no path separator, dot, white space or invisible character, and is no device name. Idempotent.
    """
    found = _slug_once(text)
    while (again := _slug_once(found)) != found:  # case folding and NFKC can each make the other necessary
        found = again
    return found


def article_id(name: str) -> str:
    """The id of the article in a file or sidecar of the seeds folder, given its path there with slashes.

    At the top it is the file's name without suffix. In a folder it is the slugs of the path's parts joined by hyphens;
    a part without letters and digits is represented by its hash, and so is the end where the whole is too long.
    """
    path = without_ending(name)
    if "/" not in path:
        return path
    whole = "-".join(_words(part) or _digest(part) for part in path.split("/"))
    if len(whole) <= MAX_CHARACTERS:
        return whole
    return f"{whole[: MAX_CHARACTERS - DIGEST_LENGTH - 1].rstrip('-')}-{_digest(whole)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]


def _slug_once(text: str) -> str:
    words = _words(text)
    cut = words[:MAX_CHARACTERS].encode()[:MAX_BYTES].decode(errors="ignore").strip("-")
    if len(cut) < len(words) and "-" in cut and words[len(cut)] != "-":
        cut = cut.rpartition("-")[0]  # cut between words where there are several
    if not cut:
        return FALLBACK
    return f"{FALLBACK}-{cut}" if RESERVED.fullmatch(cut) else cut


def _words(text: str) -> str:
    """The words of a text in lower case, joined by hyphens."""
    visible = "".join(character if character.isprintable() else " " for character in html.unescape(text))
    plain = unicodedata.normalize("NFKC", visible).lower()
    return "-".join(BETWEEN.sub(" ", THOUSANDS.sub("", plain)).split())
