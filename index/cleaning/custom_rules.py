"""A deployment's own rules: a folder of rules files, which take precedence over the built-in rules."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from index.cleaning.rule import Rule, RulesFile, built_in_rules, parse_rules
from index.errors import RulesInvalid

ENDING = ".toml"
MAX_FILE_BYTES = 2**18
"""Maximum bytes of a rules file."""
MAX_RULES = 200
"""Maximum rules of all files of a folder together."""


def active_rules(folder: Path | None) -> tuple[Rule, ...]:
    """Return the built-in rules, overridden and extended by those of a folder if there is one.

    Raises RulesInvalid if the folder or a file in it cannot be used; it names the file, the rule and the field.
    """
    return merge_with_built_in(read_rules_folder(folder)) if folder is not None else built_in_rules()


def read_rules_folder(folder: Path) -> dict[str, RulesFile]:
    """Read a folder's rules files by name, sorted; empty if there is none. RulesInvalid as in `active_rules`."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ENDING and not path.name.startswith("."))
    except FileNotFoundError:
        return {}
    except OSError as error:
        problem = f"The folder of rules {str(folder)!r} cannot be read ({error.strerror})."
        raise RulesInvalid(problem, "Name a folder of *.toml files with --rules or VERBATIM_RULES.") from error
    return {path.name: read_rules_file(path) for path in paths}


def read_rules_file(path: Path) -> RulesFile:
    """Read one rules file, with patterns for RE2; raise RulesInvalid as in `active_rules`."""
    try:
        found = path.stat()  # follows links, by which containers mount their configuration
        if not stat.S_ISREG(found.st_mode):
            problem = f"{_shown(path)} is not a regular file."
            raise RulesInvalid(
                problem, "Replace it with the rules file itself; links, folders and devices are not read."
            )
        if found.st_size > MAX_FILE_BYTES:
            problem = f"{_shown(path)} has {found.st_size:,} bytes; the limit for a rules file is {MAX_FILE_BYTES:,}."
            raise RulesInvalid(problem, "Split the file, or shorten its examples.")
        toml = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problem = f"{_shown(path)} cannot be read ({error.strerror})."
        raise RulesInvalid(problem, "Make the file readable, or remove it.") from error
    except UnicodeDecodeError as error:
        problem = f"{_shown(path)} is not TOML in UTF-8: byte {error.start} is not valid UTF-8."
        raise RulesInvalid(problem, "Save the file as UTF-8.") from error
    return parse_rules(toml, _shown(path), linear=True)


def _shown(path: Path) -> str:
    return path.name if path.name.isprintable() else ascii(path.name)[1:-1]


def merge_with_built_in(files: Mapping[str, RulesFile]) -> tuple[Rule, ...]:
    """Override and extend the built-in rules.

    A rule with the name of a built-in one replaces it. The others come first, in the given order: rules for one site go
    before general ones. Raises RulesInvalid for too many rules, a duplicate name, or a disabled rule that is not built
    in.
    """
    built_in = {rule.name: rule for rule in built_in_rules()}
    own: dict[str, Rule] = {}
    of: dict[str, str] = {}
    for file, read in files.items():
        _refuse_unknown(read.without, file, built_in)
        for rule in read.rule:
            if rule.name in own:
                problem = f"{file} and {of[rule.name]} both contain a rule named {rule.name!r}."
                raise RulesInvalid(problem, "Give each rule a different name.")
            own[rule.name], of[rule.name] = rule, file
    if len(own) > MAX_RULES:
        problem = f"The rules files contain {len(own)} rules; the limit is {MAX_RULES}."
        raise RulesInvalid(problem, "Combine some with `|`, or remove some.")
    off = {name for read in files.values() for name in read.without}
    kept = [own.get(name, rule) for name, rule in built_in.items() if name in own or name not in off]
    return (*(rule for name, rule in own.items() if name not in built_in), *kept)


def _refuse_unknown(without: tuple[str, ...], file: str, built_in: Mapping[str, Rule]) -> None:
    for name in without:
        if name not in built_in:
            problem = f"{file} cannot be used: without: there is no built-in rule {name!r}."
            raise RulesInvalid(problem, "`verbatim rules list` shows the built-in rules.")
