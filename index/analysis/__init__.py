"""Text analysis: terms, parsed questions, features of sentences, word lists, the thesaurus."""
