"""Updates of the index: what changed, reading it in parallel, snapshots, duplicates of articles."""
