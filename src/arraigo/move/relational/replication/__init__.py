"""What is written while a move is under way, in both directions."""
