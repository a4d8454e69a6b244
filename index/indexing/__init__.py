"""Updates of the index: changed files, parallel reading, snapshots, duplicate articles."""
