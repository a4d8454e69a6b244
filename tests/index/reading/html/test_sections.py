"""Pages of questions and answers: what heads an answer, whatever the page makes its questions of."""

from __future__ import annotations

import pytest

from tests.index.reading.sections import chunks, entry_of, kinds, shown

pytestmark = pytest.mark.usefixtures("in_this_process")

INTRODUCTION = "The club lends lanterns to everybody in the valley, and its members repair those that are broken."
ANSWER = "Ask the caretaker, who keeps the key to the store room, on any weekday before noon."
OTHER = "Write to the caretaker before the first of December, or tell her at the store room."
SECRET = "Nobody has paid for a lantern since the old mill burned down in the year of the flood."


def page(*blocks: str, style: str = "") -> str:
    return (
        f"<html lang=en><head><title>Lantern club</title><style>{style}</style></head><body><main><h1>Lantern club</h1>"
        f"<p>{INTRODUCTION}</p>{''.join(blocks)}</main></body></html>"
    )


@pytest.mark.parametrize(
    "section",
    [
        pytest.param("<button aria-expanded=false>{asked}<span aria-hidden=true>+</span></button><div>{answer}</div>", id="a button"),
        pytest.param("<button aria-expanded=false aria-controls=p{n}>{asked}</button><div id=p{n} hidden>{answer}</div>", id="a closed panel"),
        pytest.param("<button aria-expanded=false aria-controls=p{n}>{asked}</button><div><div id=p{n} class=closed>{answer}</div></div>", id="a panel closed by style"),
        pytest.param("<h3><button aria-controls=p{n}><span>{asked}</span></button></h3><div id=p{n} style='display:none'>{answer}</div>", id="a button in a heading"),
        pytest.param("<button aria-expanded=true><h3>{asked}</h3></button><div>{answer}</div>", id="a heading in a button"),
        pytest.param("<div class=head><a role=button href='#p{n}' aria-expanded=false>{asked}</a></div><div id=p{n}>{answer}</div>", id="a link"),
        pytest.param("<div onclick='toggle({n})'>{asked} ▾</div><div>{answer}</div>", id="a box to click"),
        pytest.param("<div class=q>{asked}<i>+</i></div><div class=a>{answer}</div>", id="boxes of a class that ask"),
        pytest.param("<details><summary><p>{asked}</p></summary>{answer}</details>", id="details"),
        pytest.param("<dl><dt>{asked}</dt><dd>{answer}</dd></dl>", id="a definition"),
        pytest.param("<p><strong>{asked}</strong></p><p>{answer}</p>", id="a bold paragraph"),
        pytest.param("<p><b>{asked}</b><br>{answer}</p>", id="a bold line"),
        pytest.param("<p><strong>Q: {asked}</strong></p><p>A: {answer}</p>", id="bold with Q and A"),
        pytest.param("<p>Q: {asked}<br>A: {answer}</p>", id="lines with Q and A"),
        pytest.param("<ol><li>{asked}</li></ol><p>{answer}</p>", id="lists of one question"),
    ],
)  # fmt: skip
def test_a_question_heads_its_answer_and_no_other(section: str) -> None:
    sections = [
        section.format(asked=asked, answer=answer, n=number)
        for number, (asked, answer) in enumerate([("How do I borrow one?", ANSWER), ("How do I leave?", OTHER)])
    ]
    boxed = (f"<div>{one}</div>" for one in sections)
    entry = entry_of("faq.html", page(*boxed, style=".closed{max-height:0;overflow:hidden}"))
    assert shown(entry) == [
        ("", INTRODUCTION),
        ("How do I borrow one?", ANSWER),
        ("How do I leave?", OTHER),
    ]


def test_a_list_whose_items_are_questions_with_answers_is_none() -> None:
    items = (
        f"<li><button aria-expanded=false>How do I borrow one?</button><div>{ANSWER}</div></li>"
        f"<li><button aria-expanded=false>How do I leave?</button><div>{OTHER}</div></li>"
    )
    entry = entry_of("faq.html", page(f"<ol>{items}</ol>"))
    assert shown(entry)[1:] == [("How do I borrow one?", ANSWER), ("How do I leave?", OTHER)]


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(f"<div id=p hidden>{SECRET}</div>", id="nothing opens it"),
        pytest.param(f"<button>Why?</button><div id=p hidden>{SECRET}</div>", id="the button does not name it"),
        pytest.param(f"<button hidden aria-controls=p>Why?</button><div id=p hidden>{SECRET}</div>", id="a hidden button"),
        pytest.param(f"<button style='opacity:0' aria-controls=p>Why?</button><div id=p hidden>{SECRET}</div>", id="an invisible button"),
        pytest.param(f"<button aria-controls=p aria-haspopup=dialog>Why?</button><div id=p hidden>{SECRET}</div>", id="a dialog"),
        pytest.param(f"<div hidden><button aria-controls=p>Why?</button><div id=p hidden>{SECRET}</div></div>", id="both are hidden"),
        pytest.param(f"<button aria-controls=p>Why?</button><div id=p hidden>So.<p style='display:none'>{SECRET}</p></div>", id="it is hidden in the panel"),
        pytest.param(f"<button aria-controls=p>Why?</button><p>Far away.</p><div id=p hidden>{SECRET}</div>", id="the panel is elsewhere"),
    ],
)  # fmt: skip
def test_what_no_visible_control_opens_is_not_quoted(hidden: str) -> None:
    assert SECRET not in chunks(entry_of("faq.html", page(f"<p>{ANSWER}</p>", hidden)))


@pytest.mark.parametrize(
    "prose",
    [
        pytest.param("<p>She asked: <b>Who pays?</b> Nobody knew.</p>", id="bold within a paragraph"),
        pytest.param("<p><b>Who pays?</b> asked the mayor.</p>", id="a sentence goes on"),
        pytest.param("<p class=body>Who pays?</p><p class=body>The club does.</p>", id="one class for all"),
        pytest.param("<p><b>The club pays.</b></p>", id="bold that asks nothing"),
    ],
)
def test_prose_that_asks_opens_no_section(prose: str) -> None:
    entry = entry_of("page.html", page(f"<p>{ANSWER}</p>", prose, f"<p>{OTHER}</p>"))
    assert {path for path, _ in shown(entry)} == {""}


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("<p>Lamps are lent in:<br>Aldham, 3 May<br>Brook, 9 May</p>", id="lines below a lead-in"),
        pytest.param("<p>Lamps are lent in:</p><p>Aldham, 3 May<br>Brook, 9 May</p>", id="a paragraph of lines"),
        pytest.param("<p>Lamps are lent in:<br><br>• Aldham, 3 May<br>• Brook, 9 May</p>", id="lines with bullets"),
        pytest.param("<p>Lamps are lent in:</p><ul><li>Aldham, 3 May</li><li>Brook, 9 May</li></ul>", id="a list"),
    ],
)
def test_lines_that_a_colon_leads_up_to_are_list_items(block: str) -> None:
    entry = entry_of("page.html", page(f"<p>{ANSWER}</p>", block, f"<p>{OTHER}</p>"))
    assert chunks(entry)[2:-1] == ["Lamps are lent in:", "Aldham, 3 May", "Brook, 9 May"]
    assert kinds(entry)[3:-1] == ["list item", "list item"]


def test_lines_that_a_sentence_runs_through_are_none() -> None:
    entry = entry_of("page.html", page("<p>He said:<br>We lend lamps to<br>everybody here.</p>", f"<p>{ANSWER}</p>"))
    assert "list item" not in kinds(entry)


def test_lists_within_lists_have_their_depth_and_their_numbers() -> None:
    steps = (
        "<ol type=a><li>Open the lamp.<ul><li>Turn the ring.</li></ul></li>"
        "<li>Fill it:<pre>fill --oil\n  --slowly</pre></li></ol>"
    )
    entry = entry_of("page.html", page(f"<p>{ANSWER}</p>", steps, f"<p>{OTHER}</p>"))
    assert chunks(entry)[2:-1] == ["a. Open the lamp.", "Turn the ring.", "b. Fill it:", "fill --oil\n  --slowly"]
    assert [block.level for block in entry.blocks if block.kind == "list item"] == [1, 2, 1]


def details(*answers: str) -> str:
    return "".join(f"<details><summary>How do I get {n}?</summary>{said}</details>" for n, said in enumerate(answers))


def test_a_short_answer_with_a_link_is_kept_among_the_others() -> None:
    link = "<p>On the <a href=/lanterns>page of lanterns</a>.</p>"
    entry = entry_of("faq.html", page(details(link, f"<p>{ANSWER}</p>", link, f"<p>{OTHER}</p>"), "<h2>End</h2>"))
    said = ["On the page of lanterns.", ANSWER, "On the page of lanterns.", OTHER]
    assert shown(entry) == [("", INTRODUCTION), *((f"How do I get {n}?", one) for n, one in enumerate(said))]


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("<h2><del>Prices</del></h2>", id="struck in the heading"),
        pytest.param("<del><h2>Prices</h2></del>", id="struck with the heading"),
        pytest.param("<h2 style='text-decoration:line-through'>Prices</h2>", id="struck by style"),
    ],
)
def test_a_heading_that_is_struck_out_ends_a_section_and_is_above_none(heading: str) -> None:
    entry = entry_of("page.html", page("<h2>Lamps</h2>", f"<p>{ANSWER}</p>", heading, f"<p>{OTHER}</p>"))
    assert shown(entry) == [("", INTRODUCTION), ("Lamps", ANSWER), ("", OTHER)]


@pytest.mark.parametrize(
    ("code", "quoted"),
    [
        pytest.param("<pre><button>Copy</button><code>fill --oil</code></pre>", ["fill --oil"], id="a button"),
        pytest.param("<pre>fill <del>--oil</del> --water</pre>", [], id="struck out in part"),
        pytest.param("<pre><s>fill --oil</s></pre>", [], id="struck out"),
        pytest.param("<pre>fill<span hidden> --oil</span></pre>", ["fill"], id="hidden in part"),
    ],
)
def test_code_is_quoted_as_it_is_seen(code: str, quoted: list[str]) -> None:
    entry = entry_of("page.html", page(f"<p>{ANSWER}</p>", code, f"<p>{OTHER}</p>"))
    assert chunks(entry) == [INTRODUCTION, ANSWER, *quoted, OTHER]
