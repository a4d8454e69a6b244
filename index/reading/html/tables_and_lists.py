"""Tables that hold data, and the numbers of list items."""

from __future__ import annotations

from index.reading.html.inline import Element

MAX_CELL_LENGTH = 800
"""Characters in a cell of a data table; a longer one is part of the page's layout."""
NOT_IN_CELLS = ["table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form", "aside", "nav", "main"]
LAYOUT_ROLES = frozenset({"presentation", "none"})


def is_data_table(table: Element) -> bool:
    """Whether a table holds data in rows and columns, not a page's layout."""
    if table.get("role", "").lower() in LAYOUT_ROLES:
        return False
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    if max(map(len, rows), default=0) < 2:  # noqa: PLR2004  # one column says nothing by its table
        return False
    cells = [cell for row in rows for cell in row]
    if any(next(cell.iter(*NOT_IN_CELLS), None) is not None for cell in cells):
        return False
    return all(len("".join(cell.itertext())) <= MAX_CELL_LENGTH for cell in cells)


def number_of(item: Element) -> str:
    """The number that a browser shows before an item of an ordered list, with its stop; empty for other lists."""
    items = item.getparent()
    if items is None or items.tag != "ol" or items.get("type", "1") != "1" or "reversed" in items.attrib:
        return ""
    number = _whole(items.get("start"), 1)
    for sibling in items.iterchildren("li"):
        number = _whole(sibling.get("value"), number)
        if sibling is item:
            break
        number += 1
    return f"{number}. "


def _whole(written: str | None, default: int) -> int:
    """The number that an attribute states, or else the default."""
    plain = (written or "").strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 10 else default  # noqa: PLR2004
