"""Markdown as it is written today, read as the page that a site makes of it."""
