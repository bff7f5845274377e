"""Following a source while it is written, cutting over, and going back."""
