"""Markdown and its front matter."""

from __future__ import annotations

from .making import BODY, MANY, MORE, Case, page, text

MARKDOWN = {
    "front matter that does not end": Case("unclosed.md", text(f"---\ntitle: A dam\n\n{BODY}\n"), "has no end"),
    "front matter without end in TOML": Case(
        "unclosed-toml.md", text(f'+++\ntitle = "A dam"\n\n{BODY}\n'), "has no end"
    ),
    "a YAML bomb": Case(
        "yaml.md",
        text(
            "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))
            + f"---\n{BODY}"
        ),
        says=(BODY,),
    ),
    "a YAML bomb of merges": Case(
        "merge.md",
        text(
            "---\na0: &a0 {x: 1}\n"
            + "".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 12)}]}}\n" for n in range(1, 12))
            + f"---\n{BODY}"
        ),
        says=(BODY,),
    ),
    "a YAML circle": Case(
        "circle.md",
        text(f"---\ntitle: &a\n  name: *a\nauthor: &b [*b]\n---\n{BODY}"),
        says=(BODY,),
        facts=(("author", None),),
    ),
    "an object of Python": Case(
        "python.md", text(f"---\na: !!python/object/apply:os.system ['true']\n---\n{BODY}"), says=(BODY,)
    ),
    "a time that is none": Case("time.md", text(f"---\na: !!timestamp\n---\n{BODY}"), says=(BODY,)),
    "a float that is none": Case("float.md", text(f"---\na: !!float\n---\n{BODY}"), says=(BODY,)),
    "a day that is none": Case("day.md", text(f"---\ndate: 2026-02-30\n---\n{BODY}"), facts=(("published", None),)),
    "a date in words": Case("words.md", text(f"---\ndate: last Monday\n---\n{BODY}"), facts=(("published", None),)),
    "a date with other signs": Case(
        "signs.md", text(f"---\ndate: '2026-04-25<10:30'\n---\n{BODY}"), facts=(("published", None),)
    ),
    "a number of ten thousand digits": Case("digits.md", text(f"---\na: {'1' * MANY}\n---\n{BODY}"), says=(BODY,)),
    "a list for front matter": Case("list.md", text(f"---\n- a\n- b\n---\n{BODY}"), says=(BODY,)),
    "front matter within itself": Case("deep.md", text(f"---\na: {'[' * MANY}\n---\n{BODY}"), says=(BODY,)),
    "front matter over 64 kB": Case("large.md", text(f"---\na: {'x' * 100_000}\n---\n{BODY}"), "has no end, or more"),
    "front matter in TOML": Case(
        "toml.md",
        text(f'+++\ntitle = "A dam"\ndate = 2026-04-25\n+++\n{BODY}'),
        says=(BODY,),
        facts=(("title", "A dam"), ("published", "2026-04-25")),
    ),
    "a digit too many in TOML": Case("toml-digits.md", text(f"+++\na = {'1' * MANY}\n+++\n{BODY}"), says=(BODY,)),
    "TOML within itself": Case("toml-deep.md", text(f"+++\na = {'[' * MANY}\n+++\n{BODY}"), says=(BODY,)),
    "a URL that is a script": Case(
        "url.md", text(f"---\nurl: javascript:alert(1)\n---\n{BODY}"), facts=(("url", None),)
    ),
    "quotations ten thousand deep": Case("quotes.md", text(f"{'>' * MANY} {BODY}\n\n{MORE}"), "nested more than"),
    "lists a thousand deep": Case(
        "lists.md", text("".join(f"{'  ' * n}- a\n" for n in range(1000)) + f"\n{BODY}"), "nested more than"
    ),
    "lists forty deep": Case(
        "forty.md", text("".join(f"{'  ' * n}- Dam\n" for n in range(40)) + f"\n{BODY}"), says=(BODY,)
    ),
    "ten thousand brackets": Case("brackets.md", text("[" * MANY + BODY)),
    "ten thousand halves of links": Case("links.md", text("[a](" * MANY + BODY)),
    "ten thousand marks of emphasis": Case("emphasis.md", text("*a_ " * MANY + BODY)),
    "ten thousand spaces in a heading": Case("spaces.md", text(f"# a{' ' * MANY}b\n\n{BODY}"), says=(BODY,)),
    "runs of backticks": Case("backticks.md", text(" ".join("`" * n for n in range(1, 400)) + BODY)),
    "HTML with a script": Case(
        "script.md",
        text(
            f"{BODY}\n\n<script>alert('It was said by a script.')</script>\n\n"
            "It was <script>document.write('said')</script> opened again.\n\n"
            "It is <span style='display:none'>not</span> new."
            f"\n\n{MORE}"
        ),
        says=(BODY, MORE),
        never=("script", "document.write", "It is", "It was"),
    ),
    "a break within a line": Case(
        "break.md",
        text("The dam was opened.<br>The ferry returns.<br/>It is <b>good</b>.\n"),
        says=("The dam was opened.", "The ferry returns.", "It is good."),
    ),
    "references in a circle": Case("references.md", text(f"[a]: <b>\n[b]: <a>\n\n{BODY} [a][b] [b][a]\n"), ""),
    "a page for Markdown": Case("page.md", page, "but its content is an HTML page"),
    "nothing but headings": Case("headings.md", text(f"# {BODY}\n\n## {BODY}\n"), "only headings"),
    "nothing but code": Case("code.md", text(f"```\n{BODY}\n```\n"), says=(BODY,)),
    "a headline of 10 kB in Markdown": Case(
        "headline.md", text(f"# {'dam ' * 2500}\n\n{BODY}\n"), says=(BODY,), facts=(("title", None),)
    ),
}
