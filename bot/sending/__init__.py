"""Verify every quotation, then send."""
