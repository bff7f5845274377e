"""The query door without await; generated (see tools/generate.py)."""
