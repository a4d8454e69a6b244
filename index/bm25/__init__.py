"""BM25: the scorer, postings, vocabulary, kernels."""
