"""Pages that hide a sentence in many ways, and what Chromium shows of them."""
