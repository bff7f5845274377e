"""The topics of an interview: the shipped ones, extended or overridden by a file."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from arraigo.apps.interviews.interview import Language, Level
from arraigo.apps.interviews.interviewer.types import Plan, Topic
from arraigo.errors import BadSetting

_FIELDS = frozenset(Topic.model_fields) - {"id"}
_REMEDY = "correct the file; its shape is that of topics.toml, which comes with arraigo"


def load(extra: Path | None = None) -> Plan:
    """The plan of an interview.

    Args:
        extra: A TOML file with topics: those of a new name are added at the end, those of a shipped name override the
            fields that they give.

    Raises:
        BadSetting: The file cannot be read, or is not as it should be; the sentence names file, topic and field.
    """
    shipped = tomllib.loads(files(__package__).joinpath("topics.toml").read_text("utf-8"))["topics"]
    if extra is None:
        return Plan(topics=tuple(_topic(name, fields, "topics.toml") for name, fields in shipped.items()))
    merged = _merged(shipped, _own(extra))
    return Plan(topics=tuple(_topic(name, fields, str(extra)) for name, fields in merged.items()))


def _own(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSetting(f"the topics' file {path} cannot be read: {error.strerror}", remedy=_REMEDY) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"the topics' file {path} is not TOML: {error}", remedy=_REMEDY) from None
    if unknown := sorted(set(data) - {"topics"}):
        raise BadSetting(f"the topics' file {path} has {unknown[0]!r} where only 'topics' belongs", remedy=_REMEDY)
    topics: Any = data.get("topics", {})
    for name, fields in topics.items() if isinstance(topics, dict) else [("topics", None)]:
        if not isinstance(fields, dict):
            raise BadSetting(f"in the topics' file {path}, {name!r} is no table of fields", remedy=_REMEDY)
    return dict(topics)


def _merged(shipped: Any, own: Any) -> Any:
    """What is shipped, with what is given instead: table by table."""
    if not isinstance(shipped, dict) or not isinstance(own, dict):
        return own
    return {**shipped, **{name: _merged(shipped.get(name), value) for name, value in own.items()}}


def _topic(name: str, fields: Mapping[str, Any], file: str) -> Topic:
    where = f"in the topics' file {file}, topic {name!r}"
    if unknown := sorted(set(fields) - _FIELDS):
        raise BadSetting(f"{where} has an unknown field {unknown[0]!r}", remedy=_REMEDY)
    try:
        topic = Topic(id=name, **{"follow_ups": {}, **fields, "opening": _levels(fields.get("opening", {}))})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise BadSetting(f"{where}, field {field!r}: {_plainly(first['msg'])}", remedy=_REMEDY) from None
    for language in get_args(Language):
        given = {"title": topic.title.get(language, ""), "opening": topic.opening.get(language, {})}
        levels = given["opening"] if isinstance(given["opening"], Mapping) else {}
        missing = ["title"] if not str(given["title"]).strip() else []
        missing += [f"opening.{language}.{level}" for level in get_args(Level) if not levels.get(level, "").strip()]
        if missing:
            field = f"title.{language}" if missing[0] == "title" else missing[0]
            raise BadSetting(f"{where} lacks the field {field!r}", remedy=_REMEDY)
    return topic


def _plainly(message: str) -> str:
    """What pydantic says, without Python's names."""
    return message.lower().replace("a valid tuple", "a list of texts").replace("a valid dictionary", "a table")


def _levels(opening: Any) -> Any:
    """One text for a language stands for all levels."""
    if not isinstance(opening, dict):
        return opening
    return {
        language: dict.fromkeys(get_args(Level), texts) if isinstance(texts, str) else texts
        for language, texts in opening.items()
    }
