"""Optional content: which layers of a PDF are surely on (ISO 32000-1, 8.11)."""

from __future__ import annotations

from index.reading.pdf.objects import PdfObject, held, resolved

ALL_OF_THEM = frozenset({"/AnyOn", "/AllOn"})
"""Policies by which content is visible if all its layers are on."""


class Layers:
    """The layers of a document, as they are when it is opened."""

    def __init__(self, catalog: PdfObject) -> None:
        """Read the default configuration of a document's catalog."""
        default = held(held(catalog, "/OCProperties"), "/D")
        self._are_off = default.get("/BaseState", "/ON") != "/ON"
        self._on, self._off = (_numbers(default.get(name)) for name in ("/ON", "/OFF"))

    def is_surely_on(self, stated: PdfObject) -> bool:
        """Tell whether what belongs to a layer, or to several, is visible; False if that is not certain."""
        stated = resolved(stated)
        if stated.get("/Type") != "/OCMD":
            return self._is_on(stated)
        groups = resolved(stated["/OCGs"])
        groups = groups if isinstance(groups, list) else [groups]
        policy = stated.get("/P", "/AnyOn")
        return "/VE" not in stated and policy in ALL_OF_THEM and all(self._is_on(resolved(each)) for each in groups)

    def _is_on(self, group: PdfObject) -> bool:
        number = getattr(group.indirect_reference, "idnum", None)
        if number is None or number in self._off or (self._are_off and number not in self._on):
            return False
        return bool(held(held(group, "/Usage"), "/View").get("/ViewState", "/ON") == "/ON")


def _numbers(groups: PdfObject) -> frozenset[int]:
    listed = resolved(groups) or ()
    return frozenset(getattr(group, "idnum", 0) for group in listed)
