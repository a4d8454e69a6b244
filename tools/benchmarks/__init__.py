"""Benchmarks; no part of the tests, because they depend on the machine's speed."""
