"""Interviews that are kept: an interviewer whose state is the server's, and what was said, exactly once."""
