"""Cases in words: names that say what is tried, steps that a tester can follow, in Spanish and English."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import JsonValue

from arraigo.apps.testplans.generator.choose import Tried
from arraigo.apps.testplans.generator.evaluate import UNKNOWN, Known
from arraigo.apps.testplans.generator.model import Plain, System
from arraigo.apps.testplans.generator.risk import priority
from arraigo.apps.testplans.generator.world import Outcome, Step
from arraigo.apps.testplans.plan import Case, Expected, Language, Requirement, ScriptStep, Technique

_TEXTS: dict[str, tuple[str, str]] = {
    "scenario": ("datos válidos", "valid data"),
    "limit": ("{field} en el límite ({value})", "{field} at the limit ({value})"),
    "below": ("{field} justo por debajo del límite ({value})", "{field} just below the limit ({value})"),
    "above": ("{field} justo por encima del límite ({value})", "{field} just above the limit ({value})"),
    "valid": ("{field} con el valor {value}", "{field} with the value {value}"),
    "invalid": ("{field} con un valor no permitido ({value})", "{field} with a value that is not allowed ({value})"),
    "missing": ("sin {field}", "without {field}"),
    "combination": ("combinación {data}", "combination {data}"),
    "allowed": ("desde el estado {value}", "from the state {value}"),
    "forbidden": ("no permitido desde el estado {value}", "not allowed from the state {value}"),
    "sequence": ("secuencia {flow}", "sequence {flow}"),
    "repeated": ("repetición {flow}", "repetition {flow}"),
    "refusals": ("rechazos seguidos: {flow}", "refusals in a row: {flow}"),
    "freed": ("de nuevo tras liberar: {flow}", "again after one is given back: {flow}"),
    "flow": ("flujo {flow}", "flow {flow}"),
    "attack": ("{field} con contenido malicioso ({value})", "{field} with hostile content ({value})"),
    "taken": ("aceptado", "accepted"),
    "refused": ("rechazado", "rejected"),
    "do": ("Ejecutar «{operation}» con {data}.", 'Do "{operation}" with {data}.'),
    "do_plain": ("Ejecutar «{operation}».", 'Do "{operation}".'),
    "check": ("Comprobar: {result}.", "Check: {result}."),
    "is_taken": ("la operación se acepta", "the operation is accepted"),
    "is_refused": ("la operación se rechaza", "the operation is rejected"),
    "value": ("el resultado es {value}", "the result is {value}"),
    "state": ("el estado queda en «{value}»", 'the state is then "{value}"'),
    "message": ("se muestra el mensaje «{value}»", 'the message "{value}" is shown'),
    "fresh": ("El sistema está recién iniciado, sin datos previos.", "The system is fresh, without earlier data."),
    "after": ("Antes se ha hecho: {flow}.", "Done before: {flow}."),
    "empty": ("(vacío)", "(empty)"),
    "yes": ("sí", "yes"),
    "no": ("no", "no"),
    "step": ("Paso {n}: {result}.", "Step {n}: {result}."),
    "tests": ("Prueba {ids}: {text}", "Tests {ids}: {text}"),
    "technique": ("Técnica: {name}. Prioridad {priority}: {why}.", "Technique: {name}. Priority {priority}: {why}."),
}
TECHNIQUES: dict[Technique, tuple[str, str]] = {
    "equivalence_partitioning": ("clases de equivalencia", "equivalence partitioning"),
    "boundary_value_2": ("valores límite (dos valores)", "boundary values (two values)"),
    "boundary_value_3": ("valores límite (tres valores)", "boundary values (three values)"),
    "decision_table": ("tabla de decisión", "decision table"),
    "state_transition": ("transición de estados", "state transition"),
    "pairwise": ("combinación por pares", "pairwise combination"),
    "scenario": ("escenario", "scenario"),
    "syntax": ("sintaxis", "syntax"),
    "security": ("seguridad", "security"),
    "requirements_based": ("basada en requisitos", "requirements-based"),
    "load": ("carga", "load"),
    "risk_based": ("basada en riesgo", "risk-based"),
    "manual": ("manual", "manual"),
}


def say(key: str, language: Language, **values: object) -> str:
    """A phrase in the plan's language."""
    return _TEXTS[key][0 if language == "es" else 1].format(**values)


def plain(value: Known) -> JsonValue:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value is UNKNOWN else value


def shown(value: Known, language: Language) -> str:
    """A value for people: the decimal mark of their language, yes and no, long texts cut."""
    if value is None or value == "":
        return say("empty", language)
    if isinstance(value, bool):
        return say("yes" if value else "no", language)
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return text.replace(".", ",") if language == "es" else text
    text = str(value)
    return text if len(text) <= 40 else f"{text[:30]}… ({len(text)})"


def label(name: str) -> str:
    """A field's or operation's name for people."""
    return name.replace("_", " ")


def data(inputs: Mapping[str, Plain], language: Language) -> str:
    """All fields with their values."""
    return ", ".join(f"{label(name)} = {shown(value, language)}" for name, value in inputs.items())


def expected(outcome: Outcome) -> Expected:
    """What a step has to give; a value that no float can hold exactly enough is left open."""
    value = outcome.value if outcome.accepted is True else None
    if isinstance(value, Decimal) and value != round(value, 6):
        value = None
    return Expected(accepted=outcome.accepted is True, value=plain(value), state=outcome.state, message=outcome.message)


def result(one: Expected, language: Language) -> str:
    """An expected result in words."""
    said = [say("is_taken" if one.accepted else "is_refused", language)]
    if one.value is not None:
        value: Plain = Decimal(str(one.value)) if isinstance(one.value, (int, float)) else str(one.value)
        said.append(say("value", language, value=shown(value, language)))
    if one.state is not None:
        said.append(say("state", language, value=one.state))
    if one.message is not None:
        said.append(say("message", language, value=one.message))
    return ", ".join(said[:-1]) + (" y " if language == "es" else " and ") + said[-1] if len(said) > 1 else said[0]


def script_of(one: Tried) -> tuple[ScriptStep, ...]:
    """The steps for a program."""
    return tuple(
        ScriptStep(
            operation=operation,
            inputs={name: plain(value) for name, value in inputs.items()},
            expected=expected(outcome),
        )
        for (operation, inputs), outcome in zip(one.ran.steps, one.ran.outcomes, strict=True)
    )


def case_of(one: Tried, system: System, requirements: Sequence[Requirement], language: Language) -> Case:
    """A case for people and programs."""
    steps, script = one.ran.steps, script_of(one)
    expectations = [step.expected for step in script]
    level, why = priority(one, system, requirements, language)
    texts = {requirement.id: requirement.text for requirement in requirements}
    first = one.requirements[0]
    flow = " → ".join(label(operation) for operation, _ in steps[:-1])
    results = [result(wanted, language) for wanted in expectations]
    numbered = [say("step", language, n=n, result=text) for n, text in enumerate(results, 1)]
    return Case(
        test_case_name=_name(one, expectations[-1], language)[:255],
        test_case_description=say("tests", language, ids=", ".join(one.requirements), text=texts.get(first, "")[:500])
        + "\n"
        + say(
            "technique", language, name=TECHNIQUES[one.candidate.technique][language == "en"], priority=level, why=why
        ),
        preconditions=say("after", language, flow=flow) if flow else say("fresh", language),
        test_data=_data(steps, language),
        test_steps=tuple(_steps(steps, results, language)),
        expected_results=_sentence(results[0]) if len(numbered) == 1 else "\n".join(numbered),
        requirements=one.requirements,
        priority=level,
        technique=one.candidate.technique,
        script=script,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _data(steps: Sequence[Step], language: Language) -> str:
    if len(steps) == 1:
        return "; ".join(data(steps[0][1], language).split(", ")) if steps[0][1] else ""
    return "\n".join(
        f"{n}. {label(operation)}: {data(inputs, language)}" for n, (operation, inputs) in enumerate(steps, 1)
    )


def _steps(steps: Sequence[Step], results: Sequence[str], language: Language) -> list[str]:
    made: list[str] = []
    for (operation, inputs), text in zip(steps, results, strict=True):
        key = "do" if inputs else "do_plain"
        made.append(say(key, language, operation=label(operation), data=data(inputs, language)))
        made.append(say("check", language, result=text))
    return made


def _name(one: Tried, last: Expected, language: Language) -> str:
    candidate, (operation, inputs) = one.candidate, one.ran.steps[-1]
    key = candidate.note if candidate.note in _TEXTS and (candidate.field or candidate.note != "valid") else "scenario"
    flow = " → ".join(label(name) for name, _ in one.ran.steps)
    text = say(
        key,
        language,
        field=label(candidate.field),
        value=shown(candidate.value, language),
        data=data(inputs, language)[:160],
        flow=flow,
    )
    return f"{label(operation).capitalize()}: {text}, {say('taken' if last.accepted else 'refused', language)}"
