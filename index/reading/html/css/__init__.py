"""The CSS of a page, as far as it decides what is visible."""

from index.reading.html.css.visibility import BLOCKS, SHOWN, Look, looks_of, without_style

__all__ = ["BLOCKS", "SHOWN", "Look", "looks_of", "without_style"]
