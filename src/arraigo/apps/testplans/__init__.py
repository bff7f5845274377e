"""Test plans: from a document of requirements to concrete, traceable cases, every change of them logged."""
