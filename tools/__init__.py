"""Programs that only developers run: benchmarks, training, fuzzing, pictures, the thesaurus' builder."""
