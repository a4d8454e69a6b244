"""Evaluation: metrics over a file of questions with known answers, and a report of the errors."""
