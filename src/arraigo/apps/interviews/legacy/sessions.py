"""The shape: one session becomes one interview, and that interview the session again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from arraigo.apps.interviews.legacy.rows import PROVIDER
from arraigo.apps.interviews.legacy.rows import rows as rows_of
from arraigo.apps.interviews.legacy.said import COMPLETE, FIELDS, HISTORY, NAME, ORDER, message_fields, name_of
from arraigo.apps.interviews.legacy.words import Id
from arraigo.move.records.fields import from_metadata, give, part, style, to_metadata
from arraigo.move.records.jsontext import Json, Unfit, canonical, kind_of
from arraigo.move.records.shape import Context, Row, Rows, Table

_OF_THE_SOURCE = """t.kind = 'interview' AND t.owner_id IN (
    SELECT c.owner_id FROM arraigo_move.records r JOIN arraigo.conversations c ON c.id::text = r.target_id
     WHERE r.run_id = %(run)s AND r.unit = %(unit)s)"""


class Interviews:
    """One session of a browser becomes a conversation, what an interview has beside it, and its messages."""

    name = "interviews"
    exact = False
    file_names = ("localstorage.json", "interviews.json", "sessions.json")
    wrappers = ("sessions", "interviews")
    tables = (
        Table(
            "conversations",
            anchor="id",
            columns=(
                *("id", "owner_id", "kind", "title", "status", "language", "metadata", "last_sequence"),
                *("created_at", "updated_at", "activity_at", "completed_at"),
            ),
            person="owner_id",
            provider=PROVIDER,
            fixed=("kind", "language"),
            # Of the people whose sessions came from there: a browser is one person's.
            added=_OF_THE_SOURCE,
        ),
        Table(
            "interviews",
            anchor="conversation_id",
            columns=(
                *("conversation_id", "owner_id", "employee_id", "language", "technical_level", "session_id"),
                *("started_at", "turn", "pending", "state", "summary"),
            ),
            json=frozenset({"state", "summary"}),
            person="owner_id",
            provider=PROVIDER,
        ),
        Table(
            "messages",
            anchor="conversation_id",
            columns=(
                *("conversation_id", "sequence_number", "id", "owner_id", "created_at", "role", "content"),
                "metadata",
            ),
            person="owner_id",
            provider=PROVIDER,
            order=("sequence_number",),
            where="t.deleted_at IS NULL",
        ),
    )

    def fits(self, value: Json) -> bool:
        """It has a history."""
        return isinstance(value, dict) and isinstance(value.get(HISTORY), list)

    def key(self, value: Json) -> str:
        """Its session's name, behind whose it says it is: two employees may have a session of one name."""
        if not isinstance(value, dict):
            raise Unfit(f"is {kind_of(value)}, not an object")
        try:
            return f"{Id().read(value.get('employee_id'))} {name_of(value)}"
        except Unfit:
            return name_of(value)  # nobody's, which `to_rows` makes somebody's or refuses

    def to_rows(self, key: str, value: Json, context: Context) -> Rows:
        """One interview; where it names no employee, of the one whom the source's address names."""
        employee = context.options.get("employee")
        return rows_of(
            value,
            id_key=context.id_key,
            as_of=context.as_of,
            employee=UUID(employee) if employee else None,
            name=key,
            notes=context.notes,
        )

    def placed(self, rows: Rows, anchor: str) -> Rows | None:
        """An interview that was made here went back under its id, and comes again: it keeps that id."""
        (interview,), identity = rows["interviews"], UUID(anchor)
        if interview["session_id"] != anchor:
            return None
        return {
            "conversations": [{**rows["conversations"][0], "id": identity}],
            "interviews": [interview | {"conversation_id": identity, "session_id": None}],
            "messages": [message | {"conversation_id": identity} for message in rows["messages"]],
        }

    def parts(self, rows: Rows) -> int:
        """How many messages."""
        return len(rows["messages"])

    def as_moved(self, rows: Rows, parts: int, source: Rows | None) -> tuple[Rows, int]:
        """Without what was said since, and what came of it: an interview that went on may have ended.

        A session that a snippet sent bears the name of its key, which in the browser it need not. One that went on in
        the browser, and was sent again from there, may say more of itself than before.
        """
        talk, interviews, messages = rows["conversations"][0], rows["interviews"], rows["messages"]
        since = max(0, len(messages) - parts)
        if source:
            before = source["conversations"][0]
            talk = talk | {"metadata": _named_as(talk["metadata"], before["metadata"])}
            in_the_browser = bool(since and interviews and not interviews[0]["turn"])
            if in_the_browser:
                talk["metadata"] = _as_said(talk["metadata"], before["metadata"])
                interviews = [interviews[0] | {"started_at": source["interviews"][0]["started_at"]}]
            if in_the_browser or (since and before["status"] == "active"):
                talk |= {name: before[name] for name in ("status", "completed_at")}
        return {"conversations": [talk], "interviews": interviews, "messages": messages[:parts]}, since

    def grew(self, rows: Rows, source: Rows) -> bool:
        """What stands here is a beginning of the session, and was neither gone on with nor ended here."""
        talk, interviews, messages = rows["conversations"][0], rows["interviews"], rows["messages"]
        theirs, whole, size = source["conversations"][0], source["messages"], len(messages)
        if not interviews or interviews[0]["turn"] or talk["last_sequence"] != size or size >= len(whole):
            return False
        if [one["id"] for one in messages] != [one["id"] for one in whole[:size]]:
            return False
        if any(interviews[0][name] != source["interviews"][0][name] for name in ("language", "technical_level")):
            return False
        if talk["status"] != "active" and any(talk[name] != theirs[name] for name in ("status", "completed_at")):
            return False
        return canonical(_history(rows)) == canonical(_history(source)[:size])

    def to_record(self, key: str | None, /, rows: Rows, house: Mapping[str, Json] | None = None) -> tuple[str, Json]:
        """The session as the browser knew it; one that was made here is called by its id."""
        talk = rows["conversations"][0]
        interview = rows["interviews"][0] if rows["interviews"] else _lost(talk, key)
        legacy, own = from_metadata(talk["metadata"])
        legacy = legacy or dict(house or {})
        name = interview["session_id"] or str(talk["id"])
        given: dict[str, Json] = {} if legacy.get("unnamed") else {NAME: name}
        given[HISTORY] = _history(rows, legacy)
        if legacy.get("complete"):
            given[COMPLETE] = talk["status"] == "completed"
        record = give(FIELDS, {**talk, **interview}, legacy, given=given, order=ORDER)
        if own:
            record.setdefault("metadata", own)
        return (name if key is None else key), record

    def house(self, rows: Rows) -> dict[str, Json]:
        """How dates look, how its roles are called, and whether it says itself what it is called."""
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
        kept = {name: legacy[name] for name in ("unnamed", "complete", "roles", "message") if name in legacy}
        return style(FIELDS, legacy) | kept


def _lost(talk: Row, key: str | None) -> Row:
    """What the conversation alone says of an interview whose own row somebody has deleted: enough to go back with."""
    said = {"technical_level": "intermediate", "employee_id": None, "started_at": talk["created_at"]}
    return {**said, "session_id": key, "language": talk["language"]}


def _history(rows: Rows, legacy: Mapping[str, Json] | None = None) -> list[Json]:
    """What was said, as the session has it."""
    if legacy is None:
        legacy, _ = from_metadata(rows["conversations"][0]["metadata"])
    return [_message(message, legacy) for message in rows["messages"]]


def _named_as(metadata: Json, source: Json) -> Json:
    """This metadata, with the source's word on whether the session says itself what it is called."""
    (legacy, own), (before, _) = from_metadata(metadata), from_metadata(source)
    if legacy.get("unnamed") == before.get("unnamed"):
        return metadata
    said = {name: value for name, value in legacy.items() if name != "unnamed"}
    return to_metadata(said | ({"unnamed": True} if before.get("unnamed") else {}), own) or {}


def _as_said(metadata: Json, source: Json) -> Json:
    """This metadata with the source's legacy."""
    (_, own), (before, _) = from_metadata(metadata), from_metadata(source)
    return to_metadata(before, own) or {}


def _message(row: Mapping[str, Any], session: Mapping[str, Json]) -> dict[str, Json]:
    legacy, own = from_metadata(row["metadata"])
    message = give(message_fields(session), row, legacy, house=part(session, "message"))
    if own:
        message.setdefault("metadata", own)
    return message


INTERVIEWS = Interviews()
