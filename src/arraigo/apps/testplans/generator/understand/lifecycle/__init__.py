"""What makes an answer depend on what happened before: states, transitions, and how often something may happen."""
