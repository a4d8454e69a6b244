"""The `verbatim` command, as `python -m index`."""

from index.cli.main import main

if __name__ == "__main__":  # the sandboxed readers import this module too
    main()
