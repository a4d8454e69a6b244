"""Invalid sidecars of valid articles."""

from __future__ import annotations

from collections.abc import Callable

from .making import BODY, Case, made, text


def side(name: str, sidecar: Callable[[], bytes], refused: str) -> Case:
    return Case(f"{name}.txt", text(BODY), refused, sidecar=sidecar)


SIDECARS = {
    "no TOML": side("s-no-toml", made(b"headline = "), "is not valid TOML"),
    "not UTF-8": side("s-latin", made(b'headline = "caf\xe9"'), "is not valid TOML in UTF-8"),
    "10 MB": side("s-large", lambda: b"# " + b"x" * (10 * 2**20), "bytes"),
    "a wrong type": side("s-type", made(b"headline = 7"), "headline"),
    "a field of another name": side("s-field", made(b'titel = "A dam"'), "there is no such field"),
    "a field whose name has line breaks": side("s-name", made(b'"a\\nb\\u202e" = 1'), "there is no such field"),
    "a field whose name is of 10 kB": side(
        "s-names", lambda: b'"' + b"a" * 10_000 + b'" = 1', "there is no such field"
    ),
    "the hash of another file": side("s-hash", lambda: b'sha256 = "' + b"0" * 64 + b'"', "sha256"),
    "arrays within each other": side("s-deep", lambda: b"author = " + b"[" * 5000, "is not valid TOML"),
    "a number of many digits": side("s-digits", lambda: b"headline = " + b"1" * 10_000, "is not valid TOML"),
    "a day that is no day": side("s-day", made(b"datePublished = 2026-02-30"), "is not valid TOML"),
    "a URL with a line break": side("s-url", made(b'url = "https://example.com/a\\nb"'), "url"),
    "a URL of no host": side("s-host", made(b'url = "http://[::1"'), "url"),
    "a headline with a mark of direction": side("s-bidi", made(b'headline = "A \\u202edam"'), "headline"),
    "a thousand authors": side(
        "s-authors", lambda: b'author = ["' + b'", "'.join(b"Ann Number %d" % n for n in range(1000)) + b'"]', "author"
    ),
}
