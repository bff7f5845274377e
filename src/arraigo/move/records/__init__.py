"""Records of an application's own making, and the proof that they arrived."""
