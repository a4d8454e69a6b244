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


def numbers_of(items: Element) -> dict[Element, str]:
    """The numbers that a browser shows before the items of a list, each with its stop; none but for ordered lists."""
    if items.tag != "ol" or items.get("type", "1") != "1" or "reversed" in items.attrib:
        return {}
    numbers, number = {}, _whole(items.get("start"), 1)
    for item in items.iterchildren("li"):
        number = _whole(item.get("value"), number)
        numbers[item] = f"{number}. "
        number += 1
    return numbers


def _whole(written: str | None, default: int) -> int:
    """The number that an attribute states, or else the default."""
    plain = (written or "").strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 10 else default  # noqa: PLR2004
