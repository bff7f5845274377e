"""The store's own endpoints."""
