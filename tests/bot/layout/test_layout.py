"""What a message looks like, and where a long one comes apart."""

from __future__ import annotations

import hashlib
import itertools
from urllib.parse import quote_plus

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n.messages import LanguageName, Message
from bot.layout import RenderedMessages, render_answer, render_articles, render_more, render_passages
from bot.layout.buttons import Button
from bot.layout.limits import Size, longest_fitting
from bot.layout.markdown import escape_markdown
from bot.layout.pages import Block, QuotationGroup, paginate
from bot.layout.parts import FixedSentence, MetadataText, Number, QuotedText
from bot.layout.quotations import MAX_SOURCES, quote_block
from index.analysis.languages import codes
from index.models import (
    Answer,
    Article,
    Explanation,
    IndexedArticle,
    MetadataField,
    Origin,
    Quote,
    Source,
    Span,
    Suggestion,
    Verdict,
)
from tests.bot.accounting import linked

URLS = ("https://example.com/one", "https://example.com/two")


def article(text: str, **facts: str) -> Article:
    recorded = {name: MetadataField(value=value, origin=Origin.SIDECAR) for name, value in facts.items()}
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article.model_validate(
        {"id": "made-up", "file": "made-up.txt", "encoding": "utf-8", "sha256": digest, "text": text, **recorded}
    )


def quoted(text: str, **facts: str) -> Quote:
    return Quote(article=article(text, **facts), spans=(Span(0, len(text)),), score=1.0)


def lines(block: Block | QuotationGroup) -> list[str]:
    parts = (block,) if isinstance(block, Block) else block.parts
    return [line.line for part in parts for line in part.lines]


def test_a_quotation_stands_over_what_is_recorded_of_its_article() -> None:
    facts = {"title": "A *dam*", "publisher": "The Example", "author": "Ann", "published": "2026-04-25"}
    block = quote_block(quoted("A dam\nis built.", url="https://example.com/dam_2", **facts))
    assert lines(block) == [
        "> A dam is built.",
        "**A \\*dam\\***",
        "Publisher: \u2068The Example\u2069",
        "Author: \u2068Ann\u2069",
        "Published: \u20682026-04-25\u2069",
        "https://example.com/dam_2",
    ]


def test_what_is_not_recorded_is_said_or_left_out_but_never_filled_in() -> None:
    assert lines(quote_block(quoted("A dam is built.", publisher="The Example"))) == [
        "> A dam is built.",
        "No title recorded. The article's ID is \u2068made-up\u2069.",
        "Publisher: \u2068The Example\u2069",
        "source URL not recorded",
    ]


def test_long_facts_stand_on_lines_of_their_own() -> None:
    block = quote_block(quoted("A dam is built.", title="Dam", publisher="P" * 250, author="A" * 250))
    assert lines(block)[2:4] == ["P" * 250, "A" * 250]


def test_a_url_in_other_letters_is_opened_percent_encoded_and_shown_as_it_is() -> None:
    block = quote_block(quoted("漢" * 100, url="https://example.com/漢"))
    assert lines(block)[-1] == "https://example.com/漢"
    assert block.link is not None
    assert block.link.url == "https://example.com/%E6%BC%A2"


@pytest.mark.parametrize("end", [*".,:;'])", "_(x)", "/a?b=1.", "/", "!", "?", "*", "_", "~", "-", "%"])
def test_discord_links_the_whole_of_a_source_url(end: str) -> None:
    url = f"https://example.com/a{end}"
    shown = lines(quote_block(quoted("Short.", url=url)))[-1]
    assert linked(shown) == url
    assert shown in {url, f"<{url}>"}


def test_a_url_that_discord_would_not_make_a_link_of_is_shown_neutral() -> None:
    assert lines(quote_block(quoted("Short.", url="HTTPS://example.com/_a_")))[-1] == "HTTPS\\://example.com/\\_a\\_"


@settings(deadline=None)
@given(st.text(min_size=1, max_size=300), st.integers(1, 200), st.integers(1, 300))
def test_a_text_comes_apart_where_its_beginning_fits(text: str, characters: int, octets: int) -> None:
    text = text.encode("utf-8", "replace").decode()
    end = longest_fitting(text, Size(characters, octets))
    assert Size.of(escape_markdown(text[:end])).fits(Size(characters, octets)) or end == 0


def test_a_text_comes_apart_between_words_and_never_within_a_grapheme() -> None:
    assert longest_fitting("word " * 10, Size(19, 100)) == 15
    astronauts = "🧑‍🚀" * 10
    assert longest_fitting(astronauts, Size(24, 1000)) % len("🧑‍🚀") == 0


def test_blocks_share_a_message_until_it_is_full() -> None:
    block = Block((MetadataText("a" * 1300),))
    assert [len(page.blocks) for page in paginate([block] * 7)] == [3, 3, 1]


def test_no_message_has_more_than_forty_components() -> None:
    blocks = [quote_block(quoted("Short.", url="https://example.com/"))] * 30
    views = [page.view() for page in paginate(blocks)]
    assert all(len(list(view.walk_children())) <= 40 for view in views)
    assert sum(isinstance(item, ui.Button) for view in views for item in view.walk_children()) == 30


def told_by(quote: Quote, number: int, **facts: str) -> Quote:
    """The quotation, with so many other articles that say it too."""
    others = (article(quote.article.text, **facts).model_copy(update={"id": f"other-{n}"}) for n in range(number))
    also = tuple(Source(article=other, spans=quote.spans) for other in others)
    return Quote(article=quote.article, spans=quote.spans, score=1, other_sources=also)


def test_the_sources_of_a_quotation_stand_in_its_frame_each_over_its_button() -> None:
    quote = told_by(quoted("A dam is built.", title="One", url=URLS[0]), 1, title="Two", url=URLS[1])
    [page] = paginate([quote_block(quote)])
    [frame] = page.view().children
    assert isinstance(frame, ui.Container)
    inside = [part for part in frame.walk_children() if isinstance(part, ui.TextDisplay | ui.Button)]
    assert [part.content if isinstance(part, ui.TextDisplay) else part.url for part in inside] == [
        f"> A dam is built.\n**One**\n{URLS[0]}",
        f"{URLS[0]}#:~:text=A%20dam%20is%20built.",
        f"The same words are also in:\n**Two**\n{URLS[1]}",
        f"{URLS[1]}#:~:text=A%20dam%20is%20built.",
    ]


@pytest.mark.parametrize("words", ["A dam is built.", "long " * 700, "long " * 1900])
def test_sources_that_do_not_fit_under_the_quotation_go_on_in_frames_of_their_own(words: str) -> None:
    facts = {"title": "x" * 480, "publisher": "y" * 480, "author": "z" * 480, "url": URLS[0]}
    blocks = [quote_block(told_by(quoted(words.strip(), **facts), 12, **facts))] * 3
    views = [page.view() for page in paginate(blocks)]
    said = [item.content for view in views for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    assert all(len(list(view.walk_children())) <= 40 for view in views)
    assert sum("The same words are also in:" in text for text in said) == 3 * (MAX_SOURCES - 1)
    assert said.count(f"More articles with the same words: {13 - MAX_SOURCES}") == 3
    assert sum(isinstance(item, ui.Button) for view in views for item in view.walk_children()) == 3 * MAX_SOURCES


def pieces_of(text: str, **facts: str) -> list[Quote]:
    """The sentences of an article, each as a quotation."""
    made, place = article(text, **facts), 0
    quotes = []
    for sentence in text.split("\n"):
        quotes.append(Quote(article=made, spans=(Span(place, place + len(sentence)),), score=1.0))
        place += len(sentence) + 1
    return quotes


def shown_in(shown: RenderedMessages) -> list[list[str]]:
    """The texts and links of each message, in reading order."""
    return [
        [
            item.content if isinstance(item, ui.TextDisplay) else str(item.url)
            for item in view.walk_children()
            if isinstance(item, ui.TextDisplay | ui.Button)
        ]
        for view in shown.views
    ]


def opens(url: str, text: str) -> str:
    return f"{url}#:~:text={quote_plus(text).replace('+', '%20')}"


def test_quotations_of_an_article_stand_together_over_one_source() -> None:
    dam = pieces_of("The dam opens.\nIt is high.\nIt is old.", title="Dam", publisher="The Example", url=URLS[0])
    [other] = pieces_of("The weir is low.", title="Weir", url=URLS[1])
    other = other.model_copy(update={"article": other.article.model_copy(update={"id": "other"})})
    shown = render_passages("dam", [dam[0], other, dam[2], dam[1]])
    assert list(shown.quotes) == [dam[0], dam[2], dam[1], other]
    assert shown_in(shown)[0][2:] == [
        "> The dam opens.",
        opens(URLS[0], "The dam opens."),
        "> It is old.",
        opens(URLS[0], "It is old."),
        "> It is high.",
        opens(URLS[0], "It is high."),
        f"**Dam**\nPublisher: \u2068The Example\u2069\n{URLS[0]}",
        f"> The weir is low.\n**Weir**\n{URLS[1]}",
        opens(URLS[1], "The weir is low."),
    ]
    assert sum(isinstance(item, ui.Container) for item in shown.views[0].children) == 2


def test_an_article_without_a_url_says_so_once() -> None:
    [inside] = shown_in(render_passages("dam", pieces_of("The dam opens.\nIt is high.", title="Dam")))
    assert inside[2:] == ["> The dam opens.", "> It is high.", "**Dam**\nsource URL not recorded"]


def test_another_article_that_holds_all_of_the_quotations_is_named_once() -> None:
    text = "The dam opens.\nIt is high."
    quotes = [told_by(quote, 1, title="Copy", url=URLS[1]) for quote in pieces_of(text, title="Dam", url=URLS[0])]
    quotes[1] = told_by(quotes[1], 2, title="Copy", url=URLS[1])
    [inside] = shown_in(render_passages("dam", quotes))
    copy = f"The same words are also in:\n**Copy**\n{URLS[1]}"
    assert inside[2:] == [
        "> The dam opens.",
        opens(URLS[0], "The dam opens."),
        "> It is high.",
        opens(URLS[0], "It is high."),
        copy,
        opens(URLS[1], "It is high."),
        f"**Dam**\n{URLS[0]}",
        copy,
        opens(URLS[1], "The dam opens."),
    ]


@pytest.mark.parametrize("size", [300, 900, 1300, 1900, 3300, 3900, 9000])
def test_many_quotations_of_an_article_are_spread_over_messages_each_with_the_source_once(size: int) -> None:
    text = "\n".join(f"{number} {'dam ' * (size // 4)}end." for number in range(5))
    dam = pieces_of(text, title="T" * 300, author="A" * 150, url=URLS[0])
    shown = render_answer(
        Answer(
            question="dam", verdict=Verdict.MAY_ANSWER, possible=tuple(dam[:3]), explanation=Explanation(rule="model")
        ),
        None,
        "an-id",
    )
    for made, quotes in ((shown, dam[:3]), (render_more(Message.MORE_OF, dam), dam)):
        messages = shown_in(made)
        assert messages[0][1].startswith("> "), "the sentence at the beginning does not stand alone"
        assert list(made.quotes) == quotes
        for texts in messages:
            sources = sum(text.count("T" * 300) for text in texts)
            goes_on = any(say in texts[-1] for say in (Message.QUOTE_GOES_ON, Message.GOES_ON))
            assert sources == 1 or (sources == 0 and goes_on)
        assert sum(text.startswith(f"{URLS[0]}#:~:text=") for texts in messages for text in texts) == len(quotes)


def test_what_goes_on_says_so_on_both_sides() -> None:
    [first, second, third] = paginate([Block((QuotedText("漢" * 8000), FixedSentence.of(Message.NO_URL)))])
    said = [line for page in (first, second, third) for block in page.blocks for line in lines(block)]
    pieces = [line[2:] for line in said if line.startswith("> ")]
    assert "".join(pieces) == "漢" * 8000
    assert said == list(
        itertools.chain(
            ["> " + pieces[0], Message.QUOTE_GOES_ON],
            [Message.CONTINUED, "> " + pieces[1], Message.QUOTE_GOES_ON],
            [Message.CONTINUED, "> " + pieces[2], Message.NO_URL],
        )
    )


def test_a_search_that_would_fill_a_channel_is_cut_off_with_a_count() -> None:
    shown = render_passages("x", [quoted("word " * 1900)] * 10)
    assert len(shown.views) <= 5
    left_out = FixedSentence.of(Message.MORE_PASSAGES, count=Number(10 - len(shown.quotes))).line
    assert left_out in [item.content for item in shown.views[-1].walk_children() if isinstance(item, ui.TextDisplay)]


def test_a_hundred_thousand_articles_are_listed_on_two_messages_at_once() -> None:
    entry = IndexedArticle(article=article("A dam is built.", title="A dam for the valley"))
    shown = render_articles([entry] * 100_000)
    assert len(shown.views) == 2
    [last] = [item.content for item in list(shown.views[-1].walk_children())[-1:] if isinstance(item, ui.TextDisplay)]
    assert last.startswith("Articles that didn't fit here: 999")


def test_articles_are_listed_under_the_folders_that_they_are_in() -> None:
    files = ("a.md", "b.md", "guide/a.md", "guide/b.md", "guide/api/a.md", "z_z/**a**/a.md")
    made = [article("A dam is built.", title=f"Page {file}").model_copy(update={"file": file}) for file in files]
    [view] = render_articles([IndexedArticle(article=one) for one in made]).views
    shown = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)][1:]
    headings = [said.split("\n")[0] if said.startswith("**Folder**") else "" for said in shown]
    assert headings == [
        "",
        "",
        "**Folder**: \u2068guide\u2069",
        "",
        "**Folder**: \u2068guide/api\u2069",
        "**Folder**: \u2068z\\_z/\\*\\*a\\*\\*\u2069",
    ]
    assert all(f"Page {file[:4]}" in said.replace("\\", "") for file, said in zip(files, shown, strict=True))


def test_a_folder_with_an_endless_path_is_split_over_messages() -> None:
    made = article("A dam is built.").model_copy(update={"file": "guide__/" * 1_000 + "a.md"})
    views = render_articles([IndexedArticle(article=made)]).views
    shown = "".join(item.content for view in views for item in view.walk_children() if isinstance(item, ui.TextDisplay))
    assert shown.count("guide") == 1_000


def test_a_suggestion_of_which_nothing_can_be_seen_is_left_out_and_the_others_keep_their_numbers() -> None:
    titles = ("\u200b\u2060", "**A dam**\n@everyone", "\ufeff")
    answer = Answer(
        question="dam",
        verdict=Verdict.UNCLEAR,
        suggestions=tuple(Suggestion(article=article("x", title=title)) for title in titles),
        explanation=Explanation(rule="too-broad"),
    )
    [view] = render_answer(answer, None, "an-id").views
    labels = [(item.item.custom_id, item.item.label) for item in view.walk_children() if isinstance(item, Button)]
    assert labels == [("v1:suggestion:an-id:1", "**A dam** @everyone")]
    unseen = answer.model_copy(update={"suggestions": answer.suggestions[:1]})
    [view] = render_answer(unseen, None, "an-id").views
    assert not [item for item in view.walk_children() if isinstance(item, Button)]
    assert Message.SUGGESTIONS not in "".join(
        item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)
    )


def test_a_part_of_the_question_that_is_not_answered_is_named_in_the_askers_words() -> None:
    question = "Who built the dam, and when did @everyone **see** it?"
    place = question.index("when")
    answer = Answer(
        question=question,
        verdict=Verdict.MAY_ANSWER,
        possible=(quoted("Beavers built the dam."),),
        unanswered_parts=(Span(place, len(question) - 1),),
        explanation=Explanation(rule="parts"),
    )
    [view] = render_answer(answer).views
    shown = [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    assert shown[0].startswith("This may answer it:")
    assert "I am not sure of an answer to this part: \u2068when did \\@everyone \\*\\*see\\*\\* it\u2069" in "\n".join(
        shown
    )
    with pytest.raises(ValueError, match="unanswered only where the verdict is may_answer"):
        Answer(**{**vars(answer), "verdict": Verdict.ANSWERED, "quotes": answer.possible, "possible": ()})


def test_a_quotation_in_another_language_than_the_question_says_which() -> None:
    def shown(asked_in: str, written_in: str) -> list[str]:
        answer = Answer(
            question="Wer hat den Damm gebaut?",
            verdict=Verdict.MAY_ANSWER,
            language=asked_in,
            possible=(quoted("Beavers built the dam.", language=written_in),),
            explanation=Explanation(rule="coverage"),
        )
        [view] = render_answer(answer).views
        return [item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)]

    assert "I found this in another language: English." in "\n".join(shown("de", "en"))
    assert "I found this in another language: \u2068xx\u2069." in "\n".join(shown("de", "xx"))
    assert "another language" not in "\n".join(shown("de", "de") + shown("", "en"))


def test_there_is_a_name_for_each_language_that_articles_are_read_in() -> None:
    assert {code.upper() for code in codes()} == set(LanguageName.__members__)
