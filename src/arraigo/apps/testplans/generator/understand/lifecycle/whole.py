"""After all is read: where things begin, which states an operation is for where nobody has said, what ends there."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from arraigo.apps.testplans.generator.creators import creator, parts
from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    SAME,
    STATE,
    Barred,
    Check,
    Move,
    OneOf,
    Rule,
    System,
    Unread,
    Vague,
)
from arraigo.apps.testplans.generator.understand.lifecycle.roles import operation_of
from arraigo.apps.testplans.generator.understand.lifecycle.vocabulary import CALLED
from arraigo.apps.testplans.generator.words import fold, stem
from arraigo.apps.testplans.plan import Requirement

ENDED = "@ended"  # a state that the document does not name
_ENDS = frozenset(
    stem(word)
    for word in "cancel close finish delete remove void anular cerrar cancelar terminar finalizar eliminar end".split()
)
_AGAIN = frozenset(
    stem(word)
    for word in (
        "insert add deposit load put receive issue record measure report count withdraw feed charge insertar agregar "
        "anadir depositar cargar recibir medir reportar contar retirar abonar consignar ingresar scan"
    ).split()
)
_BEFORE = re.compile(
    r"\b(yet|nothing|before|at first|initial\w*|at the (?:start|beginning)|todavia|aun no|antes de|inicial\w*|"
    r"al comienzo|al inicio|al principio|nada|sin empezar|not started|no \w+ has been)\b"
)


def initial(requirements: Sequence[Requirement], system: System, begins: str | None, *, before: bool = False) -> None:
    """Where a thing begins: as is said, else what is explained as nothing yet, else the first that nothing leads to."""
    reached = {rule.target for rule in system.rules if isinstance(rule, (Move, Check)) and rule.target}
    maker = creator(system)
    made = {rule.target for rule in system.rules if isinstance(rule, Move) and maker in rule.operations} - {None, SAME}
    if (
        begins is not None
        and not before
        and maker
        and begins not in made
        and not made
        and _same_thing(requirements, maker, begins)
    ):
        system.rules.append(Move(_said(requirements, begins), (maker,), (), begins))
        return
    if begins is None:
        called = next((match for one in requirements for match in CALLED.finditer(one.text)), None)
        begins = next((state for state in system.states if called and state == called["state"].strip()), None)
    if begins is None:
        begins = _explained(requirements, system.states)
    loose = [state for state in system.states if state not in reached and not operation_of(system, state)]
    stated = any(isinstance(rule, (Move, Barred)) and rule.sources for rule in system.rules)
    left = {state for rule in system.rules if isinstance(rule, Move) for state in rule.sources}
    if len(loose) > 1:
        loose = [state for state in loose if state in left]
    if begins is None and stated and len(loose) == 1 and loose[0] == system.states[0]:
        begins = loose[0]
    if begins is None:
        opening = next(iter(system.operations))
        own = {state for rule in _moves(system, opening) for state in rule.sources}
        begins = next(iter(own)) if len(own) == 1 and not own & reached else None
    system.initial = begins


def _same_thing(requirements: Sequence[Requirement], maker: str, begins: str) -> bool:
    """Whether what begins so is what the operation makes: "an order starts as draft" of create_order."""
    objects = {stem(part) for part in parts(maker)[1:]}
    text = next((one.text for one in requirements if fold(begins) in fold(one.text)), "")
    head = fold(text).split(fold(begins))[0]
    return bool(objects & {stem(word) for word in re.findall(r"\w+", head)})


def _said(requirements: Sequence[Requirement], state: str) -> str:
    return next((one.id for one in requirements if fold(state) in fold(one.text)), requirements[0].id)


def _explained(requirements: Sequence[Requirement], states: Iterable[str]) -> str | None:
    """For "none (nothing bought yet)" and a table's "none | no item has been created yet"."""
    for state in states:
        for one in requirements:
            told = re.search(rf"\b{re.escape(fold(state))}\b\W{{0,4}}\(([^)]*)\)", fold(one.text))
            cell = re.match(rf"(?:state|estado|status): {re.escape(fold(state))}; [^:]*: (.*)", fold(one.text))
            found = told or cell
            if found and _BEFORE.search(found.group(1)):
                return state
    return None


def settle(system: System, instead: Sequence[tuple[str, str]] = ()) -> None:
    """Make the transitions whole: each of one operation, its sources known, and what is refused beside it."""
    if not any(isinstance(rule, (Move, Barred)) for rule in system.rules):
        return
    _single(system)
    for operation in system.operations:
        _together(system, operation)
    for operation, other in instead:
        sources = tuple(dict.fromkeys(state for move in _moves(system, other) for state in move.sources))
        if sources and not any(move.sources for move in _moves(system, operation)):
            for move in _moves(system, operation):
                _swap(system, move, replace(move, sources=sources))
    stated = any(isinstance(rule, (Move, Barred)) and rule.sources for rule in system.rules)
    if system.states and (stated or system.initial is not None):
        _sources(system)
        _elsewhere(system)


def _single(system: System) -> None:
    made: list[Rule] = []
    for rule in system.rules:
        if isinstance(rule, Move) and len(rule.operations) > 1:
            made += [replace(rule, operations=(name,)) for name in rule.operations]
        else:
            made.append(rule)
    system.rules[:] = list(dict.fromkeys(made))


def _moves(system: System, operation: str) -> list[Move]:
    return [rule for rule in system.rules if isinstance(rule, Move) and operation in rule.operations]


def _swap(system: System, one: Rule, other: Rule | None) -> None:
    if one not in system.rules:
        return
    at = system.rules.index(one)
    system.rules[at : at + 1] = [other] if other is not None else []


def _together(system: System, operation: str) -> None:
    """For "a paused one can be resumed" and "resuming makes it active": one transition."""
    moves = _moves(system, operation)
    allowed = tuple(dict.fromkeys(state for move in moves if move.target is None for state in move.sources))
    message = next((move.message for move in moves if move.message), None)
    targets = [move for move in moves if move.target is not None]
    for move in targets:
        vague = isinstance(move.when, Unread) and move.when.text == "or"
        surer = [one for one in targets if one is not move and one.target == move.target and not vague_(one)]
        if vague and surer:
            _swap(system, move, None)
            for one in surer:
                if not one.sources and one in system.rules:
                    _swap(system, one, replace(one, sources=move.sources))
        elif not move.sources and allowed:
            _swap(system, move, replace(move, sources=allowed, message=move.message or message))
    if not targets and moves:
        own = [state for state in system.states if operation_of(system, state) == operation]
        ends = stem(parts(operation)[0]) in _ENDS
        missed = set(system.states) - {rule.target for rule in system.rules if isinstance(rule, (Move, Check))}
        target = own[0] if len(own) == 1 else ENDED if ends else None if missed - {system.initial} else SAME
        for move in moves if target else []:
            _swap(system, move, replace(move, target=target))
        return
    certain = targets and all(move.when != ALWAYS and not isinstance(move.when, Unread) for move in targets)
    if allowed and certain:
        system.rules.append(Move(moves[0].requirement, (operation,), allowed, SAME))
    covered = {state for move in _moves(system, operation) if move.target is not None for state in move.sources}
    for move in [one for one in moves if one.target is None]:
        left = tuple(state for state in move.sources if state not in covered)
        if not left:
            _swap(system, move, None)


def vague_(move: Move) -> bool:
    """Whether a table has left open which of several states comes."""
    return isinstance(move.when, Unread) and move.when.text == "or"


def _sources(system: System) -> None:
    """Operations of which nobody has said where they are taken: after what was told before them."""
    closed = _final(system)
    order = list(dict.fromkeys(name for rule in system.rules if isinstance(rule, Move) for name in rule.operations))
    home: list[str] = [system.initial] if system.initial is not None else []
    maker = creator(system)
    for operation in order:
        moves = _moves(system, operation)
        targets = [move.target for move in moves if move.target not in {None, SAME, ENDED}]
        known = any(move.sources for move in moves)
        free = [move for move in moves if not move.sources]
        if not known and free and home and not (operation == maker and system.initial is None):
            again = [target for target in targets if target] if _repeats(operation) else []
            for move in free:
                _swap(system, move, replace(move, sources=tuple(dict.fromkeys([*home, *again]))))
        elif known and free:
            given = tuple(dict.fromkeys(state for move in moves for state in move.sources))
            for move in free:
                _swap(system, move, replace(move, sources=given))
        reached = [state for state in dict.fromkeys(targets) if state and state not in closed]
        surely = any(move.when == ALWAYS or isinstance(move.when, Unread) for move in moves)
        if surely and reached and not (known and set(reached) <= set(home)) and system.initial not in reached:
            home = reached


def _repeats(operation: str) -> bool:
    """Whether an operation is one that is done again and again: coins are inserted, readings are taken."""
    return stem(parts(operation)[0]) in _AGAIN


def _final(system: System) -> set[str]:
    """The states in which everything is refused."""
    count = len(system.operations)
    barred: dict[str, set[str]] = {}
    for rule in system.rules:
        if isinstance(rule, Barred):
            for state in rule.sources:
                barred.setdefault(state, set()).update(rule.operations)
    return {state for state, names in barred.items() if len(names) >= count}


def _elsewhere(system: System) -> None:
    """Operations without any transition: refused where nothing is yet and where all has ended, else not sure."""
    left = {state for rule in system.rules if isinstance(rule, Move) for state in rule.sources}
    reached = {rule.target for rule in system.rules if isinstance(rule, (Move, Check)) and rule.target}
    ends = {state for state in system.states if state in reached and state not in left}
    first = next((rule for rule in system.rules if isinstance(rule, Move)), None)
    if first is None:
        return
    missed = set(system.states) - reached - {system.initial}  # states that nobody has said the way to
    opened = any(isinstance(rule, Move) and system.initial in rule.sources for rule in system.rules)
    for n, operation in enumerate(system.operations):
        if _moves(system, operation):
            continue
        if stem(parts(operation)[0]) not in _ENDS and not missed:
            system.rules.append(Move(first.requirement, (operation,), (), SAME))
        barred = {s for r in system.rules if isinstance(r, Barred) and operation in r.operations for s in r.sources}
        none = {system.initial} if system.initial is not None and n and opened else set()
        fresh = tuple(sorted((ends | none) - barred))
        if fresh:
            system.rules.append(Barred(first.requirement, (operation,), fresh))
        homes = {r.target for r in system.rules if isinstance(r, Move) and system.initial in r.sources}
        unsure = tuple(s for s in system.states if s not in homes | ends | barred and s != system.initial)
        if unsure:
            system.rules.append(Vague(first.requirement, (operation,), frozenset({"accepted"}), OneOf(STATE, unsure)))
