import itertools

import pytest
import regex

from index.cleaning import Rule, built_in_rules, parse_rules
from index.cleaning.rule import RuleScope
from index.errors import RulesInvalid
from index.models import IndexedArticle
from index.reading import read_article

BODY = "The talks in Geneva began on Monday after a long delay."
NEXT = "The ministers did not speak to the press about it."
AD = 'googletag.cmd.push(function() { googletag.display("div-gpt-ad-1"); });'


def read(text: str) -> IndexedArticle:
    return read_article("a.txt", text.encode(), None, built_in_rules())


def quotable(text: str) -> list[str]:
    entry = read(text)
    return [entry.article.text[slice(*sentence.span)] for sentence in entry.body_sentences]


@pytest.mark.parametrize(
    "line",
    [
        "Also Read | Another story altogether",
        "READ ALSO: Another Story Altogether",
        "Read more: Another story altogether",
        "Story continues below this ad",
        "Article continues after advertisement",
        "ADVERTISEMENT",
        "[gtranslate]",
        "Share on Facebook Twitter WhatsApp",
        "Photo: Ann Example/Agency",
        "Ministers at the table. (Photo: Ann Example/Agency)",
        "© Example Media 2026",
        "Copyright 2026 Example Media",
        "All rights reserved. This may not be published.",
        "Subscribe to our daily newsletter for more",
        "5 min read",
        "By using this site you agree to our use of cookies.",
        "We and our 812 partners use cookies and similar technologies to store information.",
        "Ministers at the table on Monday. Ann Example/Getty Images",
        "Ministers at the table (AP Photo/Ann Example)",
        "Image source, Getty Images",
        "Listen to this article · 6:23 min",
        "This article was originally published on Example News.",
        "Download our app for the latest news",
        "Already a subscriber? Sign in",
        "Sign in to continue reading",
        "Follow us on Facebook, X and Instagram",
        "Recommended",
        "Loading comments...",
        "Updated 3 hours ago",
        "Show key events only",
        "after newsletter promotion",
        "CLICK HERE TO GET THE EXAMPLE NEWS APP",
    ],
)
def test_a_line_of_the_page_between_two_paragraphs_is_left_out(line: str) -> None:
    assert quotable(f"{BODY}\n\n{line}\n\n{NEXT}") == [BODY, NEXT]


LANGUAGES = {
    "de": ("Das Gespräch in Genf begann am Montag nach langem Warten.", "Die Minister sprachen nicht mit der Presse."),
    "es": ("La reunión en Ginebra empezó el lunes con retraso.", "Los ministros no hablaron con la prensa del país."),
    "fr": ("La réunion à Genève a commencé lundi avec du retard.", "Les ministres ne parlaient pas à la presse."),
    "pt": ("A reunião em Genebra começou na segunda com atraso.", "Os ministros não falaram com a imprensa do país."),
    "hi": ("जिनेवा में बैठक सोमवार को देर से शुरू हुई और लंबी चली।", "मंत्रियों ने पत्रकारों से इस बारे में बात नहीं की।"),
    "ar": ("بدأ الاجتماع في جنيف يوم الاثنين بعد تأخير طويل.", "لم يتحدث الوزراء مع الصحفيين عن هذا الموضوع."),
}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Lesen Sie auch: Zehn Dämme, die brachen"),
        ("de", "Mehr zum Thema » Wer ist Ann Karlsson?"),
        ("de", "Das könnte Sie auch interessieren"),
        ("de", "Lesezeit: ca. 4 Minuten"),
        ("es", "LEA TAMBIÉN: Diez presas que fallaron"),
        ("es", "Te puede interesar: ¿Quién es Ana Karlsson?"),
        ("es", "Seguir leyendo"),
        ("es", "5 minutos de lectura"),
        ("fr", "À lire aussi : Dix barrages qui ont cédé"),
        ("fr", "Lire la suite"),
        ("fr", "Temps de lecture : 3 min."),
        ("pt", "Leia mais: Dez barragens que falharam"),
        ("pt", "VEJA TAMBÉM | Quem é Ana Karlsson?"),
        ("pt", "Tempo de leitura: 2 min"),
        ("hi", "ये भी पढ़ें: दस बांध जो टूट गए"),
        ("hi", "इसे भी पढ़ें - दस बांध जो टूट गए"),
        ("hi", "पढ़ने का समय: 2 मिनट"),
        ("ar", "اقرأ أيضاً: عشرة سدود انهارت"),
        ("ar", "أخبار ذات صلة"),
        ("ar", "وقت القراءة: ٣ دقائق"),
    ],
)
def test_a_line_of_the_page_is_left_out_in_other_languages(language: str, line: str) -> None:
    first, last = LANGUAGES[language]
    assert quotable(f"{first}\n\n{line}\n\n{last}") == [first, last]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Lesen Sie auch die Hinweise auf der zweiten Seite."),
        ("de", "Kommentare der Minister gab es am Montag nicht."),
        ("es", "Lea también las instrucciones de la segunda página."),
        ("es", "Los comentarios de los ministros fueron breves."),
        ("es", "El tiempo de lectura de los niños bajó a 20 minutos."),
        ("fr", "Lire aussi les notes de la page deux est utile."),
        ("fr", "Les commentaires des ministres étaient courts."),
        ("pt", "Leia também as instruções da segunda página."),
        ("pt", "Os comentários dos ministros foram breves."),
        ("hi", "यह भी पढ़ें कि दूसरे पन्ने पर क्या लिखा है।"),
        ("hi", "टिप्पणियों में मंत्रियों ने कुछ नया नहीं कहा।"),
        ("ar", "اقرأ أيضا التعليمات المكتوبة في الصفحة الثانية."),
        ("ar", "التعليقات التي كتبها الوزراء كانت قصيرة."),
    ],
)
def test_a_sentence_that_sounds_like_the_page_stays_in_other_languages(language: str, sentence: str) -> None:
    first, last = LANGUAGES[language]
    assert quotable(f"{first}\n\n{sentence}\n\n{last}") == [first, sentence, last]


@pytest.mark.parametrize(
    ("language", "opener"),
    [
        ("de", "Kommentare geben nicht die Meinung der Redaktion wieder."),
        ("de", "Schreiben Sie einen Kommentar"),
        ("es", "Los comentarios publicados son de exclusiva responsabilidad de sus autores."),
        ("es", "Deja una respuesta"),
        ("fr", "Les commentaires sont sous la responsabilité de leurs auteurs."),
        ("fr", "Laisser un commentaire"),
        ("pt", "Os comentários são de responsabilidade exclusiva de seus autores."),
        ("pt", "Deixe seu comentário"),
        ("hi", "टिप्पणियों में व्यक्त विचार पाठकों के अपने हैं।"),
        ("hi", "टिप्पणी करें"),
        ("ar", "التعليقات المنشورة لا تعبر عن رأي الموقع."),
        ("ar", "اترك تعليقاً"),
    ],
)
def test_nothing_below_the_rules_for_comments_is_quotable(language: str, opener: str) -> None:
    first, last = LANGUAGES[language]
    assert quotable(f"{first}\n\n{last}\n\n{last}\n\n{opener}\n\n{first[:-1]} 2.") == [first, last, last]


@pytest.mark.parametrize("language", ["hi", "ar"])
def test_an_opener_above_an_article_without_capitals_does_not_end_it(language: str) -> None:
    first, last = LANGUAGES[language]
    body = [f"{first[:-1]} {number} {first[-1]}" for number in range(9)]
    assert quotable("\n\n".join(["Tags:", *body, last]))[-9:] == [*body[1:], last]


@pytest.mark.parametrize(
    "sentence",
    [
        "Read-only memory was the subject of the talks.",
        "Advertisement revenue fell by a third in May.",
        "The newsletter of the ministry was sent to the press.",
        "The photo shows the ministers at the table.",
        "He wants to share the burden on Facebook and Twitter.",
        "More stories like this were told in Geneva.",
        "By Monday, the ministers had left the town.",
        "Tags were found on the bags of the ministers.",
        "The story continues in Vienna, where the ministers meet again.",
        "Copies of the treaty were shown to the press.",
        "The ministers wrote to the Sport and Culture Department.",
        "Watch makers in Geneva were pleased.",
        "Cookies are small files that a site keeps.",
        "We baked cookies for the children of the town.",
        "Subscribe to this theory or leave it.",
        "The Advertisement Standards Council met in Geneva.",
        "Copyright law protects authors in the United States.",
        "The report may not be published before May, the ministry said.",
        "This article was first published in Nature in 1953 and changed biology.",
        "Getty Images sued the firm on Monday.",
        "Published in 1851, the book was a failure.",
        "Follow the minister on his way to Geneva.",
        "“Read more: it helps,” the minister said.",
        "Leave a comment for the ministers, she said.",
        "Recommended by nobody, the plan failed.",
    ],
)
def test_a_sentence_of_an_article_that_sounds_like_the_page_stays(sentence: str) -> None:
    assert quotable(f"{BODY} {sentence} {NEXT}") == [BODY, sentence, NEXT]
    assert quotable(f"{BODY}\n\n{sentence}\n\n{NEXT}") == [BODY, sentence, NEXT]


@pytest.mark.parametrize(
    "opener", ["More Stories", "Related Articles", "Tags:", "In This Article: AI China", "Leave a Comment"]
)
def test_below_the_article_nothing_is_quotable(opener: str) -> None:
    assert quotable(f"{BODY} {NEXT}\n{opener}\nAnother Minister Resigns.\nIt is so good.") == [BODY, NEXT]
    assert quotable(f"{BODY} {NEXT} {opener} Another Minister Resigns. It is so good.") == [BODY, NEXT]


def test_a_promo_whose_end_is_unknown_goes_with_the_sentence_that_it_runs_into() -> None:
    promo = "READ ALSO: Minister Resigns Over Budget In June, the talks went on. Nobody came."
    assert quotable(f"{BODY} {promo} {NEXT}") == [BODY, "Nobody came.", NEXT]


def test_a_promo_that_is_itself_a_question_takes_the_next_sentence_along() -> None:
    promo = "READ ALSO: Who Is The Minister? A Profile Of The Man In June, the talks went on."
    assert quotable(f"{BODY} {promo} {NEXT}") == [BODY, NEXT]


def test_the_site_whose_headlines_are_in_capitals_gives_back_the_sentence_after_a_promo() -> None:
    promo = "READ ALSO: Minister Faces $2.3bn Lawsuit In UK In June, the talks went on."
    text = f"Headline of the day\n{BODY} {promo} {NEXT}\nSOURCE: https://www.channelstv.com/a"
    assert quotable(text) == [BODY, "In June, the talks went on.", NEXT]


def test_a_rule_of_one_site_is_silent_for_another_that_ends_alike() -> None:
    promo = "READ ALSO: Minister Faces $2.3bn Lawsuit In UK In June, the talks went on."
    text = f"Headline of the day\n{BODY} {promo} {NEXT}\nSOURCE: https://notchannelstv.com/a"
    assert quotable(text) == [BODY, NEXT]


def test_scripts_of_several_lines_are_left_out_whole() -> None:
    script = 'Advertisement\ngoogletag.cmd.push(function() {\n  googletag.display("a");\n});'
    assert quotable(f"{BODY}\n{script}\n{NEXT}") == [BODY, NEXT]


def test_a_section_name_run_together_with_the_first_sentence_is_taken_off() -> None:
    assert quotable(f"Headline of the day\nPolitics {BODY} {NEXT}") == [BODY, NEXT]
    assert quotable(f"Headline of the day\nPolitics is what {BODY[4:]}")[0].startswith("Politics is")


def test_what_was_left_out_says_which_rule_did_it() -> None:
    entry = read(f"{BODY} {AD} {NEXT}")
    assert [(cut.kind, cut.rule) for cut in entry.exclusions] == [("ad-code", "ad-slot-code")]


def test_every_built_in_rule_has_a_name_of_its_own_and_a_reason() -> None:
    names = [rule.name for rule in built_in_rules()]
    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("[[rule", "mine.toml"),
        ('[[rule]]\nname = "a"', "kind"),
        ('[[rule]]\nname = "a"\nkind = "footer"\nwhere = "line"\npattern = "("\nreason = "r"', "regular expression"),
        ('[[rule]]\nname = "a"\nkind = "footer"\nwhere = "meta"\npattern = "a"\nreason = "r"', "at ="),
        ('[[rule]]\nname = "a"\nkind = "footer"\nwhere = "line"\npattern = "a"\nreason = "r"\nuntil = "b"', "until"),
        ('[[rule]]\nname = "a"\nkind = "ad"\nwhere = "line"\npattern = "a"\nreason = "r"', "kind"),
        ("[[rules]]", "rules: there is no such field"),
        ('rule = "a"', "rule"),
        ("rule = [3]", "rule number 1"),
        (
            '[[rule]]\nname = "a"\nkind = "footer"\nwhere = "line"\npattern = "a*"\nreason = "r"',
            "an empty text",
        ),
        (
            '[[rule]]\nlinear = false\nname = "a"\nkind = "footer"\nwhere = "line"\npattern = "a"\nreason = "r"',
            "linear",
        ),
    ],
)
def test_a_wrong_rule_is_refused_with_its_file_and_its_field(toml: str, named: str) -> None:
    with pytest.raises(RulesInvalid, match=r"mine\.toml") as invalid:
        parse_rules(toml, "mine.toml")
    assert named in str(invalid.value)


SAYS = "The council of Lomma said on Monday that the dam would be built before the winter of next year."


def test_an_opener_above_the_article_takes_no_more_than_the_list_that_it_opens() -> None:
    body = "\n\n".join(f"{SAYS} It was the {number}. time that it did so." for number in range(12))
    for menu in ("Topics: Dams, Rivers, Energy", "More Stories\nTen Dams That Failed\nWho Is Ann Karlsson?\nSports"):
        text = f"A dam for the valley\n\n{menu}\n\n{body}\n\nRelated Articles\nTen Dams That Failed Again\n"
        shown = quotable(text)
        assert shown.count(SAYS) == 12
        assert not [sentence for sentence in shown if "Ten Dams" in sentence or "Topics" in sentence]


def test_behind_an_article_everything_goes_however_long_it_is() -> None:
    body = "\n\n".join(f"{SAYS} It was the {number}. time that it did so." for number in range(12))
    comments = "\n\n".join(
        f"I think that number {number} is wrong, and that nobody will ever build it." for number in range(99)
    )
    shown = quotable(f"A dam for the valley\n\n{body}\n\nLeave a Comment\n\n{comments}\n")
    assert shown.count(SAYS) == 12
    assert not [sentence for sentence in shown if "I think" in sentence]


@pytest.mark.parametrize("rule", built_in_rules(), ids=lambda rule: rule.name)
def test_no_built_in_rule_takes_long_over_a_line_that_says_one_thing_over_and_over(rule: Rule) -> None:
    pattern = regex.compile(rule.pattern, regex.VERSION0)
    pieces = [
        *'1aA -’.,x|…&:/("é中\u3000',
        "  ",
        "1 ",
        "a ",
        "Ab ",
        "ab, ",
        "A. ",
        "1,",
        " | ",
        "Aa-",
        "a@b.c ",
        "www.",
    ]
    for begins, piece, ends in itertools.product(("", "Photo ", "and ", "By "), pieces, ("", "!\x01")):
        line = (begins + piece * 499)[:497] + ends  # longer ones are under a clock
        pattern.fullmatch(line, timeout=2)
        if rule.where is not RuleScope.LINE:
            pattern.match(line, timeout=2)
