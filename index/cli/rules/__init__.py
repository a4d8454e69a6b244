"""What authors of rules work with: the examples that rules carry, and what a rule would do to the articles."""
