"""Tools for rule authors: run the examples in rules, and preview what a new rules file changes."""
