"""Tables of a page: rows of data with their headers, and pages that a table lays out."""

from __future__ import annotations

import pytest

from tests.index.reading.sections import chunks, entry_of, kinds

pytestmark = pytest.mark.usefixtures("in_this_process")

BEFORE = "The club lends lanterns to everybody in the valley, and its members repair those that are broken."
AFTER = "Write to the caretaker before the first of December, or tell her at the store room."


def rows_of(table: str) -> list[str]:
    page = f"<html><body><article><h1>Lamps</h1><p>{BEFORE}</p>{table}<p>{AFTER}</p></article></body></html>"
    return [chunk for chunk in chunks(entry_of("page.html", page)) if chunk not in {BEFORE, AFTER}]


HEADER = "<tr><th>Lamp<th>Price</tr>"


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        pytest.param(f"<thead>{HEADER}</thead><tr><td>Small<td>2 euros<tr><td>Large<td>5 euros", ["Lamp: Small; Price: 2 euros", "Lamp: Large; Price: 5 euros"], id="a header"),
        pytest.param(f"{HEADER}<tr><th scope=row>Small<td>2 euros", ["Lamp: Small; Price: 2 euros"], id="headers of rows too"),
        pytest.param("<tr><td>Small<td>2 euros<tr><td>Large<td>5 euros", ["Small; 2 euros", "Large; 5 euros"], id="no header"),
        pytest.param("<tr><th>Weight<td>3 kg<tr><th>Height<td>40 cm", ["Weight: 3 kg", "Height: 40 cm"], id="headers of rows alone"),
        pytest.param("<tr><th>Day<th>Hour<tr><td rowspan=2>Monday<td>nine<tr><td>noon<tr><td>Friday<td>ten", ["Day: Monday; Hour: nine", "Day: Monday; Hour: noon", "Day: Friday; Hour: ten"], id="a cell that spans rows"),
        pytest.param("<tr><th>Lamp<th>Price<th>Oil<tr><td colspan=2>On request<td>yes", ["Lamp: On request; Oil: yes"], id="a cell that spans columns"),
        pytest.param("<tr><th rowspan=2>Lamp<th colspan=2>Price<tr><th>Child<th>Adult<tr><td>Small<td>1<td>2", ["Lamp: Small; Child: 1; Adult: 2"], id="two rows of headers"),
        pytest.param(f"{HEADER}<tr><td>Small<button>Copy</button><td>2 euros", ["Lamp: Small; Price: 2 euros"], id="a button in a cell"),
        pytest.param(f"{HEADER}<tr><td>Small<td><s>2 euros</s><tr><td>Large<td>5 euros", ["Lamp: Large; Price: 5 euros"], id="a cell struck out"),
        pytest.param(f"<tbody>{HEADER}<tr><td>Small<td>2 euros<tbody hidden><tr><td>Large<td>5 euros", ["Lamp: Small; Price: 2 euros"], id="hidden rows"),
        pytest.param(f"<thead style='display:none'>{HEADER}<tbody><tr><td>Small<td>2 euros<tr><td>Large<td>5 euros", ["Small; 2 euros", "Large; 5 euros"], id="a hidden header"),
        pytest.param("<tr><th>Lamp<th><s>Price</s><tr><td>Small<td>2 euros<tr><td>Large<td>5 euros", ["Small; 2 euros", "Large; 5 euros"], id="a header struck out"),
        pytest.param(f"{HEADER}<tr><td>Small<td>2 euros</table><table><tr><td>Aldham<td>mill<tr><td>Brook<td>hall", ["Lamp: Small; Price: 2 euros", "Aldham; mill", "Brook; hall"], id="a table after another"),
    ],
)  # fmt: skip
def test_each_row_of_data_has_its_headers(table: str, rows: list[str]) -> None:
    assert rows_of(f"<table>{table}</table>") == rows


def test_a_table_below_a_heading_of_its_own_belongs_to_the_article() -> None:
    assert rows_of("<h2>Prices</h2><table><tr><th>Lamp<th>Price<tr><td>Small<td>2 euros</table>") == [
        "Lamp: Small; Price: 2 euros"
    ]


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param("<table><tr><td><p>{0}</p><p>{1}</p></table>", id="one cell"),
        pytest.param("<table><tr><td width=120><a href=/>Home</a><td><p>{0}</p><p>{1}</p></table>", id="a menu beside it"),
        pytest.param("<table><tr><td><table><tr><td><p>{0}</p></table><tr><td><p>{1}</p></table>", id="tables in tables"),
        pytest.param("<table role=presentation><tr><td><p>{0}<td><tr><td><p>{1}<td></table>", id="stated to be one"),
    ],
)  # fmt: skip
def test_a_page_that_a_table_lays_out_is_read_as_prose(layout: str) -> None:
    entry = entry_of("page.html", f"<html><body>{layout.format(BEFORE, AFTER)}</body></html>")
    assert chunks(entry) == [BEFORE, AFTER]
    assert set(kinds(entry)) == {"body"}


def test_the_numbers_of_lines_beside_code_are_no_code() -> None:
    assert rows_of("<table><tr><td><pre>1\n2\n</pre><td><pre>lamp --on\nlamp --off\n</pre></table>") == [
        "lamp --on\nlamp --off"
    ]
