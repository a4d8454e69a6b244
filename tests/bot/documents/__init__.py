"""Made-up documents whose structure is known, in several formats, and what is quoted of them."""
