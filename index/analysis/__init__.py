"""Text to terms: the analyzer, parsed questions, features of sentences, word lists."""
