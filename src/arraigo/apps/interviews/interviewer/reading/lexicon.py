"""What is known of each language, from its file."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict

from arraigo.apps.interviews.interview import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _whole(patterns: list[str]) -> re.Pattern[str]:
    """Patterns that are pieces of what they match: whole words."""
    return re.compile("|".join(f"(?:{pattern})(?= |$)" for pattern in patterns))


def _opening(patterns: list[str]) -> re.Pattern[str]:
    """Patterns that count only where a clause begins."""
    before = r"(?:^|[.!?:;,\n>\"'(\]-]|\b(?:y|and|e|por favor|please|now|ahora|agora|importante|important|just))\s*"
    return re.compile(before + f"(?:{'|'.join(patterns)})")


Words = Annotated[frozenset[str], BeforeValidator(_words)]
Patterns = Annotated[re.Pattern[str], BeforeValidator(_any)]
Pieces = Annotated[re.Pattern[str], BeforeValidator(_whole)]
Orders = Annotated[re.Pattern[str], BeforeValidator(_opening)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(re.compile)]


class Lexicon(BaseModel):
    """One language; what its fields mean stands in es.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stop: Words
    marks: Words
    vague: Words
    done: Patterns
    refusals: Patterns
    stops: Pieces
    polite: Words
    hello: Pieces
    privacy: Patterns
    remaining: Patterns
    machine: Patterns
    again: Patterns
    other_language: Patterns
    orders: Orders
    puzzled: Patterns
    elsewhere: Words
    requests: Patterns
    work: Words
    not_before: Words
    verbs: Words
    since: Pattern
    no_tasks: Pattern
    durations: Words
    numbers: Words
    number_tail: str
    frequencies: Patterns
    pains: Patterns
    toil: Patterns
    wishes: Patterns
    people: Pattern
    articles: Words
    mine: Mapping[str, str]
    tool_leads: Pattern
    things: Words
    heads: Words
    joints: Words
    soft_joints: Words


@cache
def lexicon(language: Language) -> Lexicon:
    """What is known of this language."""
    text = files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    known = tomllib.loads(text)
    speak = known.pop("speak")
    known["refusals"] = [pattern.replace("<speak>", speak) for pattern in known["refusals"]]
    return Lexicon.model_validate(known)


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """All of them: people answer in the language they like."""
    return tuple(lexicon(language) for language in LANGUAGES)


@cache
def small() -> frozenset[str]:
    """The words of all languages that carry nothing by themselves."""
    return frozenset().union(*(one.stop for one in lexicons()))
