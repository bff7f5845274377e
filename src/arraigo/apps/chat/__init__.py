"""Chat over documents."""
