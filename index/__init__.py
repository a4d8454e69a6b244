"""Articles in, passages and answers out: reading, cleaning, sentences, BM25, support, proof."""
