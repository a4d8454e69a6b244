"""Developer tools: benchmarks, training, fuzzing, pictures, the builder of the thesaurus."""
