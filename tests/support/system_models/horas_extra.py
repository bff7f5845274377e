"""Overtime: minutes between clock times, each day once, sums kept with weights."""

from decimal import Decimal

from arraigo.apps.testplans.generator.model import (
    SAME,
    At,
    Binary,
    Check,
    Choose,
    Compare,
    Const,
    Count,
    Every,
    Missing,
    Move,
    Not,
    Ref,
    Remember,
    Rounded,
    Some,
    System,
    Typed,
    num,
)
from arraigo.apps.testplans.plan import Glossary
from support.system_models import between, equal, gives, listed, long, needed, system

RECORD, SEND, APPROVE, RETURN, PAY = (
    "registrar_jornada",
    "enviar_planilla",
    "aprobar_planilla",
    "devolver_planilla",
    "liquidar",
)
DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
TIMES = ("hora_inicio", "hora_fin")


def made(glossary: Glossary) -> System:
    """Chapters 2 to 4."""
    it = system(
        glossary,
        "borrador",
        ["enviada", "aprobada", "liquidada"],
        dia="choice",
        hora_inicio="time",
        hora_fin="time",
        descanso_minutos="integer",
        festivo="flag",
        cargo="choice",
        motivo="text",
        salario_mensual="integer",
    )
    zero = num(0).value
    it.begin |= {"jornadas": zero, "total": zero, "valor": zero, "usado": False}
    _recording(it)
    _approving(it)
    return it


def _recording(it: System) -> None:
    record, rest = (RECORD,), Ref("descanso_minutos")
    it.rules += needed("RF-01", RECORD, "dia", *TIMES, "descanso_minutos", "festivo")
    it.rules += [
        listed("RF-01", RECORD, "dia", *DAYS),
        Check("RF-01", record, Not(Typed("festivo", "flag"))),
        *(Check("RF-02", record, Not(Typed(name, "time"))) for name in TIMES),
        Check("RF-02", record, Compare(Count("hora_fin"), "<=", Count("hora_inicio"))),
        *between("RF-03", RECORD, "descanso_minutos", 0, 120),
        Check("RF-03", record, Compare(rest, ">=", Ref("entre"))),
        Move("RF-04", record, ("borrador",), SAME),
        Check("RF-04", record, Compare(At("usado", Ref("dia")), "==", Const(True)), "Jornada ya registrada", rank=1),
        Check(
            "RF-05",
            record,
            Every((Compare(Ref("entre"), ">", num(360)), Compare(rest, "<", num(30)))),
            "Descanso insuficiente",
            rank=2,
        ),
        Check("RF-06", record, Compare(Ref("extra"), ">", num(120)), "Máximo dos horas extra por día", rank=3),
        Check(
            "RF-06",
            record,
            Compare(Binary("+", Ref("total"), Ref("extra")), ">", num(600)),
            "Máximo semanal superado",
            rank=4,
        ),
        gives("RF-05", RECORD, Binary("-", Count("hora_fin"), Count("hora_inicio")), "entre"),
        gives("RF-06", RECORD, Binary("max", Binary("-", Binary("-", Ref("entre"), rest), num(480)), num(0)), "extra"),
        gives("RF-07", RECORD, Ref("extra")),
        Remember("RF-04", record, "usado", "set", Const(True), key=Ref("dia")),
        Remember("RF-09", record, "jornadas", "plus", num(1)),
        Remember("RF-06", record, "total", "plus", Ref("extra")),
    ]
    late = Binary("max", Binary("-", Count("hora_fin"), num(1260)), num(0))
    split = Binary(
        "+",
        Binary("*", Ref("noche"), num("1.75")),
        Binary("*", Binary("-", Ref("extra"), Ref("noche")), num("1.25")),
    )
    special = Some((equal("dia", "domingo"), equal("festivo", True)))
    paid = Choose(((special, Binary("*", Ref("extra"), num(2))),), split)
    it.rules += [
        gives("RF-13", RECORD, Binary("min", Ref("extra"), late), "noche"),
        Remember("RF-13", record, "valor", "plus", paid),
    ]


def _approving(it: System) -> None:
    it.rules += [
        Check("RF-09", (SEND,), Compare(Ref("jornadas"), "==", num(0)), "Planilla vacía"),
        Move("RF-09", (SEND,), ("borrador",), "enviada"),
        gives("RF-09", SEND, Ref("total")),
    ]
    boss = Every((equal("cargo", "jefe"), Compare(Ref("total"), ">", num(360))))
    bad = Some((Missing("motivo"), long("motivo", "<", 10), long("motivo", ">", 200)))
    it.rules += [
        *needed("RF-10", APPROVE, "cargo"),
        listed("RF-10", APPROVE, "cargo", "jefe", "director"),
        Check("RF-10", (APPROVE,), boss, "Requiere aprobación del director"),
        Move("RF-10", (APPROVE,), ("enviada",), "aprobada"),
        *needed("RF-11", RETURN, "cargo"),
        listed("RF-11", RETURN, "cargo", "jefe", "director"),
        Check("RF-11", (RETURN,), bad, "Motivo no válido"),
        Move("RF-11", (RETURN,), ("enviada",), "borrador"),
    ]
    hour = Binary("/", Ref("salario_mensual"), num(220))
    whole = Binary("/", Binary("*", hour, Ref("valor")), num(60))
    it.rules += [
        *needed("RF-12", PAY, "salario_mensual"),
        *between("RF-12", PAY, "salario_mensual", 1_500_000, 30_000_000),
        Move("RF-12", (PAY,), ("aprobada",), "liquidada"),
        gives("RF-14", PAY, Rounded(whole, "near", Decimal(1))),
    ]
