"""Projects, over every way in."""

from uuid import uuid4

import pytest

import arraigo
from arraigo.errors import Conflict, InvalidInput, NotFound


async def test_a_project_has_what_it_was_given(me: arraigo.UserStore) -> None:
    made = await me.projects.create(
        name="Direcciones",
        description="qué",
        context="dónde",
        case_fields={"properties": {"calle": {"type": "string"}}},
    )
    assert (made.name, made.description, made.context, made.is_active) == ("Direcciones", "qué", "dónde", True)
    assert made.case_fields == {"properties": {"calle": {"type": "string"}}}
    assert await me.projects.get(made.id) == made


async def test_projects_are_listed_by_name(me: arraigo.UserStore) -> None:
    for name in ("b", "c", "a"):
        await me.projects.create(name=name)
    assert [project.name for project in await me.projects.list()] == ["a", "b", "c"]
    assert [project.name for project in await me.projects.list(limit=2, inactive=True)] == ["a", "b"]


async def test_a_name_is_taken_once_per_owner(me: arraigo.UserStore, you: arraigo.UserStore) -> None:
    await me.projects.create(name="Mapas")
    await you.projects.create(name="Mapas")
    with pytest.raises(Conflict):
        await me.projects.create(name="Mapas")
    assert len(await me.projects.list()) == 1


async def test_bad_values_are_refused(me: arraigo.UserStore) -> None:
    for attempt in (
        me.projects.create(name=""),
        me.projects.create(name="x" * 256),
        me.projects.create(name="a\0"),
        me.projects.create(name="x", description="\ud800"),
        me.projects.create(name="x", context="x" * 100_001),
        me.projects.create(name="x", case_fields={"x": "x" * 70_000}),
        me.projects.list(limit=0),
    ):
        with pytest.raises(InvalidInput):
            await attempt
    assert await me.projects.list() == []


async def test_what_is_missing_is_not_found(me: arraigo.UserStore) -> None:
    with pytest.raises(NotFound):
        await me.projects.get(uuid4())
