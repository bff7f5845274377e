"""What depends on what happened before: states, transitions, counts, in the words of other domains."""

from decimal import Decimal

import pytest

from arraigo.apps.testplans.generator.model import Plain, System
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.generator.world import Machine, Outcome
from arraigo.apps.testplans.plan import Glossary, Language, Operation, Place, Requirement

Steps = str  # operations, one after another


def understood(
    texts: list[str], operations: dict[str, list[str]], language: Language = "en", section: str = ""
) -> System:
    requirements = [
        Requirement(id=f"R{n}", text=text, language=language, place=Place(section=section))
        for n, text in enumerate(texts)
    ]
    glossary = Glossary(operations={name: Operation(fields=tuple(fields)) for name, fields in operations.items()})
    return understand(requirements, glossary)


def after(system: System, steps: Steps, inputs: dict[str, Plain] | None = None) -> Outcome:
    """What the last of the steps gives."""
    machine = Machine(system)
    world, outcome = machine.start(), None
    for operation in steps.split():
        fields = {name: (inputs or {}).get(name) for name in system.operations[operation]}
        outcome, world = machine.step(world, operation, fields)
    assert outcome is not None
    return outcome


ORDER: dict[str, list[str]] = {"place_order": [], "ship": [], "cancel": [], "give_back": []}
PROSE = [
    [
        "An order starts as draft.",
        "Placing it makes it open.",
        "An open order can be shipped and is then shipped. An open order can also be cancelled; it becomes cancelled.",
        "Only a shipped order can be given back; it becomes returned.",
        "Nothing else can be done with an order that is cancelled or returned.",
    ],
    [
        "From: draft; Action: place order; To: open; Notes: by the customer.",
        "From: open; Action: ship; To: shipped; Notes: by the store.",
        "From: open; Action: cancel; To: cancelled; Notes: by either.",
        "From: shipped; Action: give back; To: returned; Notes: -.",
        "An order begins as draft. What is not in the table is refused.",
    ],
]


@pytest.mark.parametrize("texts", PROSE, ids=["prose", "table"])
def test_transitions_are_the_same_whichever_way_they_are_written(texts: list[str]) -> None:
    system = understood(texts, ORDER)
    assert after(system, "place_order").state == "open"
    assert after(system, "place_order ship").state == "shipped"
    assert after(system, "place_order cancel").state == "cancelled"
    assert after(system, "place_order ship give_back").accepted is True
    for refused in ("ship", "place_order give_back", "place_order ship cancel", "place_order cancel ship"):
        assert after(system, refused).accepted is False, refused


LOAN: dict[str, list[str]] = {"registrar_prestamo": [], "aprobar": [], "rechazar": [], "desembolsar": []}


@pytest.mark.parametrize(
    "texts",
    [
        [
            "El préstamo nace como «borrador». Al registrarlo queda «solicitado».",
            "Un préstamo solicitado se puede aprobar o rechazar: si se aprueba pasa a «aprobado».",
            "Al rechazarlo pasa a «negado». De «negado» no se sale.",
            "Solo se desembolsan préstamos aprobados; el préstamo queda «vigente».",
        ],
        [
            "Estados de un préstamo: borrador (todavía no hay nada), solicitado, aprobado, negado y vigente.",
            "Al registrar el préstamo queda solicitado.",
            "Un préstamo solicitado se puede aprobar y pasa a aprobado.",
            "Un préstamo solicitado también se puede rechazar; queda negado.",
            "Desembolsar un préstamo aprobado lo deja vigente. Un préstamo negado no se puede desembolsar.",
        ],
    ],
)
def test_spanish_states_quoted_or_listed(texts: list[str]) -> None:
    system = understood(texts, LOAN, "es")
    assert system.initial == "borrador"
    assert after(system, "registrar_prestamo").state == "solicitado"
    assert after(system, "registrar_prestamo aprobar desembolsar").state == "vigente"
    assert after(system, "registrar_prestamo desembolsar").accepted is False
    assert after(system, "registrar_prestamo rechazar desembolsar").accepted is False


def test_a_limit_counts_what_is_taken_and_its_message_may_come_later() -> None:
    system = understood(
        ['A voucher can be renewed at most twice. The third time it is refused with "No more renewals".'], {"renew": []}
    )
    assert after(system, "renew renew").accepted is True
    third = after(system, "renew renew renew")
    assert (third.accepted, third.message) == (False, "No more renewals")


def test_each_value_once() -> None:
    system = understood(
        [
            "El turno es mañana, tarde o noche.",
            "Cada turno se registra una sola vez; un segundo registro del mismo turno se rechaza con «Turno repetido».",
        ],
        {"registrar_turno": ["turno"]},
        "es",
    )
    assert after(system, "registrar_turno", {"turno": "mañana"}).accepted is True
    assert after(system, "registrar_turno registrar_turno", {"turno": "mañana"}).message == "Turno repetido"


def test_a_state_may_come_of_what_is_refused() -> None:
    system = understood(
        [
            "A permit begins as pending.",
            "Checking a pending permit makes it granted.",
            'If the age is more than 90, the check is refused with "Too old" and the permit becomes expired.',
        ],
        {"check": ["age"]},
    )
    refused = after(system, "check", {"age": Decimal(91)})
    assert (refused.accepted, refused.state, refused.message) == (False, "expired", "Too old")


def test_what_has_to_be_done_before() -> None:
    system = understood(
        ['A basket without items cannot be paid: "Nothing to pay".', "The basket is paid."],
        {"add_item": [], "pay": []},
    )
    assert after(system, "pay").message == "Nothing to pay"
    assert after(system, "add_item pay").accepted is True
