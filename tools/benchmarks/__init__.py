"""Measurements: never part of the tests, since a machine's speed is not the code's."""
