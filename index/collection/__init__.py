"""An immutable collection of articles in segments, and duplicates of sentences in it."""
