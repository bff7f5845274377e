"""The offline generator: requirements to cases without a model, by the techniques of ISO/IEC/IEEE 29119-4."""

from arraigo.apps.testplans.generator.generate import generate

__all__ = ["generate"]
