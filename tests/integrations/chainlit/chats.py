"""Chainlit, if it is installed; who imports this is skipped where it is not."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from support import servers

if find_spec("chainlit") is None:
    pytest.skip("chainlit is not installed (make integrations)", allow_module_level=True)

os.environ.setdefault("CHAINLIT_APP_ROOT", str(servers.run_home() / "chainlit"))  # it writes its settings there
Path(os.environ["CHAINLIT_APP_ROOT"]).mkdir(exist_ok=True)

with warnings.catch_warnings():  # what it imports itself has some, and here they are errors
    warnings.simplefilter("ignore")
    from chainlit.context import ChainlitContext, context_var
    from chainlit.element import CustomElement, Image, Text
    from chainlit.session import HTTPSession
    from chainlit.types import Feedback, Pagination, ThreadFilter
    from chainlit.user import PersistedUser, User

    from arraigo.integrations.chainlit import ArraigoDataLayer, ObstoreStorage, caller

__all__ = [
    "ArraigoDataLayer",
    "CustomElement",
    "Feedback",
    "Image",
    "ObstoreStorage",
    "Pagination",
    "Text",
    "ThreadFilter",
    "User",
    "caller",
    "chat",
    "nobody",
    "step",
]


@contextmanager
def chat(user: PersistedUser | None, thread_id: str = "t1") -> Iterator[None]:
    """Inside, what runs is a chat of this user's."""
    session = HTTPSession(id=str(uuid4()), client_type="webapp", thread_id=thread_id, user=user)
    token = context_var.set(ChainlitContext(session))
    try:
        yield
    finally:
        context_var.reset(token)


@contextmanager
def nobody() -> Iterator[None]:
    """Inside, nobody has signed in, as in a program of one's own beside the chats."""
    token = caller._signed_in.set(None)
    try:
        yield
    finally:
        caller._signed_in.reset(token)


def step(id: str, output: str = "", type: str = "user_message", **more: Any) -> Any:
    """A step of the thread t1, as Chainlit sends one."""
    return {
        "id": id,
        "threadId": "t1",
        "type": type,
        "name": type,
        "parentId": None,
        "output": output,
        "metadata": {},
        "tags": None,
        **more,
    }
