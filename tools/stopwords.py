"""Write index/analysis/stopwords/ anew from Apache Lucene's stop lists.

    python -m tools.stopwords lucene-analysis-common-9.12.1.jar

The jar is on Maven Central. The lists are those of Snowball, Jacques Savoy and others; each says so at its top there.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "index" / "analysis" / "stopwords"
WITHIN = "org/apache/lucene/analysis"
SNOWBALL = {
    "da": "danish",
    "de": "german",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
OTHERS = ("ar", "bg", "ca", "el", "et", "eu", "fa", "ga", "hi", "hy", "id", "lt", "ne", "ro", "sr", "ta", "tr")
CZECH = "cs", "cz"
"""Its code, and the name of its folder in the jar."""
WIDTH = 120


def paths() -> Iterator[tuple[str, str]]:
    """Each language's code, and the path of its list in the jar."""
    yield from ((code, f"{WITHIN}/snowball/{name}_stop.txt") for code, name in SNOWBALL.items())
    folders = (*((code, code) for code in OTHERS), CZECH)
    yield from ((code, f"{WITHIN}/{folder}/stopwords.txt") for code, folder in folders)


def words_of(text: str) -> list[str]:
    """The words of a list, without comments, ascending."""
    lines = (line.split("|")[0].split("#")[0] for line in text.splitlines())
    return sorted({word for line in lines for word in line.split()})


def main() -> None:
    """Write a file for each language."""
    FOLDER.mkdir(exist_ok=True)
    with zipfile.ZipFile(sys.argv[1]) as jar:
        for code, path in paths():
            lines, line = [], ""
            for word in words_of(jar.read(path).decode("utf-8")):
                if len(line) + len(word) >= WIDTH:
                    lines.append(line)
                    line = ""
                line += f" {word}" if line else word
            (FOLDER / f"{code}.txt").write_text("\n".join([*lines, line]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
