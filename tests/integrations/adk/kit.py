"""Google ADK, if it is installed; who imports this is skipped where it is not."""

import warnings
from importlib.util import find_spec
from typing import Any

import pytest

if find_spec("google") is None or find_spec("google.adk") is None:
    pytest.skip("google-adk is not installed (make integrations)", allow_module_level=True)

with warnings.catch_warnings():  # what it imports itself has some, and here they are errors
    warnings.simplefilter("ignore")
    from google.adk.agents import BaseAgent, ParallelAgent
    from google.adk.errors._stale_session_error import StaleSessionError
    from google.adk.errors.already_exists_error import AlreadyExistsError
    from google.adk.errors.session_not_found_error import SessionNotFoundError
    from google.adk.events.event import Event
    from google.adk.events.event_actions import EventActions
    from google.adk.runners import Runner
    from google.adk.sessions.base_session_service import GetSessionConfig
    from google.adk.sessions.session import Session
    from google.genai import types

    from arraigo.integrations.adk import ArraigoSessionService

__all__ = [
    "AlreadyExistsError",
    "ArraigoSessionService",
    "BaseAgent",
    "Event",
    "EventActions",
    "GetSessionConfig",
    "ParallelAgent",
    "Runner",
    "Session",
    "SessionNotFoundError",
    "StaleSessionError",
    "event",
    "types",
]

A: dict[str, Any] = {"app_name": "app", "user_id": "ana"}
S: dict[str, Any] = {**A, "session_id": "s1"}


def event(text: str = "", author: str = "user", at: float | None = None, **delta: Any) -> Event:
    """An event that says something and changes the state; `__` in a name stands for the colon of a prefix."""
    content = types.Content(role="user" if author == "user" else "model", parts=[types.Part(text=text)])
    state = {name.replace("__", ":"): value for name, value in delta.items()}
    made = Event(author=author, invocation_id="i", content=content, actions=EventActions(state_delta=state))
    if at is not None:
        made.timestamp = at
    return made
