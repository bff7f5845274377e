"""How an interview is led: pure decisions, and who words them, with and without a model."""
