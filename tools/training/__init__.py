"""`make train`: train the decision trees of ranking and answerability; not used at run time."""
