"""Collections in a cluster whose search server is never asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.cleaning import built_in_rules
from index.cluster.address import parse_address
from index.cluster.articles import ArticleCache
from index.cluster.client import Client
from index.cluster.collection import ClusterCollection
from index.cluster.generation import HEADINGS, SENTENCES, ArticleRow, CountChanges, Generation
from index.cluster.stores import FolderStore, hash_of
from index.collection.segment import Segment, split_segment
from index.indexing.snapshots import Change, make_manifest
from index.models import IndexedArticle
from index.reading import read_article
from index.storage.mapped_arrays import arrays_to_bytes

NOBODY = "http://127.0.0.1:9"
TEXTS = {
    "dam.txt": "The dam of Lomma\n\nAnn Karlsson built the dam in 1971. It cost nine million crowns.\n\nIt rains.\n",
    "fares.md": """# Fares\n\n## How do I pay?\n\n1. Ask Ann.\n2. Pay.\n\n## Prices\n
| Class | Fare |\n|---|---|\n| first | 4 |\n""",
    "empty.txt": "https://example.com/empty\n\n",
    "mill.txt": "Of the mill\n\nIt rains. The mill burned down 😀 on Monday. Ann Karlsson saw it.\n",
    "muehle.txt": "Die Mühle\n\nDie alte Mühle am Fluss brannte im Jahr 1802 ab. Niemand weiß, warum sie brannte.\n",
}


def entries(names: Sequence[str] = tuple(TEXTS)) -> list[IndexedArticle]:
    return [_entry(name) for name in names]


@cache
def _entry(name: str) -> IndexedArticle:
    return read_article(name, TEXTS[name].encode(), None, built_in_rules())


def publish(folder: Path, segments: Sequence[Segment], number: int = 1) -> Generation:
    """A generation of these segments with its articles in a store, but without documents."""
    store, rows, counts = FolderStore(folder), [], CountChanges()
    chunk, section = 7, 3
    for segment in segments:
        for one in split_segment(segment):
            content = arrays_to_bytes(one.arrays)
            store.put({hash_of(content): content})
            rows.append(ArticleRow.of(one, hash_of(content), chunk, section))
            chunk, section = chunk + max(one.chunk_count, 1), section + len(one.headings.lengths)
            counts.add(one)
    empty = Generation.empty()
    manifest = make_manifest("", (len(rows), chunk), (), "", Change(added=len(rows)))
    generation = Generation.of(
        number,
        rows,
        counts.applied_to(SENTENCES, empty.sentences),
        counts.applied_to(HEADINGS, empty.headings),
        next_chunk=chunk,
        next_section=section,
        manifest=manifest.model_dump_json().encode(),
    )
    store.publish(number, generation.to_bytes())
    return generation


def collection(folder: Path, segments: Sequence[Segment]) -> ClusterCollection:
    """A collection of these segments; it answers all but searches."""
    generation = publish(folder, segments)
    return ClusterCollection(Client(parse_address(NOBODY)), "verbatim", generation, ArticleCache(FolderStore(folder)))
