"""Cool-downs and permissions."""
