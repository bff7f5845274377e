"""What others build on: the names, their docstrings, and the twin's likeness."""

import inspect
import re
from typing import Any

import pytest

import arraigo
from arraigo import sync
from arraigo.ids import uuid7
from arraigo.store import conversations, documents, messages, projects, state, stores
from arraigo.sync import conversations as conversations_twin
from arraigo.sync import documents as documents_twin
from arraigo.sync import messages as messages_twin
from arraigo.sync import projects as projects_twin
from arraigo.sync import state as state_twin
from arraigo.sync import stores as stores_twin

PAIRS = [
    (stores.Store, stores_twin.Store),
    (stores.UserStore, stores_twin.UserStore),
    (conversations.Conversations, conversations_twin.Conversations),
    (documents.Documents, documents_twin.Documents),
    (messages.Messages, messages_twin.Messages),
    (projects.Projects, projects_twin.Projects),
    (state.State, state_twin.State),
]


def test_the_public_names_are_these() -> None:
    assert sorted(arraigo.__all__) == [
        "ArraigoError",
        "Conversation",
        "Document",
        "Entry",
        "Link",
        "Message",
        "NewMessage",
        "Page",
        "Project",
        "Revision",
        "Store",
        "User",
        "UserStore",
        "errors",
        "open",
        "sync",
    ]
    assert sorted(sync.__all__) == ["Store", "UserStore", "open"]
    for module in (arraigo, sync):
        assert all(hasattr(module, name) for name in module.__all__)


def test_the_version_is_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", arraigo.__version__)


def public() -> dict[str, Any]:
    found = {f"arraigo.{name}": getattr(arraigo, name) for name in arraigo.__all__}
    found |= {f"arraigo.errors.{name}": kind for name, kind in inspect.getmembers(arraigo.errors, inspect.isclass)}
    for kind, _ in PAIRS:
        members = inspect.getmembers(kind, inspect.isfunction)
        found |= {f"{kind.__name__}.{name}": function for name, function in members if not name.startswith("_")}
    return found


@pytest.mark.parametrize("name", public())
def test_every_public_name_has_a_docstring_that_ends_its_first_line(name: str) -> None:
    said = inspect.getdoc(public()[name])
    assert said, f"{name} has no docstring"
    assert said.splitlines()[0][-1] in ".:", name


@pytest.mark.parametrize(("kind", "twin"), PAIRS, ids=lambda kind: kind.__module__)
def test_the_twin_has_the_same_methods_with_the_same_parameters(kind: type, twin: type) -> None:
    def methods(of: type) -> dict[str, Any]:
        found = inspect.getmembers(of, inspect.isfunction)
        return {name: list(inspect.signature(f).parameters.values()) for name, f in found if not name.startswith("_")}

    def plain(parameters: list[inspect.Parameter]) -> list[tuple[str, Any, Any]]:
        return [(parameter.name, parameter.kind, parameter.default) for parameter in parameters]

    mine, its = methods(kind), methods(twin)
    assert {name: plain(parameters) for name, parameters in mine.items()} == {
        name: plain(parameters) for name, parameters in its.items()
    }
    assert not any(inspect.iscoroutinefunction(getattr(twin, name)) for name in its)


def test_what_the_store_gives_is_frozen() -> None:
    user = arraigo.User(uuid7(), is_active=True)
    with pytest.raises(AttributeError):
        user.is_active = False  # type: ignore[misc]
