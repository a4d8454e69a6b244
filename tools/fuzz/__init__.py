"""Fuzz the code that reads untrusted input: `python -m tools.fuzz TARGET --minutes 10`."""
