"""Health check, metrics, logs, memory, version."""
