import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from index.answering.proof import prove_answer, prove_entry, prove_quote, prove_source
from index.cleaning import built_in_rules
from index.errors import ArticleRejected, ProofFailed
from index.models import Answer, Explanation, IndexedArticle, Quote, Source, Span, Verdict
from index.reading import read_article

TEXT = "First  things\tcame first today. Then came the second. \n\nADVERTISEMENT\n\nThe third was last."
DATA = TEXT.encode()


@pytest.fixture(scope="module")
def entry() -> IndexedArticle:
    return read_article("a.txt", DATA, None, built_in_rules())


def quote(entry: IndexedArticle, *spans: tuple[int, int]) -> Quote:
    return Quote(article=entry.article, spans=tuple(Span(*span) for span in spans), score=1.0)


def sentence(entry: IndexedArticle, number: int) -> Span:
    return entry.body_sentences[number].span


def test_a_sentence_is_proved_with_its_white_space_folded(entry: IndexedArticle) -> None:
    quoted = quote(entry, sentence(entry, 0))
    prove_quote(quoted, entry, "First things came first today.")


def test_sentences_side_by_side_are_one_quotation_and_others_are_joined_openly(entry: IndexedArticle) -> None:
    together = quote(entry, (sentence(entry, 0).start, sentence(entry, 1).end))
    prove_quote(together, entry, "First things came first today. Then came the second.")
    apart = quote(entry, sentence(entry, 0), sentence(entry, 2))
    prove_quote(apart, entry, "First things came first today. […] The third was last.")


def test_a_quotation_never_bridges_an_advertisement(entry: IndexedArticle) -> None:
    bridge = quote(entry, (sentence(entry, 1).start, sentence(entry, 2).end))
    with pytest.raises(ProofFailed, match="cannot be quoted"):
        prove_quote(bridge, entry, bridge.text)


def test_a_piece_of_a_sentence_is_not_proved(entry: IndexedArticle) -> None:
    start, end = sentence(entry, 1)
    for span in ((start, end - 1), (start + 5, end), (start - 1, end)):
        with pytest.raises(ProofFailed, match="whole"):
            prove_quote(quote(entry, span), entry, quote(entry, span).text)


def test_a_headline_is_no_quotation_and_is_glued_to_none() -> None:
    made = read_article("a.txt", b"A headline of the day\nFirst things came first on that day.", None, built_in_rules())
    headline, body = (sentence.span for sentence in made.sentences)
    for span in (headline, Span(headline.start, body.end)):
        with pytest.raises(ProofFailed):
            prove_quote(quote(made, span), made, quote(made, span).text)


@given(st.text(max_size=40))
def test_other_words_than_the_articles_are_never_proved(words: str) -> None:
    made = read_article("a.txt", DATA, None, built_in_rules())
    quoted = quote(made, sentence(made, 1))
    if words != quoted.text:
        with pytest.raises(ProofFailed, match="words"):
            prove_quote(quoted, made, words)


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="utf-8"))
def test_a_text_altered_by_one_character_is_not_proved(place: int, character: str) -> None:
    made = read_article("a.txt", DATA, None, built_in_rules())
    altered = TEXT[:place] + character + TEXT[place + 1 :]
    if altered == TEXT:
        return
    article = made.article.model_copy(update={"text": altered})
    forged = made.model_copy(update={"article": article})
    quoted = quote(forged, sentence(made, 1))
    with pytest.raises(ProofFailed, match="differs from its file"):
        prove_quote(quoted, forged, quoted.text)


def test_a_quotation_of_another_version_of_the_article_is_not_proved(entry: IndexedArticle) -> None:
    other = read_article("a.txt", DATA + b" More.", None, built_in_rules())
    quoted = quote(other, sentence(other, 1))
    with pytest.raises(ProofFailed, match="version"):
        prove_quote(quoted, entry, quoted.text)


def test_an_entry_is_proved_against_its_file_and_against_no_other(entry: IndexedArticle) -> None:
    prove_entry(entry, DATA)
    with pytest.raises(ProofFailed, match="has changed"):
        prove_entry(entry, DATA + b" ")


def test_a_sentence_that_is_none_fails_the_proof_of_its_entry(entry: IndexedArticle) -> None:
    ad = entry.exclusions[0].span
    for span in (ad, Span(0, 10**6), Span(sentence(entry, 1).start - 1, sentence(entry, 1).end)):
        forged = entry.body_sentences[0].model_copy(update={"span": span})
        with pytest.raises(ProofFailed):
            prove_entry(entry.model_copy(update={"sentences": (forged,)}), DATA)


def other_article(text: str, name: str = "b.txt") -> IndexedArticle:
    return read_article(name, text.encode(), None, built_in_rules())


def forged(quoted: Quote, *others: Source) -> Quote:
    """A quotation that names these sources, whatever they say: no validator sees it."""
    return quoted.model_copy(update={"other_sources": others})


def test_every_source_of_a_quotation_is_proved(entry: IndexedArticle) -> None:
    other = other_article("First things\ncame first today. Nothing else did.")
    source = Source(article=other.article, spans=(sentence(other, 0),))
    quoted = quote(entry, sentence(entry, 0))
    prove_quote(forged(quoted, source), entry, quoted.text, {"b": other})


@given(st.sampled_from(["other words", "a piece", "a bridge", "itself", "another version", "gone", "twice", "altered"]))
def test_a_forged_source_is_refused(forgery: str) -> None:
    made = other_article(TEXT, "a.txt")
    quoted = quote(made, sentence(made, 0))
    other = other_article("First things came first today. Then it rained. ADVERTISEMENT First things came first today.")
    there, version = {"b": other}, other_article("First things came first today. Then it rained.")
    honest = Source(article=other.article, spans=(sentence(other, 0),))
    start, end = sentence(other, 0)
    lie = other.article.model_copy(update={"text": other.article.text.replace("it rained", "it snowed")})
    others = {
        "other words": (Source(article=other.article, spans=(sentence(other, 1),)),),
        "a piece": (Source(article=other.article, spans=(Span(start, end - 1),)),),
        "a bridge": (Source(article=other.article, spans=(Span(start, len(other.article.text)),)),),
        "itself": (Source(article=made.article, spans=(sentence(made, 0),)),),
        "another version": (Source(article=version.article, spans=(sentence(version, 0),)),),
        "gone": (Source(article=other_article("First things came first today.", "c.txt").article, spans=honest.spans),),
        "twice": (honest, honest),
        "altered": (Source(article=lie, spans=honest.spans),),
    }[forgery]
    if forgery == "altered":
        there = {"b": other.model_copy(update={"article": lie})}
    with pytest.raises(ProofFailed):
        prove_quote(forged(quoted, *others), made, quoted.text, there)


def test_the_section_that_a_link_opens_is_proved() -> None:
    page = b"<h1>Lamps</h1><p>They hum.</p><h2 id=care>Care</h2><p>Cut the wick of the lamp once a week in winter.</p>"
    made = read_article("lamps.md", page, None, built_in_rules())
    source = Source.of_entry(made, [made.body_sentences[-1].span])
    assert source.anchor == "care"
    prove_source(source, made, source.text)
    for forgery in ({"anchor": "oil"}, {"anchor": ""}, {"path": ()}):
        with pytest.raises(ProofFailed, match="headings above"):
            prove_source(source.model_copy(update=forgery), made, source.text)


def test_an_answer_with_a_forged_source_is_refused(entry: IndexedArticle) -> None:
    other = other_article("Something else came first today.")
    quoted = quote(entry, sentence(entry, 0))
    lying = forged(quoted, Source(article=other.article, spans=(sentence(other, 0),)))
    entries = {"a": entry, "b": other}
    honest = Answer(
        question="?",
        verdict=Verdict.ANSWERED,
        quotes=(quoted,),
        nearest=(quoted,),
        explanation=Explanation(rule="probability"),
    )
    prove_answer(honest, entries)
    for place in ("quotes", "nearest"):
        with pytest.raises(ProofFailed, match="b could not be verified"):
            prove_answer(honest.model_copy(update={place: (lying,)}), entries)
        with pytest.raises(ValidationError, match="does not say the same"):
            Answer(**{**dict(honest), place: (lying,)})


@given(st.text(st.sampled_from("ab. \n"), min_size=1, max_size=12))
def test_a_source_is_proved_only_where_it_says_the_same(words: str) -> None:
    made = other_article("Ab a. B b.", "a.txt")
    try:
        other = other_article(words)
    except ArticleRejected:
        return
    quoted = quote(made, made.body_sentences[0].span)
    for one in other.body_sentences:
        source = Source(article=other.article, spans=(one.span,))
        if source.text == quoted.text:
            prove_quote(forged(quoted, source), made, quoted.text, {"b": other})
        else:
            with pytest.raises(ProofFailed):
                prove_quote(forged(quoted, source), made, quoted.text, {"b": other})
