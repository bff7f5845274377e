"""Other people's readers, loaded when the first such document comes."""

from importlib import import_module
from typing import Any

from arraigo.errors import Unavailable


def module(name: str, reads: str) -> Any:
    """That module.

    Raises:
        Unavailable: The extra is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as reason:
        raise Unavailable(
            f"{reads} documents cannot be read here: {reason.name} is missing",
            remedy="run `pip install arraigo[documents]`",
        ) from reason
