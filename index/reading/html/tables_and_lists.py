"""Tables that hold data, and the numbers of list items."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from index.reading.html.inline import Element
from index.reading.list_numbers import FORMATS

MAX_CELL_LENGTH = 800
"""Characters in a cell of a data table; a longer one is part of the page's layout."""
NOT_IN_CELLS = ["table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form", "aside", "nav", "main"]
PARTS = ("caption", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr")
MAX_SPAN, MAX_COLUMNS = 20, 50
"""Rows or columns of one cell, and columns from which no cell spans any."""
LAYOUT_ROLES, DATA_ROLE = frozenset({"presentation", "none"}), "table"


def is_data_table(table: Element) -> bool:
    """Whether a table holds data in rows and columns, not a page's layout."""
    role: str = table.get("role", "").lower()
    if role in {*LAYOUT_ROLES, DATA_ROLE}:
        return role == DATA_ROLE
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    if min(len(rows), max(map(len, rows), default=0)) < 2:  # noqa: PLR2004  # one row or column is no table
        return False
    cells = [cell for row in rows for cell in row]
    if any(next(cell.iter(*NOT_IN_CELLS), None) is not None for cell in cells):
        return False
    return all(len("".join(cell.itertext())) <= MAX_CELL_LENGTH for cell in cells)


def unwrap_layout_tables(tree: Element) -> bool:
    """Make boxes of the tables that lay out a page, and of their parts; return whether there are any."""
    tables = {table for table in tree.iter("table") if not is_data_table(table)}
    parts = [part for part in tree.iter(*PARTS) if next(part.iterancestors("table"), None) in tables]
    for part in (*tables, *parts):
        part.tag = "div"
    return bool(tables)


def columns(cells: Iterable[tuple[Element, str]], spanning: dict[int, tuple[int, str]]) -> list[str]:
    """The texts of a row by column; a cell that spans rows belongs to each of them.

    `spanning` holds such cells by column, with the number of rows to come, and is updated.
    """
    found: list[str] = []
    waiting = deque(cells)
    while waiting or len(found) in spanning:
        column = len(found)
        if column in spanning:
            rows, text = spanning.pop(column)
            found.append(text)
        else:
            cell, text = waiting.popleft()
            most = MAX_SPAN if column < MAX_COLUMNS else 1
            rows, width = (min(max(_whole(cell.get(name), 1), 1), most) for name in ("rowspan", "colspan"))
            found += [text, *[""] * (width - 1)]
        if rows > 1:
            spanning |= {place: (rows - 1, found[place]) for place in range(column, len(found))}
    return found


def numbers_of(items: Element) -> dict[Element, str]:
    """The numbers that a browser shows before the items of a list, each with its stop; none but for ordered lists."""
    written = FORMATS.get(items.get("type", "1"))
    if items.tag != "ol" or written is None or "reversed" in items.attrib:
        return {}
    numbers, number = {}, _whole(items.get("start"), 1)
    for item in items.iterchildren("li"):
        number = _whole(item.get("value"), number)
        numbers[item] = f"{written(number)}. "
        number += 1
    return numbers


def _whole(written: str | None, default: int) -> int:
    """The number that an attribute states, or else the default."""
    plain = (written or "").strip()
    return int(plain) if plain.removeprefix("-").isdecimal() and len(plain) < 10 else default  # noqa: PLR2004
