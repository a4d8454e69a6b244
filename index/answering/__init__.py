"""From a question to an answer: search, the pipeline, answerability, spelling, suggestions, proof, cache."""
