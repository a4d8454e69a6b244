"""Which declarations apply to each element of a page (https://www.w3.org/TR/css-cascade-4/)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.reading.html.css.parser import Declaration, applies_to_every_screen, declarations, rules, split_at
from index.reading.html.css.properties import parse_declaration
from index.reading.html.css.selectors import Element, Selector, Specificity, names_of, parse_selector

IGNORED_ELEMENTS = frozenset({"noscript", "template"})
"""Elements whose style sheets are ignored where scripts run."""
Rank = tuple[bool, bool, Specificity, int]
"""Important, inline style, specificity, position: the greatest rank wins."""
Ranked = dict[str, tuple[Rank, str]]
"""The winning value by property, with its rank."""
NOTHING: Specificity = (0, 0, 0)


class Rule(NamedTuple):
    """All declarations of a page's style sheets for one selector."""

    selector: Selector
    declarations: Ranked


class StyleSheets:
    """The style sheets in a page; linked ones are not loaded."""

    def __init__(self, tree: Element) -> None:
        """Keep only rules that can match something on the page."""
        rules = list(_rules(tree))
        if rules:
            names = frozenset[str]().union(*(names_of(each) for each in tree.iter() if isinstance(each.tag, str)))
            rules = [rule for rule in rules if rule.selector.names <= names]
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.selector.key].append(rule)
        self._attributes = sorted({name for rule in rules for name in rule.selector.attributes})
        self._kinds: dict[object, int] = {}
        self._kind_of: dict[Element, int] = {}
        self._says: dict[int, Ranked] = {}

    def style(self, element: Element) -> Mapping[str, str]:
        """Return the visibility properties that apply to an element; its parent must have been queried before."""
        held = dict(self._of_kind(element)) if self._rules else {}
        if "hidden" in element.attrib:
            held.setdefault("display", ((False, False, NOTHING, 0), "none"))
        if own := element.get("style"):
            for each in _declared(own):
                _take(held, each.name, (each.is_important, True, NOTHING, 0), each.value)
        return {name: value for name, (_, value) in held.items()}

    def _of_kind(self, element: Element) -> Ranked:
        """Return the sheets' declarations for an element, computed once for elements that no selector distinguishes."""
        above = self._kind_of.get(element.getparent())
        looked_at = tuple(element.get(name) for name in self._attributes)
        kind = self._kinds.setdefault((above, names_of(element), looked_at), len(self._kinds))
        self._kind_of[element] = kind
        if kind not in self._says:
            said: Ranked = {}
            for name in ("", *names_of(element)):
                for rule in self._rules.get(name, ()):
                    if rule.selector.matches(element):
                        for held, (rank, value) in rule.declarations.items():
                            _take(said, held, rank, value)
            self._says[kind] = said
        return self._says[kind]


def _take(held: Ranked, name: str, rank: Rank, value: str) -> None:
    if name not in held or rank >= held[name][0]:
        held[name] = rank, value


def _rules(tree: Element) -> Iterator[Rule]:
    """Return the rules of all sheets, one per selector."""
    found: dict[str, Rule | None] = {}
    order = 0
    for sheet in tree.iter("style"):
        kind, media = sheet.get("type", "").strip().lower(), sheet.get("media", "")
        is_read = (
            kind in {"", "text/css"}
            and applies_to_every_screen(media)
            and next(sheet.iterancestors(*IGNORED_ELEMENTS), None) is None
        )
        for written, block in rules(sheet.text or "") if is_read else ():
            if declared := list(_declared(block)):
                for part in map(str.strip, split_at(written, ",")):
                    order += 1
                    if part not in found:
                        read = parse_selector(part)
                        found[part] = Rule(read, {}) if read else None
                    if rule := found[part]:
                        for each in declared:
                            rank = (each.is_important, False, rule.selector.specificity, order)
                            _take(rule.declarations, each.name, rank, each.value)
    return (rule for rule in found.values() if rule)


def _declared(text: str) -> Iterator[Declaration]:
    """Yield the declarations of properties that affect visibility, in order."""
    for each in declarations(text):
        for name, value in parse_declaration(each.name, each.value):
            yield Declaration(name, value, each.is_important)
