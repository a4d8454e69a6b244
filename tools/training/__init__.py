"""`make train`: learns the trees of the ranking and of the decision; nothing of it runs in the product."""
