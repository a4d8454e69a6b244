"""Which declarations apply to each element of a page (https://www.w3.org/TR/css-cascade-5/).

What is not known of the reader's browser, such as its width, is a condition. The style of an element is given for no
condition, for each that matters to it, and for all at once.
"""

from __future__ import annotations

import copy
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import tinycss2
from tinycss2 import color5

from index.reading.html.css.matching import Matcher
from index.reading.html.css.nodes import Element, Fold, Node
from index.reading.html.css.properties import FONT, RELEVANT, SHORTHANDS, is_harmless, longhands, physical_name
from index.reading.html.css.selectors import COMMA, Selector, Specificity, Token, parse_selectors, split_at_commas

IGNORED_ELEMENTS = frozenset({"noscript", "template"})
"""Elements whose style sheets are ignored where scripts run."""
STYLELESS = """
    charset counter-style font-face font-feature-values font-palette-values import namespace page position-try property
    view-transition
"""
WITHOUT_STYLES = frozenset(STYLELESS.split())
"""At-rules that hold no style rules."""
NO_CONDITION, ALL_CONDITIONS = "", "*"
MAX_CONDITION = 400
"""Characters by which conditions are told apart."""
MAX_CONDITIONS = 40
"""Conditions of one element."""
MAX_NESTING = 4
"""Depth of selectors within selectors."""
MAX_DEPTH = 50
"""Depth of blocks within blocks."""
MAX_CHARACTERS = 3_000_000
"""Length of all sheets of a page."""
EVERY_SCREEN = frozenset({"", "all", "screen", "not print"})
NO_SCREEN = re.compile(r"(?:print|speech|aural|braille|embossed|handheld|projection|tty|tv|not all|not screen)\b")
ELEMENT_STYLES = {"mark": {"color": "black", "background-color": "yellow"}}
ATTRIBUTES = {
    ("font", "color"): "color",
    ("body", "text"): "color",
    ("", "bgcolor"): "background-color",
}
"""Attributes that set properties, by element and name."""
Layer = tuple[float, ...]
"""The numbers of a cascade layer and those around it; infinity stands for what is in none."""
Rank = tuple[bool, Layer, bool, Specificity, int]
"""Important, layer, inline style, specificity, position: the greatest rank wins."""
NO_LAYER: Layer = (math.inf,)
LOWEST: Rank = (False, (), False, (0, 0, 0), 0)


class Declaration(NamedTuple):
    """A declaration of a property that may hide something."""

    name: str
    value: str
    written: str
    """The property as written, perhaps a shorthand."""
    is_important: bool


class Rule(NamedTuple):
    """Declarations for one selector."""

    selector: Selector
    declarations: tuple[Declaration, ...]
    condition: str
    layer: Layer
    order: int


class Context(NamedTuple):
    """What is around a rule."""

    condition: str
    layer: Layer
    parent: list[Token] | None = None
    """The selector of the rule around it."""
    selectors: tuple[Selector, ...] = ()
    """The same, parsed, as far as it can match something."""
    selector_depth: int = 0
    depth: int = 0

    def under(self, condition: str) -> Context:
        """Return the context within one more condition."""
        return self._replace(condition=f"{self.condition} {condition}".strip()[:MAX_CONDITION])


class Applied(NamedTuple):
    """A declaration that may apply to an element."""

    rank: Rank
    declaration: Declaration
    condition: str


class StyleSheets:
    """The style sheets in a page; linked ones are not loaded."""

    def __init__(self, tree: Element, nodes: list[Node], fold: Fold) -> None:
        """Keep only rules that can match something on the page."""
        reader = _Reader(frozenset[str]().union(*(node.names for node in nodes)), fold)
        for sheet in tree.iter("style"):
            media = tinycss2.parse_component_value_list(sheet.get("media", ""), skip_comments=True)
            is_css = sheet.get("type", "").strip().lower() in {"", "text/css"}
            if is_css and next(sheet.iterancestors(*IGNORED_ELEMENTS), None) is None:
                reader.read_sheet(sheet.text or "", media)
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in reader.rules:
            self._rules[rule.selector.key].append(rule)
        self._matcher = Matcher(fold)
        self._is_complete = reader.is_complete
        self.hiding_animations = frozenset(reader.hiding_animations)

    @property
    def is_exhausted(self) -> bool:
        """Whether there was too much to read or to compare."""
        return self._matcher.is_exhausted or not self._is_complete

    def declarations(self, node: Node) -> dict[str, dict[str, Declaration]]:
        """Return the declarations that apply to an element, by condition and property."""
        applied = [*_presentational(node), *self._of_sheets(node)]
        if own := node.element.get("style"):
            parts = tinycss2.parse_blocks_contents(own, skip_comments=True, skip_whitespace=True)
            applied += (
                Applied((each.is_important, NO_LAYER, True, (0, 0, 0), 0), each, NO_CONDITION)
                for each in _declarations(parts)
            )
        if not applied:
            return {}
        applied.sort(key=lambda each: each.rank)
        conditions = {each.condition for each in applied} - {NO_CONDITION}
        known = [NO_CONDITION, *sorted(conditions)[:MAX_CONDITIONS], *([ALL_CONDITIONS] if conditions else [])]
        return {condition: _winning(applied, condition) for condition in known}

    def _of_sheets(self, node: Node) -> Iterator[Applied]:
        for name in ("", *node.names) if self._rules else ():
            for rule in self._rules.get(name, ()):
                selector, condition = rule.selector, rule.condition
                matches = self._matcher.matches(selector.tree, node)
                if matches is False:
                    continue
                if not matches or not selector.is_certain:
                    condition = f"{condition} {rule.order}"
                for each in rule.declarations:
                    layer = tuple(-number for number in rule.layer) if each.is_important else rule.layer
                    rank = (each.is_important, layer, False, selector.specificity, rule.order)
                    yield Applied(rank, each, condition)


def _winning(applied: list[Applied], condition: str) -> dict[str, Declaration]:
    """Return the declaration of the greatest rank for each property."""
    return {
        each.declaration.name: each.declaration
        for each in applied
        if condition == ALL_CONDITIONS or each.condition in {NO_CONDITION, condition}
    }


def _presentational(node: Node) -> Iterator[Applied]:
    """Yield what elements and attributes declare (https://html.spec.whatwg.org/multipage/rendering.html)."""
    held = node.element.attrib
    if not held and node.tag not in ELEMENT_STYLES:
        return
    declared = dict(ELEMENT_STYLES.get(node.tag, {}))
    if node.tag == "a" and "href" in held:
        declared["color"] = "#0000ee"
    for (tag, attribute), name in ATTRIBUTES.items():
        if attribute in held and tag in {"", node.tag}:
            declared[name] = held[attribute] if color5.parse_color(held[attribute]) else f"#{held[attribute]}"
    if "hidden" in held:
        is_found = held["hidden"].lower() == "until-found"
        declared |= {"content-visibility": "hidden"} if is_found else {"display": "none"}
    for name, value in declared.items():
        yield Applied(LOWEST, Declaration(name, value, name, is_important=False), NO_CONDITION)


def _declarations(parts: Iterable[Token]) -> tuple[Declaration, ...]:
    """Return the declarations of properties that may hide something, the last or most important of each."""
    found: dict[str, Declaration] = {}
    for part in parts:
        name = physical_name(part.name) if part.type == "declaration" else ""
        if not (name in RELEVANT or name in SHORTHANDS or name.startswith("--")):
            continue
        value = tinycss2.serialize(part.value).strip()
        is_open = "var(" in value.lower()
        value = value if is_open or name.startswith("--") else value.lower()
        sets = dict.fromkeys(SHORTHANDS.get(name, (name,)), value) if is_open else longhands(name, value)
        for each, held in sets.items():
            if part.important or each not in found or not found[each].is_important:
                found[each] = Declaration(each, held, name, part.important)
    return tuple(found.values())


class _Reader:
    """Reads style sheets to rules, in order."""

    def __init__(self, names: AbstractSet[str], fold: Fold) -> None:
        self._names = names
        self._fold = fold
        self.rules: list[Rule] = []
        self.hiding_animations: set[str] = set()
        self.is_complete = True
        """Whether all could be read."""
        self._characters = 0
        self._layers: dict[Layer, dict[str, int]] = defaultdict(dict)
        self._waiting: list[tuple[Token, Context]] = []

    def read_sheet(self, text: str, media: list[Token]) -> None:
        """Read the text of one sheet, given the media that it is for."""
        if (condition := _media_condition(media)) is None:
            return
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            self.is_complete = False
            return
        parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        self._wait(parsed, Context(condition, NO_LAYER))
        while self._waiting:
            rule, context = self._waiting.pop()
            if rule.type == "qualified-rule":
                self._read_rule(rule, context)
            elif rule.type == "at-rule":
                self._read_at_rule(rule, context)

    def _wait(self, rules: Iterable[Token], context: Context) -> None:
        self._waiting += [(rule, context) for rule in reversed(list(rules))]

    def _read_rule(self, rule: Token, context: Context) -> None:
        selector = rule.prelude
        if context.parent is not None:
            selector, is_known = _nested(selector, context)
            context = context._replace(selector_depth=context.selector_depth + 1)
            context = context if is_known else context.under("nested")
        selectors = parse_selectors(selector, self._names, self._fold)
        if selectors or any(token.type == "{} block" for token in rule.content):
            within = context._replace(parent=selector, selectors=tuple(selectors))
            self._read_block(rule.content, within)

    def _read_block(self, content: list[Token], context: Context) -> None:
        """Read the declarations of a block, and then the rules in it."""
        if context.depth > MAX_DEPTH:
            self.is_complete = False
            return
        parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        if context.selectors and (declared := _declarations(parts)):
            for selector in context.selectors:
                self.rules.append(Rule(selector, declared, context.condition, context.layer, len(self.rules)))
        self._wait(parts, context._replace(depth=context.depth + 1))

    def _read_at_rule(self, rule: Token, context: Context) -> None:
        name, prelude = rule.lower_at_keyword, tinycss2.serialize(rule.prelude).strip().lower()
        if name == "layer":
            layers = [self._layer(context.layer, each.strip()) for each in prelude.split(",")]
            context = context._replace(layer=layers[0])
        elif name == "media":
            if (condition := _media_condition(rule.prelude)) is None:
                return
            context = context.under(condition)
        elif name.endswith("keyframes"):
            if _hides(rule.content or []):
                self.hiding_animations.add(prelude.strip("\"'"))
            return
        elif name in WITHOUT_STYLES:
            return
        else:
            context = context.under(f"@{name} {prelude}")
        if rule.content is not None:
            self._read_block(rule.content, context)

    def _layer(self, outer: Layer, name: str) -> Layer:
        """Return the layer of a name, which is new if the name is empty."""
        for part in name.split("."):
            siblings = self._layers[outer]
            number = siblings.setdefault(part or f"#{len(siblings)}", len(siblings) + 1)
            outer = (*outer[:-1], number, math.inf)
        return outer


def _media_condition(media: list[Token]) -> str | None:
    """Return a media query if it is true for some screens only; "" if for all, None if for none."""
    queries = [tinycss2.serialize(part).strip().lower().removeprefix("only ") for part in split_at_commas(media)]
    if any(query in EVERY_SCREEN for query in queries):
        return NO_CONDITION
    return None if all(NO_SCREEN.match(query) for query in queries) else ",".join(queries)


def _nested(selector: list[Token], context: Context) -> tuple[list[Token], bool]:
    """Return a nested selector (https://www.w3.org/TR/css-nesting-1/) with the one around it; if not whole, False."""
    around = tinycss2.parse_component_value_list(":is() ")
    around[1].arguments = context.parent
    found: list[Token] = []
    for part in split_at_commas(selector):
        nested = tinycss2.serialize(part).count("&")
        if context.selector_depth > MAX_NESTING or nested > MAX_NESTING:
            return [part for part in selector if part != "&"], False
        found += [*([COMMA] if found else []), *([] if nested else around), *_with_parent(part, around[:-1])]
    return found, True


def _with_parent(selector: Iterable[Token], around: list[Token]) -> Iterator[Token]:
    for part in selector:
        if part == "&":
            yield from around
        elif part.type == "function":
            within = copy.copy(part)
            within.arguments = list(_with_parent(part.arguments, around))
            yield within
        else:
            yield part


def _hides(keyframes: list[Token]) -> bool:
    """Whether an animation may hide something at any time."""
    declared = (
        each
        for frame in tinycss2.parse_rule_list(keyframes, skip_comments=True, skip_whitespace=True)
        if frame.type == "qualified-rule"
        for each in _declarations(tinycss2.parse_blocks_contents(frame.content))
    )
    return any(
        each.name.endswith(("color", "opacity")) or not is_harmless(each.name, each.value, FONT, FONT)
        for each in declared
    )
