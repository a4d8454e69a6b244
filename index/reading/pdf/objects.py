"""Objects of pypdf, whose types are not known here, and the numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

PdfObject = Any
"""An object of pypdf, which is only imported when a PDF is read."""
MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a malformed file can make a function raise."""
Read = TypeVar("Read")


def if_well_formed(read: Callable[[], Read]) -> Read | None:
    """Return what a function returns, None if the file is malformed."""
    try:
        return read()
    except MALFORMED:
        return None


def resolved(stated: PdfObject) -> PdfObject:
    """Return what an indirect reference refers to, anything else as it is."""
    return stated.get_object() if hasattr(stated, "get_object") else stated


def numbers(operands: Sequence[PdfObject]) -> list[float]:
    """Return numbers as floats."""
    return [float(each) for each in operands]


def held(holder: PdfObject, name: str) -> PdfObject:
    """Return the dictionary of this name in a dictionary; empty if there is none."""
    found = resolved(holder.get(name))
    return found if isinstance(found, dict) else {}
