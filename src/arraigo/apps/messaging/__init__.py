"""The messaging bot."""
