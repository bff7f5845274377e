"""A lift: a state table, refusals that are counted, a computed time that hangs on where it is."""

from arraigo.apps.testplans.generator.model import (
    Binary,
    Check,
    Choose,
    Compare,
    Expression,
    Move,
    Not,
    OneOf,
    Ref,
    Remember,
    Shape,
    Strikes,
    System,
    Typed,
    num,
)
from arraigo.apps.testplans.plan import Glossary
from support.system_models import equal, gives, more, needed, system

GO, COME, OPEN, CLOSE = "seleccionarPiso", "llegar", "abrirPuertas", "cerrarPuertas"
ALARM, RESET = "activarAlarma", "restablecer"
FLOORS = tuple(num(n).value for n in (-2, -1, *range(1, 13)))


def _height(name: str) -> Expression:
    return Choose(((Compare(Ref(name), ">", num(0)), Ref(name)),), Binary("+", Ref(name), num(1)))


def made(glossary: Glossary) -> System:
    """Sections 2 and 3."""
    it = system(
        glossary,
        "detenido",
        ["en movimiento", "puertas abiertas", "alarma", "fuera de servicio"],
        piso="integer",
        pesoKg="number",
        obstaculo="flag",
        codigoTecnico="text",
    )
    it.begin |= {"cabina": num(1).value}
    it.rules += [
        Move("T1", (GO,), ("detenido",), "en movimiento"),
        Move("T1", (OPEN,), ("detenido",), "puertas abiertas"),
        Move("T1", (CLOSE,), ("puertas abiertas",), "detenido"),
        Move("T1", (COME,), ("en movimiento",), "puertas abiertas"),
        Move("T1", (ALARM,), ("en movimiento", "puertas abiertas", "detenido"), "alarma"),
        Move("T1", (RESET,), ("alarma",), "detenido"),
    ]
    far = Binary("-", _height("piso"), _height("cabina"))
    far = Binary("max", far, Binary("-", _height("cabina"), _height("piso")))
    slow = Binary("*", Binary("min", Ref("pisos"), num(8)), num(3))
    fast = Binary("*", Binary("max", Binary("-", Ref("pisos"), num(8)), num(0)), num(2))
    it.rules += [
        *needed("RF-01", GO, "piso"),
        Check("RF-01", (GO,), Not(Typed("piso", "integer")), "Piso no válido"),
        Check("RF-01", (GO,), Not(OneOf("piso", FLOORS)), "Piso no válido"),
        Check("RF-02", (GO,), Compare(Ref("piso"), "==", Ref("cabina")), "Ya está en ese piso"),
        gives("RF-03", GO, far, "pisos"),
        gives("RF-04", GO, Binary("+", Binary("+", slow, fast), num(4))),
        Remember("RF-05", (COME,), "cabina", "set", Ref("seleccionarPiso:piso")),
        gives("RF-05", COME, Ref("seleccionarPiso:piso")),
    ]
    blocked = equal("obstaculo", True)
    it.rules += [
        *needed("RF-06", CLOSE, "pesoKg", "obstaculo"),
        Check("RF-06", (CLOSE,), Not(Typed("pesoKg", "number"))),
        Check("RF-06", (CLOSE,), Not(Typed("obstaculo", "flag"))),
        Check("RF-06", (CLOSE,), Compare(Ref("pesoKg"), "<", num(0))),
        Check("RF-07", (CLOSE,), blocked, "Obstáculo en la puerta", rank=1),
        Check("RF-09", (CLOSE,), more("pesoKg", 630), "Sobrepeso", rank=2),
        Strikes("RF-08", (CLOSE,), 3, "alarma", when=blocked, freed=(RESET,)),
    ]
    wrong = Not(Shape("codigoTecnico", "TEC-[0-9]{4}", "código"))
    it.rules += [
        *needed("RF-10", RESET, "codigoTecnico"),
        Check("RF-10", (RESET,), wrong, "Código incorrecto"),
        Strikes("RF-11", (RESET,), 3, "fuera de servicio", when=wrong, freed=(RESET,)),
        Remember("RF-12", (RESET,), "cabina", "set", num(1)),
    ]
    return it
