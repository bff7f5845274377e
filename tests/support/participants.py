"""People who are interviewed, three languages of each kind: what they say is in participants.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arraigo.apps.interviews.interview import Language

Script = Mapping[str, Sequence[str]]  # by topic

_ALL: Mapping[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
COOPERATIVE: Mapping[Language, Script] = _ALL["cooperative"]
TERSE: Mapping[Language, Script] = _ALL["terse"]
DONE: Mapping[Language, str] = _ALL["done"]
NOTHING: Mapping[Language, str] = _ALL["nothing"]
REFUSAL: Mapping[Language, str] = _ALL["refusal"]
AHEAD: Mapping[Language, str] = _ALL["ahead"]
ELSEWHERE: Mapping[Language, Sequence[str]] = _ALL["elsewhere"]
ORDERS: Mapping[Language, str] = _ALL["orders"]
