"""How a page's own style shows its elements, as far as it decides what a reader reads."""

from index.reading.html.css.visibility import BLOCKS, SHOWN, Look, looks_of, without_style

__all__ = ["BLOCKS", "SHOWN", "Look", "looks_of", "without_style"]
