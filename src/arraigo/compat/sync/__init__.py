"""Generated twins without await (see tools/generate.py)."""
