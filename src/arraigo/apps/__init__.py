"""The applications that run on the store; they do not know each other."""
