"""The sentences of these commands. Placeholders take names, paths and numbers."""

NO_DATABASE = "VERBATIM_DATABASE is not set. Set it to the PostgreSQL database."
RUNNING = "A bot runs on the data folder {path!r}. Stop it first; one that was killed counts as running for a minute."
COPIED = "All rows were copied, and are the same in both places:"
ROWS = "{table}: {count}"
OLD_FILE = (
    "The file {path!r} is not used while VERBATIM_DATABASE is set. It may hold questions: delete it when all is well."
)
OLD_DATABASE = "Remove the setting VERBATIM_DATABASE, so that the bot uses the file {path!r}."
