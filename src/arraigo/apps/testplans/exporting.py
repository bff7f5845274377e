"""One user's exports: plans written as files, kept beside their conversation for a day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import UUID

from arraigo.apps.testplans.reading import Plans
from arraigo.apps.testplans.views import PlanView
from arraigo.errors import ArraigoError, Expired, InvalidInput, NotFound, TooLarge, Unavailable
from arraigo.ids import uuid7
from arraigo.postgres.database import Ask
from arraigo.postgres.queries import Query, load
from arraigo.store.access import Access
from arraigo.store.documents import Documents
from arraigo.store.types import Link
from arraigo.web.files import File

Format = Literal["excel", "pdf", "json", "csv", "testrail", "xray", "zephyr", "azure", "qase", "gherkin"]
ExportStatus = Literal["pending", "ready", "failed"]
Render = Callable[[PlanView, Format, bool], File]

WORK = load("arraigo.apps.testplans", "work.sql")
AT_ONCE = 500  # cases; what has more is written in the background
KEPT_SECONDS = 24 * 60 * 60
CLAIMED_SECONDS = 60.0
FORMATS: tuple[Format, ...] = get_args(Format)
_ENDINGS: Mapping[Format, str] = {"excel": "xlsx", "pdf": "pdf", "json": "json", "gherkin": "feature"}


@dataclass(frozen=True, slots=True)
class Export:
    """One of them.

    Attributes:
        error: Why it failed; None otherwise.
        document_id: Its bytes; None until it is ready.
    """

    id: UUID
    conversation_id: UUID
    plan_id: UUID
    format: Format
    include_metadata: bool
    status: ExportStatus
    error: str | None
    document_id: UUID | None
    filename: str
    file_size: int | None
    created_at: datetime
    expires_at: datetime


def render(plan: PlanView, format: Format, include_metadata: bool) -> File:  # noqa: FBT001 - as Render
    """The plan as a file."""
    from arraigo.apps.testplans import exports  # noqa: PLC0415 - the writers are needed by exports alone

    return exports.render(plan, format, include_metadata=include_metadata)


class Exports:
    """One user's.

    Args:
        access: The database, in the user's name.
        write: Makes the file of a plan.
    """

    def __init__(self, access: Access, write: Render) -> None:
        self._access = access
        self._write = write

    async def add(self, plan: UUID, format: Format, *, include_metadata: bool = False) -> Export:
        """Begin one: a small plan is written at once, a large one waits for `write`.

        Raises:
            NotFound: There is no such plan.
        """
        row = await Plans(self._access).row(plan)
        small = row.total_test_cases <= AT_ONCE
        id_ = uuid7()
        await self._ask(
            WORK.add_export,
            id=id_,
            plan=plan,
            format=format,
            include_metadata=include_metadata,
            filename=f"{row.title[:80].strip() or 'plan'}.{_ENDINGS.get(format, 'csv')}",
            seconds=KEPT_SECONDS,
            claimed=CLAIMED_SECONDS if small else 0,
        )
        if small:
            await self.write(id_)
        return await self.get(id_)

    async def get(self, export: UUID) -> Export:
        """One of them.

        Raises:
            Expired: Its time is over. NotFound: There is none, or it is somebody else's.
        """
        found = await self._ask(WORK.export_by_id, id=export)
        if not found:
            raise NotFound(f"there is no export {export}")
        made = Export(*found[0])
        if made.expires_at <= datetime.now(UTC):
            raise Expired(f"export {export} was kept until {made.expires_at:%Y-%m-%d %H:%M}", remedy="make another one")
        return made

    async def link(self, export: Export) -> Link | None:
        """A link to its bytes for as long as it is kept; None where there are none yet."""
        left = (export.expires_at - datetime.now(UTC)).total_seconds()
        if export.document_id is None or left <= 0:
            return None
        return await Documents(self._access).link(export.document_id, expires=left)

    async def write(self, export: UUID) -> None:
        """Write one that waits; a plan that cannot be written so makes it fail, and says why."""
        one = await self.get(export)
        if one.status != "pending":
            return
        view = await Plans(self._access).get(one.plan_id, log=one.include_metadata)
        try:
            file = await asyncio.to_thread(self._write, view, one.format, one.include_metadata)
        except (InvalidInput, Unavailable) as error:  # an extra that is not installed, say
            await self.fail(one, error)
            return
        try:
            document = await Documents(self._access).add(
                one.conversation_id, file.data, filename=file.name, content_type=file.media_type, listed=False
            )
        except TooLarge as error:
            await self.fail(one, error)
            return
        kept = await self._finish(one, None, document.id, file.name, document.file_size)
        if not kept:  # somebody else was at it too, and quicker
            await Documents(self._access).delete(document.id)

    async def fail(self, export: Export, error: ArraigoError) -> None:
        """Say that it could not be written, and why."""
        await self._finish(export, str(error)[:2000], None, None, None)

    async def _finish(
        self, export: Export, error: str | None, document: UUID | None, filename: str | None, size: int | None
    ) -> bool:
        owner = await self._access.identity()
        values = {
            "id": export.id,
            "conversation": export.conversation_id,
            "owner": owner,
            "error": error,
            "document": document,
            "filename": filename,
            "size": size,
        }
        asked = [Ask(WORK.finish_export, values, tuple), Ask(WORK.finish_work, values, tuple)]
        finished, _ = await self._access.database.fetch_all(asked, identity=owner)
        return bool(finished)

    async def _ask(self, query: Query, **values: Any) -> list[Sequence[Any]]:
        owner = await self._access.identity()
        return await self._access.database.fetch(query, {**values, "owner": owner}, tuple, identity=owner)
