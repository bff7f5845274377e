"""Scripts run on a reference or a mutant: what it answers, and whether that is what was expected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arraigo.apps.testplans.plan import Expected, Glossary, ScriptStep
from bench.testplans.system import System
from bench.testplans.values import Answer

Script = Sequence[ScriptStep]
_STATED = ("value", "state", "message")
_NEARLY = 1e-6  # of sums of money with cents


@dataclass(frozen=True)
class Machine:
    """Something that scripts can be run on.

    Attributes:
        made: A fresh one.
        glossary: The operations that it has.
    """

    made: Callable[[], Any]
    glossary: Glossary

    def play(self, script: Script) -> list[Answer]:
        """One answer per step, on a fresh instance."""
        thing = self.made()
        return [self._answer(thing, step) for step in script]

    def _answer(self, thing: Any, step: ScriptStep) -> Answer:
        """A field that a step leaves out is None; an operation or a field that is not there is an error."""
        if step.operation not in self.glossary.operations:
            return {"error": f"no operation {step.operation!r}"}
        try:
            answer: Answer = getattr(thing, step.operation)(**step.inputs)
        except Exception as error:  # noqa: BLE001 - a mutant may break in any way, and that shows
            return {"error": f"{type(error).__name__}: {error}"}
        return answer


def machine(system: System, source: str | None = None) -> Machine:
    """The reference of a system, or a mutant by its source."""
    names: dict[str, Any] = {"__name__": f"{system.name}.reference"}
    exec(compile(source or system.source, system.folder / "reference.py", "exec"), names)  # noqa: S102 - our own files
    return Machine(names["Reference"], system.glossary)


def agrees(expected: Expected, answer: Answer) -> bool:
    """Whether the answer is as expected, in all that the expectation states."""
    if "error" in answer or expected.accepted != answer["accepted"]:
        return False
    stated = {name: said for name in _STATED if (said := getattr(expected, name)) is not None}
    return all(_same(said, answer.get(name)) for name, said in stated.items())


def holds(script: Script, answers: Sequence[Answer]) -> bool:
    """Whether every step's answer is as expected."""
    return all(agrees(step.expected, answer) for step, answer in zip(script, answers, strict=True))


def _same(said: Any, answered: Any) -> bool:
    """Numbers by their value, texts by their words: capitals, underscores, a last full stop are no matter."""
    if _is_number(said) and _is_number(answered):
        return bool(abs(said - answered) < _NEARLY)
    if isinstance(said, str) and isinstance(answered, str):
        return _words(said) == _words(answered)
    if isinstance(said, Mapping) and isinstance(answered, Mapping):
        return said.keys() == answered.keys() and all(_same(said[key], answered[key]) for key in said)
    return type(said) is type(answered) and bool(said == answered)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split()).rstrip(".")
