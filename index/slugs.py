"""Ids out of titles and of names that strangers give: letters and digits of every script, joined by hyphens."""

from __future__ import annotations

import html
import unicodedata
from pathlib import PurePath

import regex

from index.reading.sidecar import ENDING as SIDECAR

CHARACTERS_AT_MOST = 100
"""Of an article's id; see `index.folder.ID_AT_MOST`."""
BYTES_AT_MOST = 200
"""In UTF-8: file systems take 255 for a name, and an ending or `.meta.toml` follows."""
FALLBACK = "article"
BETWEEN = regex.compile(r"[^\p{L}\p{N}\p{Mn}\p{Mc}]+|\p{Variation_Selector}+|(?<![\p{L}\p{N}\p{Mn}\p{Mc}])\p{M}+")
"""What stands between words, and marks that belong to no letter."""
THOUSANDS = regex.compile(r"(?<=\d),(?=\d)")
RESERVED = regex.compile(r"(?:con|prn|aux|nul|conin|conout|(?:com|lpt)[0-9])")
"""What Windows keeps for devices, with whatever ending."""


PLAIN = regex.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
"""What is a name for a file everywhere, and stays as it is."""


def file_name(name: str) -> str:
    """A stranger's name for a file as it is put among the articles: its folders gone, its stem plain or a slug."""
    bare = PurePath(name.replace("\\", "/")).name
    sidecar = bare.endswith(SIDECAR)
    stem, ending = (bare.removesuffix(SIDECAR), SIDECAR) if sidecar else (PurePath(bare).stem, PurePath(bare).suffix)
    plain = PLAIN.fullmatch(stem) and not RESERVED.fullmatch(stem.lower())
    return (stem if plain else slug(stem)) + ending.lower()


def slug(text: str) -> str:
    """A name for an article's file, without ending: lower case, never empty, at most 100 characters and 200 bytes.

    It holds no separator of folders, no dot, no white space, nothing invisible, and is no device's name. The slug of a
    slug is itself.
    """
    found = _once(text)
    while (again := _once(found)) != found:  # folding of case and of compatible characters can bring each other about
        found = again
    return found


def _once(text: str) -> str:
    visible = "".join(character if character.isprintable() else " " for character in html.unescape(text))
    plain = unicodedata.normalize("NFKC", visible).lower()
    words = "-".join(BETWEEN.sub(" ", THOUSANDS.sub("", plain)).split())
    cut = words[:CHARACTERS_AT_MOST].encode()[:BYTES_AT_MOST].decode(errors="ignore").strip("-")
    if len(cut) < len(words) and "-" in cut and words[len(cut)] != "-":
        cut = cut.rpartition("-")[0]  # no half words, where there are whole ones
    if not cut:
        return FALLBACK
    return f"{FALLBACK}-{cut}" if RESERVED.fullmatch(cut) else cut
