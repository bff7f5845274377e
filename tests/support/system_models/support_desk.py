"""A support desk: a matrix, a state table with several ways out, counters that last and counters that begin anew."""

from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    ALWAYS,
    STATE,
    Binary,
    Check,
    Choose,
    Compare,
    Condition,
    Const,
    Every,
    Missing,
    Move,
    OneOf,
    Ref,
    Remember,
    Rounded,
    Shape,
    Some,
    System,
    num,
)
from arraigo.apps.testplans.generator.model import Not as Neg
from arraigo.apps.testplans.plan import Glossary
from support.system_models import between, equal, gives, less, listed, long, more, needed, system

OPEN, ASSIGN, ASK, ANSWER = "open_ticket", "assign", "ask_customer", "customer_answers"
RESOLVE, REOPEN, CLOSE = "resolve", "reopen", "close"
MATRIX = {"company": (1, 2, 3), "team": (2, 3, 4), "person": (3, 4, 4)}
URGENCIES = ("high", "medium", "low")


def made(glossary: Glossary) -> System:
    """Sections A to E."""
    it = system(
        glossary,
        "none",
        ["queued", "assigned", "waiting", "resolved", "escalated", "closed"],
        impact="choice",
        urgency="choice",
        agreement="choice",
        contact="text",
        agent_level="integer",
        hours="number",
        days_since_resolved="integer",
        rating="integer",
        comment="text?",
    )
    zero = num(0).value
    it.begin |= {"handed": zero, "asked": zero, "reopened": zero, "escalated": False}
    _opening(it)
    _work(it)
    _end(it)
    return it


def _opening(it: System) -> None:
    it.rules += needed("A.1", OPEN, "impact", "urgency", "agreement", "contact")
    it.rules += [
        listed("A.2", OPEN, "impact", *MATRIX),
        listed("A.2", OPEN, "urgency", *URGENCIES),
        listed("A.2", OPEN, "agreement", "gold", "silver", "basic"),
        Check(
            "A.3", (OPEN,), Neg(Shape("contact", r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "e-mail")), "Enter an e-mail address"
        ),
        Move("A.6", (OPEN,), ("none",), "queued"),
    ]
    cells: list[tuple[Condition, Const]] = []
    for impact, row in MATRIX.items():
        for urgency, priority in zip(URGENCIES, row, strict=True):
            cells.append((Every((equal("impact", impact), equal("urgency", urgency))), num(priority)))
    raised = Choose(
        (
            (equal("agreement", "gold"), Binary("max", Binary("-", Ref("matrix"), num(1)), num(1))),
            (equal("agreement", "basic"), Binary("max", Ref("matrix"), num(2))),
        ),
        Ref("matrix"),
    )
    it.rules += [
        gives("A.4", OPEN, Choose(tuple(cells)), "matrix"),
        gives("A.5", OPEN, raised, "priority"),
        gives("A.6", OPEN, Binary("&", Const("P"), Ref("priority"))),
        Remember("A.5", (OPEN,), "level_of", "set", Ref("priority")),
    ]


def _work(it: System) -> None:
    needs = Choose(
        (
            (Compare(Ref("escalated"), "==", Const(True)), num(3)),
            (Compare(Ref("level_of"), "==", num(1)), num(2)),
        ),
        num(1),
    )
    again = OneOf(STATE, ("assigned",))
    it.rules += [*needed("B.2", ASSIGN, "agent_level"), *between("B.2", ASSIGN, "agent_level", 1, 3)]
    it.rules += [
        Check("B.2", (ASSIGN,), Every((Compare(Ref("agent_level"), "<", needs),)), "Agent level too low", rank=1),
        Check(
            "B.3",
            (ASSIGN,),
            Every((again, Compare(Ref("handed"), ">=", num(2)))),
            "Too many hand-overs",
            rank=2,
        ),
        Move("B.1", (ASSIGN,), ("queued", "assigned", "escalated"), "assigned"),
        Remember("B.3", (ASSIGN,), "handed", "plus", num(1), again),
        Move("B.1", (ASK,), ("assigned",), "waiting"),
        Check("B.4", (ASK,), Compare(Ref("asked"), ">=", num(3)), "Customer was asked often enough"),
        Remember("B.4", (ASK,), "asked", "plus", num(1)),
        Move("B.1", (ANSWER,), ("waiting",), "assigned"),
    ]


def _end(it: System) -> None:
    target = Choose(
        tuple((Compare(Ref("level_of"), "==", num(n)), num(hours)) for n, hours in ((1, 4), (2, 8), (3, 24), (4, 72)))
    )
    late = Rounded(Binary("-", Ref("hours"), Ref("target")), "up", Decimal(1))
    credit = Binary("min", Binary("*", Binary("max", late, num(0)), num(5)), num(40))
    it.rules += [*needed("C.1", RESOLVE, "hours"), *between("C.1", RESOLVE, "hours", 0, 2000, kind="number")]
    it.rules += [
        gives("C.2", RESOLVE, target, "target"),
        gives("C.3", RESOLVE, Choose(((equal("open_ticket:agreement", "basic"), num(0)),), credit)),
        Move("C.4", (RESOLVE,), ("assigned",), "resolved"),
    ]
    days, count = "days_since_resolved", Binary("+", Ref("reopened"), num(1))
    third = Compare(count, ">=", num(3))
    it.rules += [*needed("D.1", REOPEN, days), *between("D.1", REOPEN, days, 0, 14, None, "Please open a new ticket")]
    it.rules += [
        Move("D.2", (REOPEN,), ("resolved",), "escalated", third),
        Move("D.2", (REOPEN,), ("resolved",), "queued"),
        Remember("D.2", (REOPEN,), "reopened", "set", count),
        Remember("B.3", (REOPEN,), "handed", "set", num(0)),
        Remember("D.2", (REOPEN,), "escalated", "set", Const(True), third),
        gives("D.2", REOPEN, count),
    ]
    unhappy = Some((Missing("comment"), long("comment", "<", 15)))
    it.rules += [*needed("E.1", CLOSE, "rating"), *between("E.1", CLOSE, "rating", 1, 5)]
    it.rules += [
        Check("E.1", (CLOSE,), Every((Compare(Ref("rating"), "<=", num(2)), unhappy)), "Please tell us why"),
        Check("E.1", (CLOSE,), long("comment", ">", 60), "Comment too long"),
        Move("E.1", (CLOSE,), ("resolved",), "closed"),
    ]


__all__ = ["ALWAYS", "less", "made", "more"]
