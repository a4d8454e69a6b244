"""How good are the answers? Figures over a file of questions with known answers, and a report of what went wrong."""
