"""The parts of a Word file that are read: found by their relationships, parsed without entities (ECMA-376, part 2)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree

from index.errors import ArticleRejected

Element = Any
"""An lxml element; lxml's type stubs are loose."""
Parts = dict[str, Element]
"""Parsed parts by the names that Word itself gives them, whatever the file calls them."""
CONTENT_TYPES, RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
DOCUMENT, STYLES, THEME, SETTINGS = "word/document.xml", "word/styles.xml", "word/theme.xml", "word/settings.xml"
NUMBERING = "word/numbering.xml"
CORE, APPLICATION = "docProps/core.xml", "docProps/app.xml"
PROPERTIES = {"core-properties": CORE, "extended-properties": APPLICATION}
"""Types of relationships from the package, and the names of their parts."""
TEXTS = {"footnotes": "word/footnotes.xml", "endnotes": "word/endnotes.xml"}
BESIDE_DOCUMENT = {
    **TEXTS,
    "styles": STYLES,
    "numbering": NUMBERING,
    "theme": THEME,
    "settings": SETTINGS,
}
"""Types of relationships from the document, and the names of their parts."""
CONVERTED = (CONTENT_TYPES, DOCUMENT, STYLES, NUMBERING, *TEXTS.values())
"""The parts that mammoth reads, besides relationships. It finds them by these names."""
DECLARES = b"<!DOCTYPE"
STRICT = re.compile(r"\{http://purl\.oclc\.org/ooxml/(\w+)/")
USUAL = r"{http://schemas.openxmlformats.org/\1/2006/"
"""Beginnings of the namespaces of strict documents, and of their usual equivalents."""


def read_parts(packed: zipfile.ZipFile, file: str) -> Parts:
    """Parse the parts that matter; raise ArticleRejected if one declares entities.

    No other part is looked into: a printer's settings or a picture may hold anything.
    """
    return _PackageReader(packed, file).parts()


def packed_parts(parts: Mapping[str, Element]) -> bytes:
    """Return an archive of the parts that mammoth reads, and of nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as anew:
        for name, tree in parts.items():
            if name in CONVERTED or name.startswith("word/_rels/"):
                anew.writestr(name, etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
    return made.getvalue()


class _PackageReader:
    def __init__(self, packed: zipfile.ZipFile, file: str) -> None:
        self._packed = packed
        self._names = set(packed.namelist())
        self._file = file

    def parts(self) -> Parts:
        found: Parts = {}
        package = self._targets(RELATIONSHIPS, "")
        document = package.get("officeDocument", DOCUMENT)
        beside = self._targets(_relationships_of(document), posixpath.dirname(document))
        places = {CONTENT_TYPES: CONTENT_TYPES, DOCUMENT: document}
        places |= {name: package.get(kind, name) for kind, name in PROPERTIES.items()}
        places |= {name: beside.get(kind, name) for kind, name in BESIDE_DOCUMENT.items()}
        for name in (DOCUMENT, *TEXTS.values()):
            places[_relationships_of(name)] = _relationships_of(places[name])
        for name, place in places.items():
            if place in self._names:
                found[name] = self._parsed(place)
        return found

    def _targets(self, relationships: str, folder: str) -> dict[str, str]:
        """Return the parts that relationships lead to, by the last word of their types; the first of each type."""
        found: dict[str, str] = {}
        held = self._parsed(relationships) if relationships in self._names else ()
        for relationship in held:
            place = posixpath.normpath(posixpath.join("/", folder, relationship.get("Target", ""))).lstrip("/")
            if place in self._names and relationship.get("TargetMode") != "External":
                found.setdefault(relationship.get("Type", "").rpartition("/")[2], place)
        return found

    def _parsed(self, name: str) -> Element:
        part = self._packed.read(name)
        # Zero bytes are those of UTF-16.
        tree = None if DECLARES in part.replace(b"\0", b"") else _parse(part)
        if tree is None or tree.getroottree().docinfo.doctype:
            problem = f"{self._file} declares XML entities in {name!r}, which Word documents never do."
            raise ArticleRejected(problem, "Save it again with a word processor.")
        for element in tree.iter():
            element.tag = STRICT.sub(USUAL, element.tag)
            for attribute in [each for each in element.attrib if STRICT.match(each)]:
                element.set(STRICT.sub(USUAL, attribute), element.attrib.pop(attribute))
        return tree


def _parse(part: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(part, parser)


def _relationships_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")
