"""Build the data of the thesaurus from WordNet."""
