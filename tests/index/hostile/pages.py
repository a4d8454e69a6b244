"""Web pages."""

from __future__ import annotations

import gzip

from .making import BODY, LAST, MANY, MORE, Case, entities, ld, meta, page, text

PAGE = {
    "a page gzipped": Case("gzip.html", lambda: gzip.compress(page()), "is a gzip archive"),
    "a page in UTF-16": Case("16.html", lambda: page().decode().encode("utf-16"), "contains no HTML"),
    "Latin-1, declared": Case(
        "latin.html",
        lambda: (
            page("<p>The café was opened on Sunday by a cook from the town.</p>", '<meta charset="iso-8859-1">')
            .decode()
            .encode("latin-1")
        ),
        says=("The café was opened on Sunday by a cook from the town.",),
    ),
    "Latin-1, undeclared": Case(
        "latin-bare.html",
        lambda: page("<p>The café was opened on Sunday by a cook from the town.</p>").decode().encode("latin-1"),
        says=("The café was opened on Sunday by a cook from the town.",),
    ),
    "UTF-8 declared as something else": Case(
        "declared.html",
        lambda: page("<p>The café was opened on Sunday by a cook from the town.</p>", '<meta charset="iso-8859-1">'),
        says=("The café was opened on Sunday by a cook from the town.",),
    ),
    "UTF-16 declared, ASCII held": Case("declared16.html", lambda: page(head='<meta charset="utf-16">'), says=(BODY,)),
    "UTF-7 declared": Case(
        "utf7.html",
        lambda: page(
            "<p>The dam +ADw-script+AD4- was opened once more on Sunday by its cook.</p>", '<meta charset="utf-7">'
        ),
        says=("The dam +ADw-script+AD4- was opened once more on Sunday by its cook.",),
        never=("<script>",),
    ),
    "a codec that is none of the web": Case(
        "codec.html", lambda: page(head='<meta charset="unicode_escape">'), says=(BODY,)
    ),
    "no body": Case(
        "nobody.html", text("<!DOCTYPE html><html><head><title>A dam</title></head></html>"), "No article was found"
    ),
    "nothing but a doctype": Case("doctype.html", text("<!DOCTYPE html>"), "page"),
    "no article": Case(
        "noarticle.html",
        text("<html><body><nav><a href='/'>Home</a> <a href='/a'>News</a></nav></body></html>"),
        "No article was found",
    ),
    "frames": Case(
        "frames.html",
        text("<html><frameset cols='1,2'><frame src='a.html'><frame src='b.html'></frameset></html>"),
        "No article was found",
    ),
    "text in scripts alone": Case(
        "scripts.html",
        text(f"<html><body><script>document.write({BODY!r})</script></body></html>"),
        "No article was found",
    ),
    "a hundred thousand elements within each other": Case(
        "deep.html", lambda: page("<div>" * 100_000 + f"<p>{BODY}</p>"), "deep"
    ),
    "260 elements within each other": Case(
        "deep-enough.html", lambda: page("<span>" * 260 + "deep" + "</span>" * 260), "deep"
    ),
    "240 elements within each other": Case(
        "nearly.html", lambda: page("<div>" * 240 + f"<p>{LAST} It is so.</p>" + "</div>" * 240), says=(BODY, MORE)
    ),
    "a huge attribute": Case("attribute.html", lambda: page(f'<p data-a="{"x" * 4_000_000}">{LAST}</p>'), says=(BODY,)),
    "ten thousand attributes": Case(
        "attributes.html", lambda: page("<p " + " ".join(f"a{n}=b" for n in range(MANY)) + f">{LAST}</p>"), says=(BODY,)
    ),
    "a comment that does not end": Case("comment.html", lambda: page("<!-- "), never=(MORE,)),
    "a script that does not end": Case("unclosed.html", lambda: page("<script>var a = 1;"), never=(MORE, "var a")),
    "plaintext": Case("plaintext.html", lambda: page("<plaintext>"), never=()),
    "entities of its own": Case(
        "entities.html",
        lambda: entities().encode() + page("<p>It was &l11; opened.</p>"),
        refused="",
        never=("lollol",),
    ),
    "a DTD of this machine": Case(
        "dtd.html",
        lambda: (
            b'<!DOCTYPE html SYSTEM "file:///etc/passwd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + page("<p>It was &x; opened on Sunday in the valley by a cook.</p>")[15:]
        ),
        never=("root:",),
    ),
    "references to no character": Case(
        "references.html",
        lambda: page("<p>It was &#x110000;&#0;&#xD800; opened on Sunday in the valley by a cook.</p>"),
        says=(BODY,),
        never=("\0", "\ud800"),
    ),
    "a refresh and a base": Case(
        "refresh.html",
        lambda: page(
            head='<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">'
            '<link rel="canonical" href="/dam">'
        ),
        facts=(("url", None),),
    ),
    "a canonical link that is a script": Case(
        "js.html", lambda: page(head='<link rel="canonical" href="javascript:alert(1)">'), facts=(("url", None),)
    ),
    "a canonical link over two lines": Case(
        "newline.html",
        lambda: page(head='<link rel="canonical" href="https://example.com/a&#10;b">'),
        facts=(("url", None),),
    ),
    "a canonical link with a user": Case(
        "user.html",
        lambda: page(head='<link rel="canonical" href="https://example.com@evil.example/">'),
        facts=(("url", None),),
    ),
    "a canonical link of another scheme": Case(
        "ftp.html", lambda: page(head='<link rel="canonical" href="ftp://example.com/a">'), facts=(("url", None),)
    ),
    "a canonical link with a mark of direction": Case(
        "rlo.html",
        lambda: page(head='<link rel="canonical" href="https://example.com/\u202egpj.exe">'),
        facts=(("url", None),),
    ),
    "broken JSON-LD": Case(
        "ld-broken.html",
        lambda: page(head=ld('{"@type": "NewsArticle", "headline": ')),
        facts=(("title", "A dam for the valley"),),
    ),
    "deep JSON-LD": Case("ld-deep.html", lambda: page(head=ld("[" * 100_000)), says=(BODY,)),
    "large JSON-LD": Case(
        "ld-large.html",
        lambda: page(head=ld({"@type": "NewsArticle", "headline": "x" * 7_000_000})),
        facts=(("title", "A dam for the valley"),),
    ),
    "JSON-LD of several articles": Case(
        "ld-several.html",
        lambda: page(
            head=ld(
                [
                    {"@type": "NewsArticle", "author": "Ann", "url": "https://example.com/1"},
                    {"@type": "NewsArticle", "author": "Bo"},
                ]
            )
        ),
        facts=(("author", None), ("url", None)),
    ),
    "JSON-LD with numbers for names": Case(
        "ld-numbers.html",
        lambda: page(
            head=ld(
                {
                    "@type": "NewsArticle",
                    "headline": 7,
                    "author": [1, {"name": 2}, None, {"name": ["Ann", 3]}],
                    "publisher": True,
                    "datePublished": 20260425,
                }
            )
        ),
        facts=(("author", "Ann"), ("publisher", None), ("published", None)),
    ),
    "a hundred authors": Case(
        "ld-authors.html",
        lambda: page(
            head=ld(
                {
                    "@type": "NewsArticle",
                    "author": [{"name": f"Ann Number {n} of the Valley of Lomma"} for n in range(100)],
                }
            )
        ),
    ),
    "a date with a line break": Case(
        "ld-date.html",
        lambda: page(head=ld({"@type": "NewsArticle", "datePublished": "2026-04-25\n10:00"})),
        facts=(("published", None),),
    ),
    "a title of 10 kB": Case(
        "title.html",
        lambda: page(head=f"<title>{'dam ' * 2500}</title>{meta('og:title', 'dam ' * 2500)}"),
        facts=(("title", "A dam for the valley"),),
    ),
    "a headline of 10 kB": Case(
        "headline.html", lambda: page().replace(b"A dam for the valley", b"dam " * 2500), facts=(("title", None),)
    ),
    "a title with marks of direction": Case(
        "title-bidi.html",
        lambda: page(head=meta("og:title", "A \u202edam")),
        facts=(("title", "A dam for the valley"),),
    ),
    "a title over lines": Case(
        "title-lines.html",
        lambda: page(head=meta("og:title", "A dam\n\n for&#9;all")),
        facts=(("title", "A dam for all"),),
    ),
    "a title with controls": Case(
        "title-bell.html", lambda: page(head=meta("og:title", "A dam&#7;")), facts=(("title", "A dam for the valley"),)
    ),
    "facts with markup and mentions": Case(
        "title-markup.html",
        lambda: page(head=meta("og:site_name", "@everyone &lt;b&gt; ](https://evil.example)")),
        facts=(("publisher", "@everyone <b> ](https://evil.example)"),),
    ),
    "hidden text": Case(
        "hidden.html",
        lambda: page(
            '<p>The dam <span style="display:none">never </span>was <b hidden>not</b> closed '
            '<i style="position:absolute;left:-9999px">or</i> by the governor on Sunday.</p>'
            "<template><p>It was a template that said so.</p></template>"
            "<noscript><p>It was no script that said so.</p></noscript>"
            '<div style="visibility: hidden"><p>It was nobody who could be seen.</p></div>'
            '<p style="font-size:0">It was very small and said a lot of things.</p>'
        ),
        says=(BODY, MORE),
        never=("never", "template", "no script", "nobody who", "very small", " or by", "not closed"),
    ),
    "quotations within quotations": Case(
        "nested.html",
        lambda: page(
            "<blockquote>" * 50
            + "<p>“‘“It is good,” said Ek,’ said Ann,” said Bo, who was there on the day.</p>"
            + "</blockquote>" * 50
        ),
        says=(BODY,),
    ),
    "half a sentence on each side of an advertisement": Case(
        "ad.html",
        lambda: page("<div>The White House<div class=ad>Buy it now!</div>science chief said so on Monday.</div>"),
        says=(BODY, MORE),
        never=("White House", "science chief", "Buy it"),
    ),
    "a table for a page": Case(
        "table.html",
        text(f"<html><body><table><tr><td><p>{BODY}</p><p>{MORE}</p><p>{LAST}</p></td></tr></table></body></html>"),
        says=(BODY, MORE, LAST),
    ),
    "a page that is Markdown": Case("markdown.html", text(f"# A dam\n\n{BODY}\n"), "contains no HTML"),
}
