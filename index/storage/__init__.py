"""Files and arrays on disk: atomic writes, mapped arrays, the lock, safe reads."""
