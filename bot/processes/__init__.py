"""Several processes of one application: who does what is done once, and what they share in memory."""
