"""The folder of articles: scan, file states, slugs, watcher."""
