"""What holds for the project as a whole."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import pytest

from bot.settings import EXPECTED

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
README_LINES, README_WORDS = 150, 900
"""At most: a newcomer reads it in three minutes."""
INDEX_MODULES, BOT_MODULES = 10, 12
"""At most, beside the packages."""
LOCKS = tuple(f"requirements{name}.txt" for name in ("-pip", "", "-dev", "-semantic", "-encoder", "-cluster"))
FORBIDDEN = r"\b(?:eval|exec)\(|os\.system|shell=True|allow_pickle=True"
SEEDS = {
    "000_88608c0d96434d55.txt": "36a3de4dcf704b202d6c8fc1812edb5a9be35a3424cd2e90b9b7ce9bab3d4267",
    "003_10f24738130fbaea.txt": "52ca9103d74351af547619488285c0c88aff9385fe9d950f255cf8377b4fddea",
}


def test_the_seeds_are_the_articles_byte_for_byte() -> None:
    assert {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (ROOT / "seeds").glob("*.txt")
    } == SEEDS


def test_nothing_evaluates_unpickles_or_calls_a_shell() -> None:
    for path in [*(ROOT / "index").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        assert not re.search(FORBIDDEN, path.read_text("utf-8")), path


def test_the_top_of_each_package_is_seen_at_a_glance() -> None:
    assert len([*(ROOT / "index").glob("*.py")]) <= INDEX_MODULES
    assert len([*(ROOT / "bot").glob("*.py")]) <= BOT_MODULES


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


def test_the_locked_pip_installs_everything_else() -> None:
    lock = (ROOT / "requirements-pip.txt").read_text("utf-8")
    assert re.findall(r"^([a-z0-9.-]+)==[0-9.]+ \\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE) == ["pip"]
    for name in ("Makefile", "Dockerfile"):
        installed = re.findall(
            r"--require-hashes\b.*?(requirements[a-z-]*\.txt)", (ROOT / name).read_text("utf-8"), re.DOTALL
        )
        assert installed[0] == "requirements-pip.txt", name


def test_a_release_names_the_base_of_both_stages_of_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.findall(r"^(?:ARG BASE|FROM).*", dockerfile, re.MULTILINE) == [
        "ARG BASE=python:3.13-slim",
        "FROM ${BASE} AS build",
        "FROM ${BASE}",
    ]


def test_no_package_defines_a_name_that_one_of_its_modules_has() -> None:
    for package in [*(ROOT / "index").rglob("__init__.py"), *(ROOT / "bot").rglob("__init__.py")]:
        modules = {path.stem for path in package.parent.iterdir() if path.suffix in {".py", ""}}
        defined = {getattr(node, "name", None) for node in ast.parse(package.read_text("utf-8")).body}
        assert not defined & modules, package  # importing the module would replace it


def test_the_readme_is_read_in_three_minutes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= README_LINES
    assert len(readme.split()) <= README_WORDS


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_of_a_page_leads_to_a_file(page: str) -> None:
    path = ROOT / page
    targets = re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8"))
    relative = [target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    missing = [target for target in relative if not (path.parent / target).is_file()]
    assert missing == []


def test_the_readme_leads_to_every_page_of_the_documentation() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [page for page in PAGES if page != "README.md" and f"]({page})" not in readme] == []


def test_every_setting_is_documented() -> None:
    page, example = (ROOT / "docs/settings.md").read_text("utf-8"), (ROOT / ".env.example").read_text("utf-8")
    assert [name for name in EXPECTED if f"\n| `{name}` |" not in page] == []
    assert [name for name in EXPECTED if not re.search(rf"^(?:# )?{name}=", example, re.MULTILINE)] == []


def test_the_notice_names_exactly_the_packages_that_are_installed() -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    listed = re.findall(r"^    (\S.*)$", (ROOT / "NOTICE").read_text("utf-8"), re.MULTILINE)
    named = {name for line in listed for name in re.findall(r"[^\s,]+", line)}
    assert named | {"colorama"} == locked  # colorama on Windows alone, in a line of its own
