"""Moves over HTTP: what a page includes so that a browser's own records come in."""
