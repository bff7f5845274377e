"""Whole databases: from one PostgreSQL to another, proved, followed, and able to go back."""
