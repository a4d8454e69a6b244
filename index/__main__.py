"""`python -m index`: the `verbatim` command."""

from index.cli.main import main

if __name__ == "__main__":  # the processes that read articles import this module too
    main()
