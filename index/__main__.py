"""`python -m index`: the `verbatim` command."""

from index.cli import main

main()
