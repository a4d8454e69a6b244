"""Markdown as it is written today: what of it is quoted, what heads a section, and what is never shown."""

from __future__ import annotations

import pytest

from index.cleaning import built_in_rules
from index.errors import ArticleRejected
from index.models import MAX_PATH, BlockKind, IndexedArticle, collapse_whitespace
from index.reading import read_article

pytestmark = pytest.mark.usefixtures("in_this_process")

LAMP = "The lamp is bright."


def entry_of(source: str, file: str = "lamp.md") -> IndexedArticle:
    return read_article(file, source.encode(), None, built_in_rules())


def quotable(entry: IndexedArticle) -> list[str]:
    return [collapse_whitespace(entry.article.text[slice(*one.span)]) for one in entry.body_sentences]


def path_of(entry: IndexedArticle, sentence: str) -> list[str]:
    text = entry.article.text
    return [text[slice(*span)] for span in entry.heading_path(text.index(sentence) + 1)]


@pytest.mark.parametrize(
    ("source", "quoted"),
    [
        pytest.param("> [!NOTE]\n> It hums.", ["It hums."], id="a callout"),
        pytest.param("> [!warning]- Mind the cord\n> It hums.", ["It hums."], id="a callout with a title"),
        pytest.param(":::tip\nIt hums.\n:::", ["It hums."], id="a container"),
        pytest.param("It glows.\n:::danger[Hot glass]\nIt hums.\n:::\nIt fades.", ["It glows.", "It hums.", "It fades."], id="a container between lines"),
        pytest.param("::::note\n:::tip\nIt hums.\n:::\n::::", ["It hums."], id="a container in another"),
        pytest.param(":::{note} Careful\nIt hums.\n:::", ["It hums."], id="a container of MyST"),
        pytest.param('!!! note "At night"\n\n    It hums.\n\nIt fades.', ["It hums.", "It fades."], id="an admonition"),
        pytest.param("??? tip\n    It hums.", ["It hums."], id="a closed admonition"),
        pytest.param('???+ tip inline end "Open"\n    It hums.\n\n    - It glows.', ["It hums.", "It glows."], id="an open admonition"),
        pytest.param('=== "Linux"\n\n    It hums.\n\n=== "Mac"\n\n    It glows.', ["It hums.", "It glows."], id="tabs"),
        pytest.param("It hums[^1] softly.[^two]\n\n[^1]: Since May.\n[^two]: At night.", ["It hums softly.", "Since May.", "At night."], id="footnotes"),
        pytest.param("It hums[^my note].\n\n[^my note]: Since May.", ["It hums.", "Since May."], id="footnotes named by words"),
        pytest.param("- The lamp\n    - It hums.\n- The bell\n\n    It rings.", ["The lamp", "It hums.", "The bell", "It rings."], id="lists in lists"),
        pytest.param("<figure markdown>\n  ![a lamp](lamp.png){ width=9 }\n</figure>\n\nIt hums.", ["It hums."], id="Markdown in HTML"),
        pytest.param("- [ ] Buy a bulb.\n- [x] Clean the glass.", ["Buy a bulb.", "Clean the glass."], id="tasks"),
        pytest.param("See [[Help room#Hours|the help room]] or [[Bulbs]].", ["See the help room or Bulbs."], id="wikilinks"),
        pytest.param("The wire ![[drawing.png]] is red. It hums.", ["It hums."], id="an embed in a sentence"),
        pytest.param("![[drawing.png]]\n\nIt hums.", ["It hums."], id="an embed"),
        pytest.param("It hums %%at 80 euros%% softly.", ["It hums softly."], id="a comment in a sentence"),
        pytest.param("%%\nIt costs 80 euros.\n\nStill secret.\n%%\n\nIt hums.", ["It hums."], id="a comment of blocks"),
        pytest.param("<!-- It costs 80 euros. -->\n\nIt hums.<!-- Never. -->", ["It hums."], id="a comment of HTML"),
        pytest.param("{# It costs 80 euros. #}\nIt hums.", ["It hums."], id="a comment of a template"),
        pytest.param("{% comment %}\nIt costs.\n\nMuch.\n{% endcomment %}\n\nIt hums.", ["It hums."], id="a comment of Jekyll"),
        pytest.param("It costs {/* 80 euros */} nothing.", ["It costs nothing."], id="a comment of MDX"),
        pytest.param("Use ==two **strong** hands== for it.", ["Use two strong hands for it."], id="a mark"),
        pytest.param("Where a == b and c == d, it hums.", ["Where a == b and c == d, it hums."], id="signs that are no mark"),
        pytest.param("It hums. ^hum-1", ["It hums."], id="a block's id"),
        pytest.param("It hums.\n{: .note .is-loud }", ["It hums."], id="attributes below"),
        pytest.param("It [hums](x.md){target=_blank} in `blue`{.color}.", ["It hums in blue."], id="attributes in a sentence"),
        pytest.param("Write {name} and {0} there.", ["Write {name} and {0} there."], id="braces that are no attributes"),
        pytest.param("{{< hint info >}}\nIt hums.\n{{< /hint >}}", ["It hums."], id="a shortcode around"),
        pytest.param("{{% notice %}}\n\nIt hums.\n\n{{% /notice %}}", ["It hums."], id="a shortcode around blocks"),
        pytest.param("It weighs {{< weight >}} pounds. It hums.", ["It hums."], id="a shortcode in a sentence"),
        pytest.param("{{ site.name }} is loud. It hums.", ["It hums."], id="a value that begins a sentence"),
        pytest.param("It costs {{ site.price }}. It hums.", ["It hums."], id="a value that ends a sentence"),
        pytest.param("It runs on\n{{ power }}\nat night. It hums.", ["It hums."], id="a value alone on its line"),
        pytest.param('See [the room]({{< ref "room.md" >}}).', ["See the room."], id="a shortcode as the target of a link"),
        pytest.param("Write `{{ name }}` there.", ["Write {{ name }} there."], id="a value in code"),
        pytest.param("{% highlight sh %}\nlamp --on\n{% endhighlight %}\n\nIt hums.", ["lamp --on", "It hums."], id="code of Jekyll"),
        pytest.param("{% if night %}\nIt hums.\n{% endif %}", ["It hums."], id="a condition"),
        pytest.param("import Lamp from '@site/lamp';\n\nexport const price = 80;\n\nIt hums.", ["It hums."], id="a module"),
        pytest.param("import the lamp from the shop first.", ["import the lamp from the shop first."], id="prose with import"),
        pytest.param('<Tabs>\n<TabItem value="mac" label="Mac">\n\nIt hums.\n\n</TabItem>\n</Tabs>', ["It hums."], id="components"),
        pytest.param("<Card\n  size={{ big: 1 }}\n  title='Bulbs'\n>\n\nIt hums.\n\n</Card>", ["It hums."], id="a component of several lines"),
        pytest.param("It <Badge kind='x'>hums</Badge> softly. It weighs <Weight /> pounds.", ["It hums softly."], id="components in a sentence"),
        pytest.param("It costs :coin: nothing at 10:30:15.", ["It costs nothing at 10:30:15."], id="an emoji"),
        pytest.param("Write /dim <level> now. It hums.", ["It hums."], id="a tag that no browser knows"),
        pytest.param("The <head> is hot. It hums.", ["It hums."], id="a tag that is not closed"),
        pytest.param("It <b>hums</b> with H<sub>2</sub>O<br>and glows.", ["It hums with H₂O and glows."], id="tags of HTML"),
        pytest.param('<div style="display:none">\n\nIt costs 80 euros.\n\n</div>\n\nIt hums.', ["It hums."], id="hidden HTML"),
        pytest.param("It is <span hidden>not</span> hot. It <script>f('It rang. Twice. So')</script> hums. It glows.", ["It glows."], id="hidden words in a sentence"),
        pytest.param("<details>\n<summary>More</summary>\n\n- It hums.\n\n</details>", ["It hums."], id="details"),
        pytest.param("<ul><li>It hums.</li><li>It glows.</li></ul>", ["It hums.", "It glows."], id="a list in HTML"),
        pytest.param("- [Use](#use)\n    - [Care](#care)\n- [See](other.md)\n\nIt hums.", ["See", "It hums."], id="links to headings"),
        pytest.param('[TOC]\n\nIt hums.\n\n--8<-- "shared.md"', ["It hums."], id="a table of contents and an inclusion"),
    ],
)  # fmt: skip
def test_nothing_of_a_mark_is_quoted(source: str, quoted: list[str]) -> None:
    assert quotable(entry_of(f"# Lamps\n\n{LAMP}\n\n{source}\n")) == [LAMP, *quoted]


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        pytest.param('=== "Linux"\n\n    It hums.', "Linux", id="a tab"),
        pytest.param('!!! note "At night"\n\n    It hums.', "At night", id="an admonition's title"),
        pytest.param(":::tabs\n== Linux\nIt hums.\n== Mac\nIt glows.\n:::", "Linux", id="a tab in a container"),
        pytest.param("> [!tip] At night\n> It hums.", "At night", id="a callout's title"),
        pytest.param(":::tip At night\nIt hums.\n:::", "At night", id="a container's title"),
        pytest.param('<TabItem label="Mac">\n\nIt hums.\n\n</TabItem>', "Mac", id="a component's label"),
        pytest.param("<details><summary>When?</summary>\n\nIt hums.\n\n</details>", "When?", id="a summary"),
        pytest.param("Humming\n: It hums.", "Humming", id="a term"),
        pytest.param("**How loud is it?**\n\nIt hums.", "How loud is it?", id="a bold question"),
        pytest.param("__How loud is it?__\nIt hums.", "How loud is it?", id="a bold question, and its answer below"),
        pytest.param("**Loudness**<br>\nIt hums.", "Loudness", id="a bold line with a break of HTML"),
        pytest.param("**Loudness**  \nIt hums.", "Loudness", id="a bold line with a break"),
        pytest.param("**Q: How loud is it?**\n**A:** It hums.", "How loud is it?", id="a bold question with its mark"),
        pytest.param("Q: How loud is it?\nA: It hums.", "How loud is it?", id="marks of question and answer"),
        pytest.param("**Frage 2:** Wie laut?\n\n**Antwort**: It hums.", "Wie laut?", id="marks in German"),
        pytest.param("### Q: How loud is it?\n\nA: It hums.", "How loud is it?", id="a marked heading"),
        pytest.param("- **How loud is it?** It hums.\n- **Is it hot?** No.", "How loud is it?", id="a question in a list"),
        pytest.param("1. **How loud is it?**\n\n   It hums.", "How loud is it?", id="a question in a numbered list"),
        pytest.param("| Question | Answer |\n|---|---|\n| How loud? | It hums. |", "How loud?", id="a table"),
        pytest.param("| Frage | Antwort |\n|---|---|\n| Wie laut? | It hums. |", "Wie laut?", id="a table in German"),
        pytest.param("## Use {#use .big}\n\nIt hums.", "Use", id="a heading with attributes"),
        pytest.param("## Use {: #use } ##\n\nIt hums.", "Use", id="a heading with attributes and hashes"),
        pytest.param("## :lamp: Use {{ name }}\n\nIt hums.", "Use", id="a heading with an emoji and a value"),
    ],
)  # fmt: skip
def test_a_title_or_question_heads_what_is_below_it(source: str, heading: str) -> None:
    entry = entry_of(f"# Lamps\n\n{LAMP}\n\n{source}\n")
    assert path_of(entry, "It hums.") == [heading]
    assert quotable(entry)[:2] == [LAMP, "It hums."]
    assert heading not in quotable(entry)


@pytest.mark.parametrize(
    "scoped",
    [
        '=== "Linux"\n\n    It hums.',
        '!!! note "At night"\n    It hums.',
        "> [!tip] At night\n> It hums.",
        ":::tip At night\nIt hums.\n:::",
        '<TabItem label="Mac">\n\nIt hums.\n\n</TabItem>',
        "<details><summary>When?</summary>\n\nIt hums.\n\n</details>",
        "Humming\n: It hums.",
        "- **How loud is it?** It hums.",
        "| Question | Answer |\n|---|---|\n| How loud? | It hums. |",
    ],
)
def test_what_follows_a_tab_or_an_answer_in_a_list_is_not_under_its_title(scoped: str) -> None:
    entry = entry_of(f"# Lamps\n\n## Use\n\n{scoped}\n\n{LAMP}\n")
    assert path_of(entry, LAMP) == ["Use"]
    assert len(path_of(entry, "It hums.")) == 2


@pytest.mark.parametrize(
    "source",
    [
        "**Note that it is hot.** It hums.",
        "- **Heat:** it is hot.",
        "**Is it hot?** she asked.",
        "A. Ek said so.",
        "| Question | Price |\n|---|---|\n| How loud? | It hums. |",
    ],
)
def test_what_only_looks_like_a_question_opens_no_section(source: str) -> None:
    entry = entry_of(f"# Lamps\n\n{LAMP}\n\n{source}\n")
    assert [block.kind for block in entry.blocks].count(BlockKind.HEADING) == 1
    assert len(quotable(entry)) > 1


def test_a_table_row_with_a_missing_value_is_not_quoted() -> None:
    entry = entry_of("| Lamp | Price |\n|---|---|\n| Red | {{ price }} |\n| Blue | 9 |\n")
    rows = [block.text_in(entry.article.text) for block in entry.blocks if block.kind is BlockKind.TABLE_ROW]
    assert rows == ["Lamp; Price", "Lamp: Blue; Price: 9"]


def test_code_keeps_what_would_be_marks_elsewhere() -> None:
    code = '=== "x"\n:::tip\n%%time\n[[a|b]] {{ value }} {# no #}\n<Tabs>'
    assert quotable(entry_of(f"{LAMP}\n\n```\n{code}\n```\n")) == [LAMP, collapse_whitespace(code)]


def test_a_file_of_mdx_is_read_as_markdown() -> None:
    assert quotable(entry_of(f"# Lamps\n\n<Tabs>\n\n{LAMP}\n\n</Tabs>\n", "lamp.mdx")) == [LAMP]


MANY = 20_000


@pytest.mark.parametrize(
    "marks",
    [
        ":::a\n",
        '=== "a"\n',
        "!!! a\n",
        "%%a\n",
        "{{ ",
        "{% comment %}\n",
        "{% highlight a %}\n",
        "{# ",
        "[[",
        "[^",
        "==a",
        "<A b={",
        "<a ",
        "<b>",
        "<sup>",
        ":a",
        "**a?",
        "Q: a\n",
        "> [!a]\n",
        "a\n: b\n",
        "1. a\n",
        "- **a?** B\n",
    ],
    ids=repr,
)
@pytest.mark.parametrize("times", [MANY // 40, pytest.param(MANY, marks=pytest.mark.slow)])  # the latter tests the time
def test_a_file_of_nothing_but_marks_is_read_or_refused_within_the_limit_of_a_test(marks: str, times: int) -> None:
    source = marks * times
    try:
        entry = entry_of(f"{LAMP}\n\n{source}\n\n{LAMP}\n")
    except ArticleRejected as refused:
        assert "nested" in refused.what
    else:
        assert LAMP in quotable(entry)


def test_a_caption_after_code_costs_no_sentence_before_the_code() -> None:
    source = f"{LAMP} Write the sign t\n\n```\nlamp --on\n```\n\n<figcaption>The lamp</figcaption>\n\nIt hums.\n"
    assert quotable(entry_of(source)) == [LAMP, "Write the sign t", "lamp --on", "It hums."]


def test_of_very_many_questions_in_a_row_the_last_ones_head_the_answer() -> None:
    asked = "".join(f"**May I come on day {number}?**\n\n" for number in range(1, 101))
    entry = entry_of(f"# Visits\n\n{asked}Yes, on all of them.\n")
    path = entry.heading_path(len(entry.article.text))
    assert entry.article.text[slice(*path[-1])] == "May I come on day 100?"
    assert len(path) <= MAX_PATH


def test_an_item_below_one_that_opens_a_section_keeps_its_number() -> None:
    entry = entry_of("# Visits\n\n0. **May I come?** Yes.\n1. Ring the bell at the gate.\n")
    assert quotable(entry) == ["Yes.", "1. Ring the bell at the gate."]


def test_a_table_with_a_long_cell_has_rows() -> None:
    entry = entry_of(f"# Lamps\n\n| Lamp | Use |\n|---|---|\n| Small | {'in the mill, ' * 100} |\n")
    assert [one.kind.value for one in entry.body_sentences] == ["table row"]
