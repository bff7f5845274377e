"""Chainlit's data layer on our store.

import chainlit as cl
from arraigo.integrations.chainlit import ArraigoDataLayer

@cl.data_layer
def data_layer():
    return ArraigoDataLayer()
"""

from arraigo.integrations import missing

try:
    import chainlit  # noqa: F401 - whether it is there
except ModuleNotFoundError as error:
    raise missing(error, "chainlit") from error

from arraigo.integrations.chainlit.layer import ArraigoDataLayer
from arraigo.integrations.chainlit.storage import ObstoreStorage

__all__ = ["ArraigoDataLayer", "ObstoreStorage"]
