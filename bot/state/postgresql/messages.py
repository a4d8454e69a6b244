"""Why a PostgreSQL database cannot be used, and what to do. `name` is its server and name, never the password."""

NO_DRIVER = "VERBATIM_DATABASE names a PostgreSQL database, but its driver is not installed. Run `make cluster`."
WAITING = "The PostgreSQL database {name!r} cannot be reached yet ({reason}). Trying again."
UNREACHABLE = (
    "The PostgreSQL database {name!r} cannot be reached ({reason}). Check VERBATIM_DATABASE, and that the server runs."
)
UNUSABLE = "The PostgreSQL database {name!r} cannot be used ({reason}). Check VERBATIM_DATABASE."
FORBIDDEN = (
    "The user of VERBATIM_DATABASE lacks a right in the PostgreSQL database {name!r} ({reason}). "
    "Grant it, as docs/scaling.md says."
)
DAMAGED = (
    "The PostgreSQL database {name!r} is damaged ({reason}). Restore your backup, or start with an empty database."
)
KEY_LOST = DAMAGED.replace("{reason}", "its key is lost")
WRONG_ENCODING = "The PostgreSQL database {name!r} does not have the encoding UTF8. Create it with ENCODING 'UTF8'."
UNKNOWN_SCHEMA = (
    "The PostgreSQL database {name!r} has the schema {schema!r}, which this version does not know. "
    "Start the newer version that wrote it, or use another database."
)
FILE_UNUSED = (
    "The database {path!r} is not used, since VERBATIM_DATABASE is set, and may hold questions. Copy it to the "
    "PostgreSQL database with `verbatim state copy`, or delete it."
)
