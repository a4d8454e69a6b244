"""What holds for the project as a whole."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
FORBIDDEN = r"\b(?:eval|exec)\(|os\.system|shell=True|allow_pickle=True"
STARTS_PROCESSES = Path("index/reading/apart.py")
"""Strangers' files are read in a process of their own: this program once more, started without a shell."""
SEEDS = {
    "000_88608c0d96434d55.txt": "36a3de4dcf704b202d6c8fc1812edb5a9be35a3424cd2e90b9b7ce9bab3d4267",
    "003_10f24738130fbaea.txt": "52ca9103d74351af547619488285c0c88aff9385fe9d950f255cf8377b4fddea",
}


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


def test_the_seeds_are_the_articles_byte_for_byte() -> None:
    assert {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").glob("*.txt")
    } == SEEDS


def test_the_index_never_imports_the_bot_nor_discord() -> None:
    for path in (ROOT / "index").rglob("*.py"):
        assert not {name.split(".")[0] for name in imported(path)} & {"bot", "discord"}, path


def test_nothing_evaluates_unpickles_or_calls_a_shell() -> None:
    for path in [*(ROOT / "index").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        names = {name.split(".")[0] for name in imported(path)}
        assert not names & {"pickle", "marshal", "shelve"}, path
        assert "subprocess" not in names or path.relative_to(ROOT) == STARTS_PROCESSES, path
        assert not re.search(r"\b(?:eval|exec)\(|os\.system|shell=True|allow_pickle=True", path.read_text("utf-8")), (
            path
        )


def test_every_dependency_says_what_it_is_for_and_is_locked() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    needed = [line for line in lines if re.match(r'    "[A-Za-z][\w.-]*(?:\[\w+\])?[><=]', line)]
    locked = "".join((ROOT / name).read_text("utf-8").lower().replace("_", "-") for name in LOCKS)
    assert len(needed) > 10
    for line in needed:
        assert re.search(r'",\s+# \S', line), line
        name = re.match(r'    "([\w.-]+?)(?:\[\w+\])?[><=]', line)
        assert name and re.search(rf"^{name[1].lower().replace('.', '-').replace('_', '-')}==", locked, re.MULTILINE), (
            line
        )


def test_the_lock_names_no_index() -> None:
    for name in LOCKS:
        assert not re.search(r"://|index-url|find-links", (ROOT / name).read_text("utf-8"))


def test_no_package_defines_a_name_that_one_of_its_modules_has() -> None:
    for package in [*(ROOT / "index").rglob("__init__.py"), *(ROOT / "bot").rglob("__init__.py")]:
        modules = {path.stem for path in package.parent.iterdir() if path.suffix in {".py", ""}}
        defined = {getattr(node, "name", None) for node in ast.parse(package.read_text("utf-8")).body}
        assert not defined & modules, package  # importing the module would replace it
