"""Verbatim on Discord: questions in, proven quotations out."""
