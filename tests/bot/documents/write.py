"""Writes made-up documents as Markdown, HTML, plain text and Word files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from textwrap import indent

from index.models import QUESTION_LEVEL, BlockKind
from tests.bot.documents.tree import Document, Node, Piece
from tests.index.documents import docx, paragraph


def markdown(document: Document) -> str:
    """The document as Markdown."""
    blocks = [f"# {document.title}", document.first.text]
    for section in document.sections:
        is_bold = section.level == QUESTION_LEVEL
        blocks.append(f"**{section.heading}**" if is_bold else f"{'#' * section.level} {section.heading}")
        for before, node in pairwise((None, *section.nodes)):
            if before and node and before.kind == node.kind == "list":
                blocks.append("<!-- keeps two lists apart -->")
            blocks += [_markdown_node(node)] if node else []
    return "\n\n".join(blocks) + "\n"


def _markdown_node(node: Node) -> str:
    match node.kind:
        case "list":
            return "\n".join(_markdown_item(item, is_ordered=node.is_ordered) for item in node.pieces)
        case "table":
            rows = [node.header, ("---",) * len(node.header), *(row.cells for row in node.pieces)]
            return "\n".join(f"| {' | '.join(map(_markdown_cell, row))} |" for row in rows)
        case "code":
            code = node.pieces[0]
            return f"``````{code.language}\n{code.text}\n``````"
        case "admonition":
            return f"> [!WARNING]\n> {node.pieces[0].text}"
        case "definitions":
            return "\n\n".join(f"{term}\n: {one.text}" for term, one in zip(node.terms, node.pieces, strict=True))
        case _:
            return node.pieces[0].text


def _markdown_item(item: Piece, *, is_ordered: bool) -> str:
    if item.kind is BlockKind.CODE:
        return indent(f"\n```\n{item.text}\n```\n", "    ")
    return "    " * (item.depth - 1) + (item.text if is_ordered else f"- {item.text}")


def _markdown_cell(cell: str) -> str:
    if cell == "---":
        return cell
    marked = "".join(f"\\{character}" if character in "|*_`\\" else character for character in cell)
    return marked or " "


def html(document: Document) -> str:
    """The document as a page."""
    body = [f"<h1>{document.title}</h1>", f"<p>{document.first.text}</p>"]
    for section in document.sections:
        inside = "\n".join(map(_html_node, section.nodes))
        if section.level == QUESTION_LEVEL:
            body.append(f"<details><summary>{section.heading}</summary>\n{inside}</details>")
        else:
            body.append(f"<h{section.level}>{section.heading}</h{section.level}>\n{inside}")
    head = f"<head><title>{document.title}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body><article>{''.join(body)}</article></body></html>"


def _html_node(node: Node) -> str:
    match node.kind:
        case "list":
            return "".join(_html_items(node.pieces, 1, "ol" if node.is_ordered else "ul"))
        case "table":
            head = "".join(f"<th>{escape(cell)}</th>" for cell in node.header)
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row.cells) for row in node.pieces)
            lines = "".join(f"<tr>{row}</tr>" for row in rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
        case "code":
            return _pre(node.pieces[0])
        case "admonition":
            return f'<div class="admonition"><p>{node.pieces[0].text}</p></div>'
        case "definitions":
            pairs = zip(node.terms, node.pieces, strict=True)
            return f"<dl>{''.join(f'<dt>{term}</dt><dd>{one.text}</dd>' for term, one in pairs)}</dl>"
        case _:
            return f"<p>{node.pieces[0].text}</p>"


def _pre(code: Piece) -> str:
    language = code.language.partition(" ")[0]
    named = f' class="language-{language}"' if language else ""
    return f"<pre><code{named}>{escape(code.text)}</code></pre>"


def _html_items(items: Sequence[Piece], depth: int, tag: str) -> Iterator[str]:
    yield f"<{tag}>"
    tops = [place for place, item in enumerate(items) if item.depth == depth]
    for place, following in zip(tops, [*tops[1:], len(items)], strict=True):
        text = items[place].text
        yield f"<li>{text.partition('. ')[2] if tag == 'ol' else text}"
        if place + 1 < following:
            inside = items[place + 1 : following]
            has_code = inside[0].kind is BlockKind.CODE
            yield from [_pre(inside[0])] if has_code else _html_items(inside, depth + 1, tag)
        yield "</li>"
    yield f"</{tag}>"


def text(document: Document) -> str:
    """The document as a FAQ in plain text."""
    blocks = [document.title, document.first.text]
    for section in document.sections:
        first, *rest = ("\n".join(_text_lines(node)) for node in section.nodes)
        blocks += [f"Q: {section.heading}\nA: {first}", *rest]
    return "\n\n".join(blocks) + "\n"


def _text_lines(node: Node) -> Iterator[str]:
    for piece in node.pieces:
        yield f"- {piece.text}" if node.kind == "list" and not node.is_ordered else piece.text


def word(document: Document) -> bytes:
    """A document of paragraphs and tables as a Word file."""
    blocks = [paragraph(document.title, "Heading1"), paragraph(document.first.text)]
    for section in document.sections:
        blocks.append(paragraph(section.heading, f"Heading{section.level}"))
        blocks += (
            _word_table(node) if node.kind == "table" else paragraph(node.pieces[0].text) for node in section.nodes
        )
    return docx(*blocks)


def _word_table(node: Node) -> str:
    rows = [_word_row(node.header, "<w:tblHeader/>"), *(_word_row(row.cells) for row in node.pieces)]
    # Word joins tables with nothing between them.
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl><w:p/>"


def _word_row(cells: Sequence[str], stated: str = "") -> str:
    held = "".join(f"<w:tc><w:tcPr/>{paragraph(escape(cell))}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{stated}</w:trPr>{held}</w:tr>"
