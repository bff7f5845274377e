"""Where records come from; sources do not know each other."""
