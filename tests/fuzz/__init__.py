"""Fuzzing what reads strangers' input: `python -m tests.fuzz TARGET --minutes 10`."""
