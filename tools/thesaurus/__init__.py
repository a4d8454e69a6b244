"""Builds the data of the thesaurus from WordNet."""
