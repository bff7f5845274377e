"""Search over HTTP, in everybody's own conversations."""
