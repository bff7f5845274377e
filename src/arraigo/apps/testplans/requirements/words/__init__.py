"""What words tell: the language, LaTeX and mistakes made plain, what is a statement and what is not."""
