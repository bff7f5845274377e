"""A whole PostgreSQL database: moved, proved, followed, and taken back."""
