"""The state in one SQLite file: set aside and replaced if it is damaged."""
