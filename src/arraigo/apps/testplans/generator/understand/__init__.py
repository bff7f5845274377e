"""Requirement sentences and table rows, Spanish and English, to the small model of a system."""

from arraigo.apps.testplans.generator.understand.system import understand

__all__ = ["understand"]
