"""The state in a PostgreSQL database, which several processes may share; needs the extra `cluster`."""
