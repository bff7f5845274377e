"""Bytes of each format to the same blocks."""
