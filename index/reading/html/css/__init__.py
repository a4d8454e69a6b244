"""The CSS of a page, as far as it decides what is visible."""

from index.reading.html.css.nodes import NO_ELEMENT
from index.reading.html.css.visibility import BLOCKS, VISIBLE, ElementVisibility, element_visibilities, without_style

__all__ = ["BLOCKS", "NO_ELEMENT", "VISIBLE", "ElementVisibility", "element_visibilities", "without_style"]
