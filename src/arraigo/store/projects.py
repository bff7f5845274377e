"""One user's projects."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from arraigo.errors import NotFound
from arraigo.ids import uuid7
from arraigo.store import checks
from arraigo.store.access import QUERIES, Access
from arraigo.store.types import Project


def _project(values: Any) -> Project:
    return Project(*values)


class Projects:
    """Make, find and list."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def create(
        self,
        *,
        name: str,
        description: str | None = None,
        context: str | None = None,
        case_fields: Mapping[str, Any] | None = None,
    ) -> Project:
        """Make a project.

        Raises:
            Conflict: You have one of this name already.
        """
        owner = await self._access.identity()
        values = {
            "id": uuid7(),
            "owner": owner,
            "name": checks.text(name, "name", most=255, least=1),
            "description": None if description is None else checks.text(description, "description", most=100_000),
            "context": None if context is None else checks.text(context, "context", most=100_000),
            "case_fields": checks.json_object(case_fields, "case_fields"),
        }
        made = await self._access.database.fetch(QUERIES.create_project, values, _project, identity=owner)
        return made[0]

    async def get(self, id: UUID) -> Project:
        """One project.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        found = await self._access.database.fetch(
            QUERIES.project_by_id, {"id": id}, _project, identity=await self._access.identity()
        )
        if not found:
            raise NotFound(f"there is no project {id}")
        return found[0]

    async def list(self, *, inactive: bool = False, limit: int = 200) -> list[Project]:
        """By name; with `inactive`, those too that are put away."""
        return await self._access.database.fetch(
            QUERIES.list_projects,
            {"all": inactive, "limit": checks.limit(limit)},
            _project,
            identity=await self._access.identity(),
        )
