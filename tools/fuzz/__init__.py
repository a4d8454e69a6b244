"""Fuzzing what reads strangers' input: `python -m tools.fuzz TARGET --minutes 10`."""
