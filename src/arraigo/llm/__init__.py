"""The one door to language models, for every app: a typed question in, a checked answer or `Unavailable` out.

What is asked and what comes back is never logged, traced or part of an error. Without ARRAIGO_MODEL there is no model,
and every app does its work without one.
"""

from arraigo.llm.opening import open  # noqa: A004 - as arraigo.open
from arraigo.llm.types import Model

__all__ = ["Model", "open"]
