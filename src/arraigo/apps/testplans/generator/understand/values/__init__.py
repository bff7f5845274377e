"""What accepted operations give back: prices, tables of rates, formulas, bounds, rounding, what the system answers."""

from arraigo.apps.testplans.generator.understand.values.reading import Values

__all__ = ["Values"]
