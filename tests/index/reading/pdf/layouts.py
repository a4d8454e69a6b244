"""Printed pages in many layouts, each with the sentences, headings and labels that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from pypdf._codecs.core_font_metrics import CORE_FONT_METRICS

from tests.index.documents import drawn_pdf

WIDTHS = CORE_FONT_METRICS["Helvetica"].character_widths
FONTS = " ".join(
    f"/{name} << /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>"
    for name, font in (("Plain", "Helvetica"), ("Bold", "Helvetica-Bold"))
)
ENGLISH = (
    "The harbour office has written a rule about lamps on boats, and it holds from the first of June.",
    "Every boat that is longer than nine metres needs a LOW TIDE Lamp of the kind that the office sells.",
    "Nobody knows what became of the brothers Harald and Olaf Moen after the fire.",
    "In the spring the ferry went to Lomma, Ystad and the islands of the Northern Sound.",
    "She asked the Harbour Master whether the bells of Saint Anne were heard in the valley.",
    "It cost 4,500 crowns, about a third of what the old bridge had cost.",
    "A council of seven members was chosen by the people of Upper Lomma on Monday.",
    "The mayor, Ida Berg, said that Friends of the River had counted every single boat.",
    "Two of them were lost near Cape Horn when the storm came up, and one was found again.",
    "Since then the lamps are checked twice a year by a Warden of the Coast.",
)
GERMAN = (
    "Die Gesellschaft hat im Frühjahr neue Lampen in der Mühlgasse aufgestellt.",
    "Auch gibt es Wege, die nun die ganze Nacht hell sind und im Winter geräumt werden.",
    "Ruth Hale hat durch viele Vorschläge zu einer erheblichen Verbesserung beigetragen.",
    "Im Herbst folgt die Brückenstraße, in der bisher nur alte Laternen stehen.",
    "Das Amt verkauft ein Heft mit Bildern und Plänen der Stadt für vier Euro.",
    "Niemand weiß, wann die Fähre nach Oberstein wieder über den See fahren wird.",
    "Der Rat der Gemeinde hat sieben Mitglieder, und zwei davon sind Fischer.",
    "Bei Sturm läuten die Glocken von Sankt Anna, damit die Boote den Hafen finden.",
)
FRENCH = (
    "Le bureau du port a écrit une règle sur les lampes des bateaux de la vallée.",
    "Chaque bateau de plus de neuf mètres doit porter une Lampe du Nord à sa proue.",
    "Personne ne sait ce que sont devenus les frères Moreau après la tempête.",
    "La mairie de Saint-Michel a compté deux cents barques sur la rivière.",
    "Au printemps, le bac ira de nouveau vers les îles de la Manche et Cherbourg.",
    "Les gardiens de la côte vérifient ces lampes deux fois par an.",
)
LANGUAGES = {"English": ENGLISH, "German": GERMAN, "French": FRENCH}
SIZE, LEADING, TOP, BOTTOM, LEFT, WIDTH = 10, 12, 720, 90, 60, 490


class Layout(NamedTuple):
    """A document, the units of its text, and those of them that are to be quotable."""

    pdf: bytes
    units: tuple[str, ...]
    expected: tuple[str, ...]


class Printed(NamedTuple):
    """A printed line."""

    x: float
    y: float
    text: str
    wide: float = 0.0
    """What is added to each space."""
    size: int = SIZE
    font: str = "Plain"

    def operators(self) -> str:
        text = self.text.encode("cp1252").decode("latin-1").replace("(", r"\(").replace(")", r"\)")
        return (
            f"BT /{self.font} {self.size} Tf {self.wide:.3f} Tw 1 0 0 1 {self.x:.2f} {self.y:.2f} Tm ({text}) Tj ET\n"
        )


def width_of(text: str, size: int = SIZE) -> float:
    return sum(WIDTHS.get(letter, 556) for letter in text) * size / 1000


def wrapped(text: str, width: float, *, hyphens: bool = False) -> Iterator[str]:
    """Yield the lines of a paragraph; with hyphens, words are divided where that fills a line."""
    line = ""
    for word in text.split():
        rest = word
        while width_of(f"{line} {rest}".strip()) > width:
            part = _part(rest, width - width_of(f"{line} -")) if hyphens else ""
            yield f"{line} {part}-" if part else line
            line, rest = "", rest[len(part) :]
        line = f"{line} {rest}".strip()
    yield line


def _part(word: str, width: float) -> str:
    """Return as much of a word as fits, empty if that is too little to divide it."""
    fitting = (word[:end] for end in range(len(word) - 3, 3, -1) if width_of(word[:end]) <= width)
    return next((part for part in fitting if part.isalpha()), "")


def paragraph_lines(text: str, x: float, y: float, width: float, *, justified: bool = False) -> list[Printed]:
    """Return the lines of a paragraph; a justified one divides words."""
    lines = list(wrapped(text, width, hyphens=justified))
    printed = []
    for number, line in enumerate(lines):
        is_spread = justified and " " in line and number < len(lines) - 1
        wide = (width - width_of(line)) / line.count(" ") if is_spread else 0.0
        printed.append(Printed(x, y - LEADING * number, line, wide))
    return printed


def document(*pages: Sequence[Printed]) -> bytes:
    drawn = ("".join(line.operators() for line in page) for page in pages)
    return drawn_pdf(*drawn, fonts=FONTS)


class Grid(NamedTuple):
    """How the columns of a page are set and drawn."""

    columns: int
    gutter: float
    by_row: bool
    justified: bool

    def __str__(self) -> str:
        drawn, edge = "row by row" if self.by_row else "one by one", "justified" if self.justified else "ragged"
        return f"{self.columns} columns {self.gutter} points apart, {drawn}, {edge}"


def in_columns(sentences: Sequence[str], grid: Grid) -> bytes:
    """A page of columns, each a paragraph of its own."""
    width = (WIDTH - grid.gutter * (grid.columns - 1)) / grid.columns
    columns = []
    for number in range(grid.columns):
        text = " ".join([*sentences[number:], *sentences[:number]])
        x = LEFT + number * (width + grid.gutter)
        columns.append(paragraph_lines(text, x, TOP, width, justified=grid.justified))
    if not grid.by_row:
        return document([line for column in columns for line in column])
    rows = range(max(map(len, columns)))
    return document([column[row] for row in rows for column in columns if row < len(column)])


GRIDS = [
    Grid(count, gutter, by_row, justified)
    for (count, gutter), by_row, justified in product(
        ((1, 0), (2, 9), (2, 14), (2, 30), (3, 9), (3, 18)), (True, False), (True, False)
    )
]
COLUMNS = {f"{language}, {grid}": (sentences, grid) for language, sentences in LANGUAGES.items() for grid in GRIDS}


def stacked(*parts: tuple[str, int, str], gap: float = 8) -> list[Printed]:
    """Paragraphs of a size and a font, one below the other."""
    lines: list[Printed] = []
    y = float(TOP)
    for text, size, font in parts:
        for line in paragraph_lines(text, LEFT, 0, WIDTH * SIZE / size * 0.9):
            lines.append(line._replace(y=y, size=size, font=font))
            y -= size * 1.2
        y -= gap
    return lines


def special() -> Iterator[tuple[str, Layout]]:
    body = " ".join(ENGLISH[:5])
    more = " ".join(ENGLISH[5:])
    for name, size, font in (("large", 16, "Plain"), ("bold", SIZE, "Bold"), ("large and bold", 14, "Bold")):
        for heading in ("Lamps on boats", "What the council of the valley has decided about lamps"):
            page = stacked((heading, size, font), (body, SIZE, "Plain"), (heading, size, font), (more, SIZE, "Plain"))
            yield f"a {name} heading: {heading}", Layout(document(page), (heading, *ENGLISH), ENGLISH)
    caption = "The ferry of Lomma in the year of the fire"
    page = stacked((body, SIZE, "Plain"), (caption, 8, "Plain"), (more, SIZE, "Plain"))
    yield "a caption between paragraphs", Layout(document(page), (caption, *ENGLISH), ENGLISH)
    column = paragraph_lines(" ".join(ENGLISH), LEFT, TOP, 220)
    inside = Printed(LEFT, 0, caption[:30], size=8)
    cut = [*column[:7], inside._replace(y=column[6].y - 40), *[line._replace(y=line.y - 60) for line in column[7:]]]
    yield "a caption inside a sentence", Layout(document(cut), (caption[:30], *ENGLISH), ENGLISH[:3])
    items = ("• lamps of brass and glass", "• ropes for the winter", "• Bells of Saint Anne")
    listed = [Printed(LEFT + 12, TOP - 40 - 14 * number, item) for number, item in enumerate(items)]
    page = [
        Printed(LEFT, TOP - 20, "The office sells:"),
        *listed,
        *(line._replace(y=line.y - 100) for line in stacked((body, SIZE, "Plain"))),
    ]
    yield "a list", Layout(document(page), ("The office sells:", *items, *ENGLISH), ENGLISH[:5])
    cells = [
        Printed(LEFT + x, TOP - 20 - 14 * row, f"{word} {row}")
        for row in range(5)
        for x, word in ((0, "Lamp"), (120, "crowns"), (260, "from June"))
    ]
    page = [*cells, *(line._replace(y=line.y - 140) for line in stacked((body, SIZE, "Plain")))]
    yield (
        "a table",
        Layout(
            document(page),
            tuple([f"{word} {row}" for row in range(5) for word in ("Lamp", "crowns", "from June")]) + ENGLISH,
            ENGLISH[:5],
        ),
    )
    lines = stacked((f"{body} The harbour office proposes to add the", SIZE, "Plain"))
    note = Printed(LEFT, 100, "1 See the report of 2020.", size=7)
    rest = stacked((f"bells of the lost ships. {more}", SIZE, "Plain"))
    units = (
        "The harbour office proposes to add the bells of the lost ships.",
        "1 See the report of 2020.",
        "See the report of 2020.",
    )
    yield "a footnote inside a sentence", Layout(document([*lines, note], rest), (*units, *ENGLISH), ENGLISH)
    pages = []
    for number, part in enumerate((ENGLISH[:3], GERMAN[:3], FRENCH[:3]), 1):
        head = Printed(LEFT, 760, "The Harbour News, 25 April", size=8)
        pages.append([head, *paragraph_lines(" ".join(part), LEFT, TOP, WIDTH), Printed(300, 40, str(number))])
    yield (
        "running heads and page numbers",
        Layout(document(*pages), (*ENGLISH, *GERMAN, *FRENCH), (*ENGLISH[:3], *GERMAN[:3], *FRENCH[:3])),
    )
    first, *others = paragraph_lines(body, LEFT, TOP, WIDTH)
    large = Printed(LEFT, TOP - 12, first.text[0], size=30)
    beside = [line._replace(x=LEFT + 24) for line in (first._replace(text=first.text[1:]), others[0])]
    yield "a large first letter", Layout(document([large, *beside, *others[1:]]), ENGLISH, ENGLISH[1:5])
    cut = paragraph_lines(
        f"The harbour office proposes to add the LOW TIDE lamp to all boats of the coast. {more}", LEFT, TOP, 230
    )
    yield (
        "a narrow ragged column",
        Layout(
            document(cut),
            ("The harbour office proposes to add the LOW TIDE lamp to all boats of the coast.", *ENGLISH),
            ENGLISH[5:],
        ),
    )
    short = [
        Printed(LEFT, TOP, ENGLISH[0]),
        Printed(LEFT, TOP - 12, "The harbour office proposes to add the LOW"),
        *paragraph_lines(f"TIDE lamp to all boats. {more}", LEFT, TOP - 24, 400),
    ]
    yield "a line that ends early", Layout(document(short), ENGLISH, (ENGLISH[0], *ENGLISH[5:]))
    asked = "Is there a difference between the plan and some old song like \u201cRow the Boat\u201d?"
    song = [*paragraph_lines(ENGLISH[0], LEFT, TOP, WIDTH), Printed(LEFT, TOP - 12, asked[:61])]
    song += paragraph_lines(f"{asked[62:]} {more}", LEFT, TOP - 24, WIDTH)
    yield (
        "a quotation at the beginning of a line",
        Layout(document(song), (asked, *ENGLISH), (ENGLISH[0], *ENGLISH[5:])),
    )
    printed = list(wrapped(" ".join(ENGLISH), WIDTH))
    split = [[Printed(LEFT, TOP - 12 * n, line) for n, line in enumerate(part)] for part in (printed[:5], printed[5:])]
    yield "a sentence from page to page", Layout(document(*split), ENGLISH, (*ENGLISH[:4], *ENGLISH[6:]))


ITEMS = (
    "• Lamps that were taken from the boats of Lomma, Ystad or Saint Anne in the storm of the year before",
    "• Churches, bakers, schools, Friends of the River and the Wardens of the Coast, Upper Lomma, etc.",
    "• Repairs of ropes that were paid by the Harbour Office if they cost over 300 crowns.",
    "• Losses from other harbours of List B (Table 65), line 2.",
)
BESIDE = 300
"""Where the second of two columns begins."""


def drawn_across(*columns: Sequence[Printed]) -> bytes:
    """A page whose columns are drawn line by line from the top, whatever column each belongs to."""
    return document(sorted((line for column in columns for line in column), key=lambda line: (-line.y, line.x)))


def items(x: float, top: float, leading: float = LEADING) -> list[Printed]:
    """Items of a list, wrapped in a column; they have no stop, or begin a line with a capital."""
    lines = [line for item in ITEMS for line in wrapped(item, 215)]
    return [Printed(x, top - leading * number, line) for number, line in enumerate(lines)]


def uneven() -> Iterator[tuple[str, Layout]]:
    """Pages where what stands side by side is not at the same height, or not of the same kind."""
    left = paragraph_lines(" ".join(ENGLISH[:5]), LEFT, TOP, 215)
    for lower, leading in product((0, 2, 4, 6, 8), (12, 13, 14)):
        page = drawn_across(left, items(BESIDE, TOP - lower, leading))
        name = f"a list {lower} points lower than the column beside it, {leading} points from line to line"
        yield name, Layout(page, (*ENGLISH, *ITEMS), (*ENGLISH[:5], *ITEMS))
    numbered = [line._replace(text=f"{number}.") for number, line in enumerate(items(LEFT, TOP), 11)]
    yield "a list beside numbers", Layout(drawn_across(numbered, items(BESIDE, TOP)), ITEMS, ITEMS[1:])
    page = drawn_across(items(LEFT, TOP), items(BESIDE, TOP))
    yield "two lists beside each other", Layout(page, ITEMS, ITEMS)
    for word in (3, 5, 7):
        spaced = [*wide_spaces(paragraph_lines(" ".join(ENGLISH), LEFT, TOP, WIDTH), word)]
        yield f"wide spaces before word {word} of two lines", Layout(document(spaced), ENGLISH, ENGLISH[4:])
    cited = (
        "8. Lamps of brass (such as those of List A (Lomma), List C (Ystad), List E",
        "(Upper Lomma), etc.) of 1999",
    )
    lines = [Printed(LEFT, TOP - 12 * number, line) for number, line in enumerate((ENGLISH[2], *cited, *ENGLISH[3:5]))]
    yield "a bracket that another line closes", Layout(document(lines), (*ENGLISH, " ".join(cited)), ENGLISH[2:3])
    compared = ENGLISH[2], "> 12 litres a night in winter, the keeper has found.", ENGLISH[3]
    lines = [Printed(LEFT, TOP - 40 * number, line) for number, line in enumerate(compared)]
    yield "a line that begins with a sign", Layout(document(lines), ENGLISH, (ENGLISH[2],))


def wide_spaces(lines: Sequence[Printed], word: int) -> Iterator[Printed]:
    """Yield lines of which the second and third have a wide space before a word, at the same place."""
    for number, line in enumerate(lines):
        if number not in {1, 2}:
            yield line
            continue
        left, right = (" ".join(part) for part in (line.text.split()[:word], line.text.split()[word:]))
        yield line._replace(text=left)
        yield line._replace(text=right, x=LEFT + 40 * word)


OTHERS = dict(special()) | dict(uneven())


def layout_of(name: str) -> Layout:
    """The layout of this name; columns are drawn only now, since that takes a moment."""
    if name in OTHERS:
        return OTHERS[name]
    sentences, grid = COLUMNS[name]
    return Layout(in_columns(sentences, grid), sentences, sentences)
