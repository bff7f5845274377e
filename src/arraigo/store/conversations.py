"""One user's conversations."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from arraigo.errors import Conflict, InvalidInput, NotFound, Unreachable
from arraigo.ids import uuid7
from arraigo.postgres.database import Ask
from arraigo.store import checks
from arraigo.store.access import QUERIES, Access
from arraigo.store.context import MAX_EXTERNAL_ID, Ref, conversation_id
from arraigo.store.journal import Entry, results
from arraigo.store.types import Conversation, Page, Stored

_CHANGEABLE = ("title", "status", "language", "settings", "metadata", "project_id")


def _conversation(values: Any) -> Conversation:
    return Conversation(*values)


class Conversations:
    """Make, find, list, change and delete; everything of somebody else's is as if it were not there."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def create(
        self,
        *,
        title: str,
        kind: str = "chat",
        project_id: UUID | None = None,
        language: str | None = None,
        settings: Mapping[str, Any] | None = None,
        metadata: Mapping[str, Any] | None = None,
        external_id: str | None = None,
    ) -> Conversation:
        """Make a conversation; with an `external_id`, it can be found by that too.

        Raises:
            Conflict: You have one with this external id already.
            InvalidInput: A value is outside its limits: title 500 characters, external id 255.
            NotFound: There is no such project.
        """
        owner = await self._access.identity()
        if external_id is not None:
            checks.text(external_id, "external_id", most=MAX_EXTERNAL_ID, least=1)
        values: dict[str, Any] = {
            "id": uuid7() if external_id is None else conversation_id(self._access.key, owner, external_id),
            "owner": owner,
            "project": project_id,
            "kind": checks.one_of(kind, "kind", checks.KINDS),
            "title": checks.text(title, "title", most=500),
            "language": None if language is None else checks.text(language, "language", most=35, least=2),
            "settings": checks.json_object(settings, "settings"),
            "metadata": checks.json_object(metadata, "metadata"),
            "external_id": external_id,
        }
        made = await self._access.keep(values["id"], lambda: self._create(owner, values), lambda: _entry(values))
        if isinstance(made, Entry):
            return results.conversation(made)
        self._saw(owner, made)
        return made

    async def _create(self, owner: UUID, values: dict[str, Any]) -> Conversation:
        project, external_id = values["project"], values["external_id"]
        if project is not None and not await self._access.database.fetch(
            QUERIES.project_by_id, {"id": project}, tuple, identity=owner
        ):
            raise NotFound(f"there is no project {project}")
        made = await self._access.database.fetch(QUERIES.create_conversation, values, _conversation, identity=owner)
        if not made:
            raise Conflict(
                f"you have a conversation with external_id {external_id!r:.80} already",
                safe="it was left as it is",
                remedy=f"read it by its id, {values['id']}",
            )
        return made[0]

    def _saw(self, owner: UUID, *conversations: Conversation) -> None:
        """Remember them for when the database is away."""
        if self._access.journal is not None:
            for conversation in conversations:
                self._access.journal.talks.saw(owner, conversation)

    async def get(self, ref: Ref) -> Conversation:
        """One conversation, by id or by external id.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        return await self._access.find(ref, self._get)

    async def _get(self, wanted: UUID) -> Conversation:
        owner = await self._access.identity()
        return await self._access.read(
            wanted, lambda: self._ask(owner, wanted), lambda journal: journal.talks.conversation(owner, wanted)
        )

    async def _ask(self, owner: UUID, wanted: UUID) -> Conversation:
        found = self._only(
            wanted,
            await self._access.database.fetch(
                QUERIES.conversation_by_id, {"id": wanted}, _conversation, identity=owner
            ),
        )
        self._saw(owner, found)
        return found

    @staticmethod
    def _only(wanted: UUID, found: list[Conversation]) -> Conversation:
        if not found:
            raise NotFound(f"there is no conversation {wanted}")
        return found[0]

    async def list(
        self, *, status: str | None = None, kind: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Conversation]:
        """The newest activity first, `limit` at a time; `cursor` is the last page's `next`.

        While the database is away, those that this process has seen.
        """
        owner = await self._access.identity()
        values: dict[str, Any] = {**self._filters(status, kind), "limit": checks.limit(limit) + 1}
        query = QUERIES.list_conversations
        if cursor is not None:
            query = QUERIES.list_conversations_after
            values["activity"], values["id"] = checks.from_cursor(cursor)
        journal = self._access.journal
        try:
            found = await self._access.database.fetch(query, values, _conversation, identity=owner)
        except Unreachable as error:
            if journal is None or cursor is not None:
                raise
            journal.lost(error)
            seen = journal.talks.conversations(owner)
            return Page([talk for talk in seen if status in (None, talk.status) and kind in (None, talk.kind)][:limit])
        self._saw(owner, *found)
        if len(found) <= limit:
            return Page(found)
        last = found[limit - 1]
        return Page(found[:limit], checks.to_cursor(last.activity_at, last.id))

    async def count(self, *, status: str | None = None, kind: str | None = None) -> int:
        """How many there are: reads them all, so ask only where somebody wants to know."""
        found: list[tuple[int]] = await self._access.database.fetch(
            QUERIES.count_conversations,
            self._filters(status, kind),
            tuple,
            identity=await self._access.identity(),
        )
        return found[0][0]

    @staticmethod
    def _filters(status: str | None, kind: str | None) -> dict[str, Any]:
        return {
            "status": None if status is None else checks.one_of(status, "status", checks.STATUSES),
            "kind": None if kind is None else checks.one_of(kind, "kind", checks.KINDS),
        }

    async def update(self, ref: Ref, **changes: Any) -> Conversation:
        """Change any of title, status, language, settings, metadata, project_id; the rest stays.

        Raises:
            InvalidInput: Something else is to be changed, or a value is outside its limits.
            NotFound: There is no such conversation, or no such project.
        """
        values = self._changes(changes)
        owner = await self._access.identity()
        if values["project_id"] is not None and not await self._access.database.fetch(
            QUERIES.project_by_id, {"id": values["project_id"]}, tuple, identity=owner
        ):
            raise NotFound(f"there is no project {values['project_id']}")

        async def change(wanted: UUID) -> Conversation:
            changed = await self._access.database.fetch(
                QUERIES.update_conversation, {**values, "id": wanted}, _conversation, identity=owner
            )
            if not changed:
                raise await self._access.refused(wanted, NotFound(f"there is no conversation {wanted}"))
            self._saw(owner, changed[0])
            return changed[0]

        return await self._access.find(ref, change)

    @staticmethod
    def _changes(changes: dict[str, Any]) -> dict[str, Any]:
        unknown = [name for name in changes if name not in _CHANGEABLE]
        if unknown or not changes:
            wrong = f"{unknown[0]!r:.60} cannot be changed" if unknown else "nothing is to be changed"
            raise InvalidInput(wrong, remedy=f"give any of: {', '.join(_CHANGEABLE)}")
        values: dict[str, Any] = dict.fromkeys(_CHANGEABLE)
        values["changed"] = "{" + ",".join(changes) + "}"
        if "title" in changes:
            values["title"] = checks.text(changes["title"], "title", most=500)
        if "status" in changes:
            values["status"] = checks.one_of(changes["status"], "status", checks.STATUSES)
        if changes.get("language") is not None:
            values["language"] = checks.text(changes["language"], "language", most=35, least=2)
        for name in ("settings", "metadata"):
            if name in changes:
                values[name] = checks.json_object(changes[name], name)
        values["project_id"] = changes.get("project_id")
        return values

    async def delete(self, ref: Ref) -> Stored:
        """Delete a conversation with all that hangs under it, files included; where the deletion is kept.

        Raises:
            NotFound: There is none, or it is somebody else's.
        """
        owner = await self._access.identity()

        async def delete(wanted: UUID) -> Stored:
            values = {"conversation": str(wanted), "sequence_number": None}
            kept = await self._access.keep(
                wanted, lambda: self._delete(owner, wanted), lambda: Entry("delete", owner, datetime.now(UTC), values)
            )
            return "journal" if isinstance(kept, Entry) else "database"

        return await self._access.find(ref, delete)

    async def _delete(self, owner: UUID, wanted: UUID) -> None:
        values = {"id": wanted}
        gone, claimed = await self._access.database.fetch_all(
            [
                Ask(QUERIES.delete_conversation, values, tuple),
                Ask(QUERIES.claim_conversation_removals, values, tuple),
            ],
            identity=owner,
        )
        if not gone:
            raise NotFound(f"there is no conversation {wanted}")
        if self._access.journal is not None:
            self._access.journal.talks.deleted(owner, wanted)
        await self._access.remove_blobs(claimed)


def _entry(values: dict[str, Any]) -> Entry:
    """A conversation to make, as arraigo.replay_create takes it."""
    project = values["project"]
    named = {name: values[name] for name in ("kind", "title", "language", "settings", "metadata", "external_id")}
    named |= {"id": str(values["id"]), "project_id": str(project) if project else None}
    return Entry("create", values["owner"], datetime.now(UTC), named)
